"""Deep Q-networks in TensorFlow, composed of a network, a target rule, a loss and a replay buffer."""

from rlenvs_agents.dqn.agent import DQN
from rlenvs_agents.dqn.config import DQNConfig, HardTarget, SoftTarget

__all__ = ["DQN", "DQNConfig", "HardTarget", "SoftTarget"]
