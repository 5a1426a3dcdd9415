"""A Markov chain to watch."""

from rlenvs.envs.markov_chain.environment import MarkovChain

__all__ = ["MarkovChain"]
