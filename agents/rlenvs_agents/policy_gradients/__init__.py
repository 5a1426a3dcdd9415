"""Policy gradients in TensorFlow: REINFORCE and A2C, composed of lanes, a collector, a baseline and one update."""

from rlenvs_agents.callbacks import BestWeights, EarlyStopping, GreedyEpisodes
from rlenvs_agents.policy_gradients.agent import A2C, Reinforce
from rlenvs_agents.policy_gradients.baselines import LearnedBaseline, NoBaseline
from rlenvs_agents.policy_gradients.config import A2CConfig, ReinforceConfig
from rlenvs_agents.policy_gradients.returns import discounted_returns, normalised_returns

__all__ = [
    "A2C",
    "A2CConfig",
    "BestWeights",
    "EarlyStopping",
    "GreedyEpisodes",
    "LearnedBaseline",
    "NoBaseline",
    "Reinforce",
    "ReinforceConfig",
    "discounted_returns",
    "normalised_returns",
]
