"""Snake."""

from rlenvs.envs.snake.environment import Snake

__all__ = ["Snake"]
