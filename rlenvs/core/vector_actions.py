"""The check of the actions of all lanes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from rlenvs.core.actions import InvalidActionError, checked_action

ActionArray = NDArray[np.int64]
INT64 = np.dtype(np.int64)


def checked_actions(actions: Any, ended: NDArray[np.bool_], meanings: Sequence[str]) -> ActionArray:
    """The actions as a contiguous int64 array (n,); whether they are in range is left to the compiled loop.

    Args:
        actions: what the user gave.
        ended: lanes that are being reset (n,): their action may be anything.
        meanings: one word per action.

    Raises:
        InvalidActionError: if the shape is wrong, or a lane's action is no integer.
    """
    n = len(ended)
    if actions.__class__ is np.ndarray and actions.dtype is INT64 and actions.shape == (n,) and actions.flags.carray:
        return actions
    if isinstance(actions, np.ndarray):
        shape: tuple[Any, ...] = actions.shape
    else:
        shape = (len(actions),) if hasattr(actions, "__len__") else ()
    if shape != (n,):
        raise InvalidActionError(
            f"`actions` must hold one action for each of the {n} lanes, shape ({n},), got {actions!r} "
            f"of shape {shape}; no lane has moved."
        )
    if isinstance(actions, np.ndarray) and actions.dtype.kind in "iu" and actions.dtype != np.uint64:
        return actions.astype(np.int64)
    return np.array([0 if over else _one(lane, actions[lane], meanings) for lane, over in enumerate(ended)], np.int64)


def _one(lane: int, action: Any, meanings: Sequence[str]) -> int:
    try:
        return checked_action(action, meanings)
    except InvalidActionError:
        raise _invalid(lane, action, meanings) from None


def _invalid(lane: int, action: Any, meanings: Sequence[str]) -> InvalidActionError:
    words = ", ".join(f"{index} {word}" for index, word in enumerate(meanings[:8]))
    return InvalidActionError(
        f"`actions[{lane}]` must be an integer 0 … {len(meanings) - 1} ({words}{', …' if len(meanings) > 8 else ''}), "
        f"got {action!r}; no lane has moved."
    )


def refusal(lane: int, actions: ActionArray, ended: NDArray[np.bool_], meanings: Sequence[str]) -> Exception:
    """Why the compiled loop has refused to step a lane."""
    if ended[lane]:
        return gym.error.ResetNeeded(
            f"Lane {lane} has ended; reset it first: reset(options={{'reset_mask': terminated | truncated}}). "
            "No lane has moved."
        )
    return _invalid(lane, int(actions[lane]), meanings)
