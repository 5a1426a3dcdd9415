"""Agents beside each other: the same environments, steps and seeds, one evaluator, one table."""

from rlenvs_agents.comparison.compare import compare
from rlenvs_agents.comparison.outcome import Comparison

__all__ = ["Comparison", "compare"]
