"""A finite Markov decision process to play."""

from rlenvs.envs.mdp.environment import MDP

__all__ = ["MDP"]
