"""Agents that keep one number per observation and action."""

from rlenvs_agents.tabular.control import TabularConfig
from rlenvs_agents.tabular.evaluators import MonteCarlo, TemporalDifference
from rlenvs_agents.tabular.prediction import Prediction, PredictionConfig
from rlenvs_agents.tabular.q_learning import DoubleQLearning, QLearning, QLearningConfig
from rlenvs_agents.tabular.sarsa import ExpectedSarsa, Sarsa, SarsaConfig
from rlenvs_agents.tabular.table import QTable
from rlenvs_agents.tabular.tile_coding import TileCoding

__all__ = [
    "DoubleQLearning",
    "ExpectedSarsa",
    "MonteCarlo",
    "Prediction",
    "PredictionConfig",
    "QLearning",
    "QLearningConfig",
    "QTable",
    "Sarsa",
    "SarsaConfig",
    "TabularConfig",
    "TemporalDifference",
    "TileCoding",
]
