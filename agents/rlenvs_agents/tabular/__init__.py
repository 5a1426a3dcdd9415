"""Agents that keep one number per observation and action."""

from rlenvs_agents.tabular.q_learning import QLearning, QLearningConfig
from rlenvs_agents.tabular.table import QTable

__all__ = ["QLearning", "QLearningConfig", "QTable"]
