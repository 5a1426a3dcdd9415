"""A grid world drawn as strings."""

from rlenvs.envs.grid_world.environment import GridWorld

__all__ = ["GridWorld"]
