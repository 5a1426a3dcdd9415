"""The rules, stated once: plain functions of the dive, the action and chance.

A dive is a row of two whole numbers: the depth, and the pearls in the bag. The single environment plays on a list, the
vector environment on the rows of an array, compiled: so write what Numba understands, and make no arrays here. Chance
``u`` is a number from 0 to 1, drawn by the engine, one per reset and one per step.
"""

from typing import Any

from pearl_dive.actions import DOWN, GRAB, UP

DEPTH, PEARLS = 0, 1  # places in the row
SWEPT_AWAY = -1  # the depth of a diver who is lost

DEEPEST, BAG = 5, 3
FIND = (0.0, 0.1, 0.25, 0.45, 0.6, 0.7)  # chance of a pearl, by depth
PRICES = (0.0, 1.0, 3.0, 6.0)  # of 0 … 3 pearls: a set is worth more than its parts
RESCUE = -2.0
NEAR = 0.75  # chance that the jump ends at depth 1, not 2


def jump(dive: Any, u: float) -> None:
    """Begin."""
    dive[DEPTH] = 1 if u < NEAR else 2
    dive[PEARLS] = 0


def move(dive: Any, action: int, danger: float, u: float) -> tuple[float, bool]:
    """Change the dive by one action; return reward, and whether it is over."""
    depth = dive[DEPTH]
    if u < danger * depth:
        dive[DEPTH], dive[PEARLS] = SWEPT_AWAY, 0
        return RESCUE, True
    if action == GRAB:
        if dive[PEARLS] < BAG and u >= 1 - FIND[depth]:
            dive[PEARLS] += 1
    elif action == DOWN:
        dive[DEPTH] = min(depth + 1, DEEPEST)
    elif action == UP:
        dive[DEPTH] = depth - 1
        if depth == 1:
            return PRICES[dive[PEARLS]], True
    return 0.0, False
