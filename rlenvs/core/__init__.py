"""The engine: finite MDPs as data, chance as an argument, the environments that read them. It names no environment."""

from rlenvs.core.finite_mdp import FiniteMDP, Outcomes

__all__ = ["FiniteMDP", "Outcomes"]
