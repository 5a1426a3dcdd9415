"""Imitation: a network learns to do what a given policy does."""

from rlenvs_agents.imitation.agent import Imitation
from rlenvs_agents.imitation.config import ImitationConfig

__all__ = ["Imitation", "ImitationConfig"]
