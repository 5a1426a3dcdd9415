"""The one check of an action, and the keys that stand for the usual actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gymnasium as gym
import numpy as np

# SDL's codes of the arrow keys, as `pygame.K_UP` …; stated here so that pygame need not be imported.
UP_KEY, DOWN_KEY, LEFT_KEY, RIGHT_KEY = 1073741906, 1073741905, 1073741904, 1073741903

MOVES = ("UP", "DOWN", "LEFT", "RIGHT")
MOVE_KEYS: dict[tuple[int | str, ...], int] = {
    (UP_KEY,): 0,
    (DOWN_KEY,): 1,
    (LEFT_KEY,): 2,
    (RIGHT_KEY,): 3,
}


class InvalidActionError(gym.error.InvalidAction, ValueError):
    """The action is not in the action space; nothing has changed."""


def digit_keys(n_actions: int) -> dict[tuple[int | str, ...], int]:
    """Keys "0" … "9" for the first ten actions."""
    return {(str(action),): action for action in range(min(n_actions, 10))}


def checked_action(action: Any, meanings: Sequence[str]) -> int:
    """Return ``action`` as a plain int.

    Python and NumPy integers and NumPy integer arrays without a dimension are taken.

    Raises:
        InvalidActionError: if it is not an integer or not in range.
    """
    value = action
    if isinstance(value, np.ndarray) and value.shape == () and np.issubdtype(value.dtype, np.integer):
        value = value.item()
    if isinstance(value, (int, np.integer)) and 0 <= int(value) < len(meanings):
        return int(value)
    words = ", ".join(f"{index} {word}" for index, word in enumerate(meanings[:8]))
    raise InvalidActionError(
        f"`action` must be an integer 0 … {len(meanings) - 1} ({words}{', …' if len(meanings) > 8 else ''}), "
        f"got {action!r}; the environment has not moved."
    )
