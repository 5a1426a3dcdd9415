"""Agents that learn rlenvs' environments, others with finitely many actions too, and are measured against the truth.

``from rlenvs_agents import QLearning, DQN``: what an agent needs is imported when its name is asked for.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rlenvs_agents.agent import Agent
    from rlenvs_agents.algorithms import ALGORITHMS, Algorithm, algorithm
    from rlenvs_agents.callbacks import BestWeights, EarlyStopping, Evaluating
    from rlenvs_agents.checkpoints import CheckpointPlan
    from rlenvs_agents.comparison import Comparison, compare
    from rlenvs_agents.dqn import DQN, DQNConfig
    from rlenvs_agents.evaluation import Evaluation, Exact, Truth, evaluate
    from rlenvs_agents.exploration import EpsilonGreedy, RandomExploration
    from rlenvs_agents.imitation import Demonstrations, Imitation, ImitationConfig
    from rlenvs_agents.notebook import NotebookBar
    from rlenvs_agents.planners import PlannerConfig, PolicyIteration, ValueIteration
    from rlenvs_agents.policy_gradients import (
        A2C,
        A2CConfig,
        GreedyEpisodes,
        LearnedBaseline,
        NoBaseline,
        Reinforce,
        ReinforceConfig,
    )
    from rlenvs_agents.policy_search import Genetic, HillClimbing, PolicySearch, PolicySearchConfig, RandomSearch
    from rlenvs_agents.random_agent import RandomAgent, RandomConfig
    from rlenvs_agents.reporting import Every, Snapshot
    from rlenvs_agents.run_folder import load_policy
    from rlenvs_agents.sb3 import SB3A2C, SB3DQN, SB3PPO, SB3QRDQN, SB3Config, SB3MaskablePPO
    from rlenvs_agents.sb3.vec_env import sb3_vec_env
    from rlenvs_agents.schedules import Constant, Exponential, Inverse, Linear, Logarithmic
    from rlenvs_agents.tabular import (
        DoubleQLearning,
        ExpectedSarsa,
        MonteCarlo,
        Prediction,
        PredictionConfig,
        QLearning,
        QLearningConfig,
        Sarsa,
        SarsaConfig,
        TabularConfig,
        TemporalDifference,
        TileCoding,
    )
    from rlenvs_agents.training import TrainedRun, resume, train

_HOME = {
    "agent": ("Agent",),
    "algorithms": ("ALGORITHMS", "Algorithm", "algorithm"),
    "callbacks": ("BestWeights", "EarlyStopping", "Evaluating"),
    "checkpoints": ("CheckpointPlan",),
    "comparison": ("Comparison", "compare"),
    "dqn": ("DQN", "DQNConfig"),
    "evaluation": ("Evaluation", "Exact", "Truth", "evaluate"),
    "exploration": ("EpsilonGreedy", "RandomExploration"),
    "imitation": ("Demonstrations", "Imitation", "ImitationConfig"),
    "notebook": ("NotebookBar",),
    "planners": ("PlannerConfig", "PolicyIteration", "ValueIteration"),
    "policy_gradients": (
        "A2C",
        "A2CConfig",
        "GreedyEpisodes",
        "LearnedBaseline",
        "NoBaseline",
        "Reinforce",
        "ReinforceConfig",
    ),
    "policy_search": (
        "Genetic",
        "HillClimbing",
        "PolicySearch",
        "PolicySearchConfig",
        "RandomSearch",
    ),
    "random_agent": ("RandomAgent", "RandomConfig"),
    "reporting": ("Every", "Snapshot"),
    "run_folder": ("load_policy",),
    "sb3": ("SB3A2C", "SB3DQN", "SB3PPO", "SB3QRDQN", "SB3Config", "SB3MaskablePPO", "sb3_vec_env"),
    "schedules": (
        "Constant",
        "Exponential",
        "Inverse",
        "Linear",
        "Logarithmic",
    ),
    "tabular": (
        "DoubleQLearning",
        "ExpectedSarsa",
        "MonteCarlo",
        "Prediction",
        "PredictionConfig",
        "QLearning",
        "QLearningConfig",
        "Sarsa",
        "SarsaConfig",
        "TabularConfig",
        "TemporalDifference",
        "TileCoding",
    ),
    "training": ("TrainedRun", "resume", "train"),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = [  # names of the table above
    "A2C",
    "ALGORITHMS",
    "DQN",
    "SB3A2C",
    "SB3DQN",
    "SB3PPO",
    "SB3QRDQN",
    "A2CConfig",
    "Agent",
    "Algorithm",
    "BestWeights",
    "CheckpointPlan",
    "Comparison",
    "Constant",
    "DQNConfig",
    "Demonstrations",
    "DoubleQLearning",
    "EarlyStopping",
    "EpsilonGreedy",
    "Evaluating",
    "Evaluation",
    "Every",
    "Exact",
    "ExpectedSarsa",
    "Exponential",
    "Genetic",
    "GreedyEpisodes",
    "HillClimbing",
    "Imitation",
    "ImitationConfig",
    "Inverse",
    "LearnedBaseline",
    "Linear",
    "Logarithmic",
    "MonteCarlo",
    "NoBaseline",
    "NotebookBar",
    "PlannerConfig",
    "PolicyIteration",
    "PolicySearch",
    "PolicySearchConfig",
    "Prediction",
    "PredictionConfig",
    "QLearning",
    "QLearningConfig",
    "RandomAgent",
    "RandomConfig",
    "RandomExploration",
    "RandomSearch",
    "Reinforce",
    "ReinforceConfig",
    "SB3Config",
    "SB3MaskablePPO",
    "Sarsa",
    "SarsaConfig",
    "Snapshot",
    "TabularConfig",
    "TemporalDifference",
    "TileCoding",
    "TrainedRun",
    "Truth",
    "ValueIteration",
    "algorithm",
    "compare",
    "evaluate",
    "load_policy",
    "resume",
    "sb3_vec_env",
    "train",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_MODULE_OF])
