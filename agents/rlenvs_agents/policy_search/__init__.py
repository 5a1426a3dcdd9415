"""Policies without values: written by hand, or searched for."""

from rlenvs_agents.policy_search.agent import PolicySearch, PolicySearchConfig
from rlenvs_agents.policy_search.hand_written import cart_pole_lean, mountain_car_momentum
from rlenvs_agents.policy_search.strategies import Genetic, HillClimbing, RandomSearch

__all__ = [
    "Genetic",
    "HillClimbing",
    "PolicySearch",
    "PolicySearchConfig",
    "RandomSearch",
    "cart_pole_lean",
    "mountain_car_momentum",
]
