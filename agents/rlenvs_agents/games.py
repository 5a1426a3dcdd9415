"""What the infos of a step tell: what it was worth in the game itself, whatever wrappers made of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, SupportsFloat

import numpy as np
from numpy.typing import NDArray

RAW_REWARD, GAME_OVER = "raw_reward", "game_over"


def true_reward(info: Mapping[str, Any], reward: SupportsFloat) -> float:
    """The reward before any shaping or clipping, where a wrapper tells; else the reward.

    Args:
        info: of the step.
        reward: of the step.
    """
    return float(info.get(RAW_REWARD, reward))


def game_over(info: Mapping[str, Any], over: bool) -> bool:  # noqa: FBT001  # as step gives it
    """Whether the game is over: where a wrapper makes an episode of each life, not at every end of an episode.

    Args:
        info: of the step.
        over: whether the step ended an episode.
    """
    return bool(over) and bool(info.get(GAME_OVER, True))


def ended_in_reset(info: Mapping[str, Any]) -> bool:
    """Whether a game has ended while the next episode was begun, in moves that a wrapper plays.

    Args:
        info: of the reset.
    """
    return bool(info.get(GAME_OVER, False))


def told(infos: Mapping[str, Any], name: str, otherwise: NDArray[Any]) -> NDArray[Any]:
    """What the infos of a vector environment's step tell by a name.

    Where an episode ended and the next has begun in the same step, that of the episode that ended.

    Args:
        infos: of the step, with a mask ``_name`` beside each ``name``.
        name: of what is told.
        otherwise: (n, …), for lanes that tell nothing.

    Returns:
        (n, …), of the type of ``otherwise``.
    """
    found = otherwise
    for part in (infos, infos.get("final_info", {})):
        if name in part:
            found = mixed(part[f"_{name}"], np.asarray(part[name], found.dtype), found)
    return found


def mixed(where: NDArray[np.bool_], these: NDArray[Any], others: NDArray[Any]) -> NDArray[Any]:
    """These rows (n, …) in the lanes where (n,) it is true, the others elsewhere."""
    return np.where(np.reshape(where, (-1, *[1] * (others.ndim - 1))), these, others)
