"""Agents beside each other: the same environment, steps and seeds, one evaluator, one table."""

from rlenvs_agents.comparison.compare import Comparison, compare

__all__ = ["Comparison", "compare"]
