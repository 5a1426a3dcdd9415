"""Deep Q-networks in TensorFlow, composed of a network, a target rule, a loss, an optimiser and a replay memory."""

from rlenvs_agents.dqn.agent import DQN
from rlenvs_agents.dqn.config import DQNConfig, HardTarget, SoftTarget
from rlenvs_agents.dqn.optimisers import Adam, RMSProp

__all__ = ["DQN", "Adam", "DQNConfig", "HardTarget", "RMSProp", "SoftTarget"]
