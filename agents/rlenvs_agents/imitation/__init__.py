"""Imitation: a network learns to do what a given policy does, or what was recorded."""

from rlenvs_agents.imitation.agent import Imitation
from rlenvs_agents.imitation.config import ImitationConfig
from rlenvs_agents.imitation.demonstrations import Demonstrations

__all__ = ["Demonstrations", "Imitation", "ImitationConfig"]
