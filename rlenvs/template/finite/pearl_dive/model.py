"""The rules, stated once: what can happen after each action, and how likely it is.

A dive is (depth, pearls in the bag). At depth 0 the diver is back in the boat.
"""

import numpy as np
from rlenvs.core import FiniteMDP

from pearl_dive.actions import DOWN, GRAB, UP

DEEPEST, BAG = 5, 3
FIND = (0.0, 0.1, 0.25, 0.45, 0.6, 0.7)  # chance of a pearl, by depth
PRICES = (0.0, 1.0, 3.0, 6.0)  # of 0 … 3 pearls: a set is worth more than its parts
RESCUE = -2.0

LOST = 0
N_STATES = 1 + (DEEPEST + 1) * (BAG + 1)
STARTS = {1: 0.75, 2: 0.25}  # depth after the jump -> probability

Outcome = tuple[float, int, float]


def state_of(depth: int, pearls: int) -> int:
    """The number of a state; :data:`LOST` is the one besides."""
    return 1 + depth * (BAG + 1) + pearls


def dive_of(state: int) -> tuple[int, int]:
    """Depth and pearls of a state."""
    return (0, 0) if state == LOST else divmod(state - 1, BAG + 1)


def outcomes(depth: int, pearls: int, action: int, danger: float) -> list[Outcome]:
    """What can happen: (probability, next state, reward), at a depth of 1 or more."""
    swept = danger * depth
    if action == GRAB and pearls < BAG:
        found = FIND[depth]
        return [
            (swept, LOST, RESCUE),
            (1 - swept - found, state_of(depth, pearls), 0.0),
            (found, state_of(depth, pearls + 1), 0.0),
        ]
    if action == UP:
        depth -= 1
    elif action == DOWN:
        depth = min(depth + 1, DEEPEST)
    return [(swept, LOST, RESCUE), (1 - swept, state_of(depth, pearls), PRICES[pearls] if depth == 0 else 0.0)]


def model(danger: float) -> FiniteMDP:
    """The game as data.

    Args:
        danger: chance to be swept away, per level of depth and step; at most 0.05.

    Raises:
        ValueError: if it is something else.
    """
    if not isinstance(danger, (int, float)) or not 0 <= danger <= 0.05:
        raise ValueError(f"`danger` must be a number from 0 to 0.05, got {danger!r}.")
    transition = np.zeros((N_STATES, 3, N_STATES))
    reward = np.zeros((N_STATES, 3, N_STATES))
    for depth in range(1, DEEPEST + 1):
        for pearls in range(BAG + 1):
            for action in (DOWN, UP, GRAB):
                for probability, following, gain in outcomes(depth, pearls, action, danger):
                    transition[state_of(depth, pearls), action, following] = probability
                    reward[state_of(depth, pearls), action, following] = gain
    start = np.zeros(N_STATES)
    for depth, probability in STARTS.items():
        start[state_of(depth, 0)] = probability
    return FiniteMDP(transition, reward, start=start, terminal=[LOST, *(state_of(0, n) for n in range(BAG + 1))])
