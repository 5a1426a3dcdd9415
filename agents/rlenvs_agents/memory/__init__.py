"""Replay memory, by composition: how observations are kept, how transitions are drawn, how many steps they span."""

from rlenvs_agents.memory.limits import available, require
from rlenvs_agents.memory.replay import ReplayMemory
from rlenvs_agents.memory.samplers import Prioritised, Sampler, Uniform
from rlenvs_agents.memory.stores import Frames, Store, Whole
from rlenvs_agents.memory.sum_tree import SumTree
from rlenvs_agents.memory.transitions import Sample, Transitions

__all__ = [
    "Frames",
    "Prioritised",
    "ReplayMemory",
    "Sample",
    "Sampler",
    "Store",
    "SumTree",
    "Transitions",
    "Uniform",
    "Whole",
    "available",
    "require",
]
