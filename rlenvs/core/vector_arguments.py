"""Reads the arguments of a vector environment and of its reset."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any

import numpy as np
from gymnasium.vector import AutoresetMode
from numpy.typing import NDArray

from rlenvs.core.lanes import NO_LIMIT

Seeds = range | list[int | None] | None


def read_num_envs(num_envs: Any) -> int:
    """The number of lanes.

    Raises:
        ValueError: if it is not an integer of at least 1.
    """
    count = _integer(num_envs)
    if count is None or count < 1:
        raise ValueError(f"`num_envs` must be an integer of at least 1, got {num_envs!r}.")
    return count


def read_mode(mode: Any) -> AutoresetMode:
    """The autoreset mode, of the enumeration or by its value or name.

    Raises:
        ValueError: if there is none like it.
    """
    for known in AutoresetMode:
        if mode in (known, known.value, known.name):
            return known
    names = ", ".join(f"AutoresetMode.{known.name}" for known in AutoresetMode)
    raise ValueError(f"`autoreset_mode` must be one of {names} (from gymnasium.vector), got {mode!r}.")


def read_time_limit(max_episode_steps: Any) -> int:
    """Steps after which an episode is truncated.

    Raises:
        ValueError: if it is neither None, nor -1, nor an integer of at least 1.
    """
    limit = -1 if max_episode_steps is None else _integer(max_episode_steps)
    if limit is None or limit < -1 or limit == 0:
        raise ValueError(
            "`max_episode_steps` must be an integer of at least 1, or None or -1 for no limit, "
            f"got {max_episode_steps!r}."
        )
    return NO_LIMIT if limit == -1 else limit


def refuse_wrappers(arguments: Mapping[str, Any]) -> None:
    """Refuse what only Gymnasium's own vector environments can do.

    Raises:
        TypeError: if wrappers are given.
    """
    for name in ("wrappers", "vector_kwargs"):
        if name in arguments:
            raise TypeError(
                f"`{name}` is not taken: the lanes are no environments that could be wrapped. Use the wrappers of "
                '`gymnasium.wrappers.vector`, or gym.make_vec(..., vectorization_mode="sync", wrappers=[...]).'
            )


def read_reset(seed: Any, options: Mapping[str, Any] | None, num_envs: int) -> tuple[Seeds, NDArray[np.bool_] | None]:
    """The seed of each lane and the lanes to be reset; None: no seeds, all lanes.

    Raises:
        ValueError: if a length, shape or value is wrong.
        TypeError: if a type is wrong.
    """
    return _seeds(seed, num_envs), _mask((options or {}).get("reset_mask"), num_envs)


def _seeds(seed: Any, num_envs: int) -> Seeds:
    if seed is None:
        return None
    first = _integer(seed)
    if first is not None:
        return range(_checked(seed), first + num_envs)
    if isinstance(seed, (str, bytes)) or not hasattr(seed, "__len__"):
        raise TypeError(f"`seed` must be None, an integer, or a list of {num_envs} of them, got {seed!r}.")
    if len(seed) != num_envs:
        raise ValueError(f"`seed` must have one entry for each of the {num_envs} lanes, got {len(seed)}.")
    return [None if one is None else _checked(one) for one in seed]


def _checked(seed: Any) -> int:
    number = _integer(seed)
    if number is None or number < 0:
        raise ValueError(f"`seed` must be made of integers of at least 0, got {seed!r}.")
    return number


def _mask(mask: Any, num_envs: int) -> NDArray[np.bool_] | None:
    if mask is None:
        return None
    if not isinstance(mask, np.ndarray) or mask.dtype != np.bool_:
        raise TypeError(f"`options['reset_mask']` must be a NumPy array of bool, got {mask!r}.")
    if mask.shape != (num_envs,):
        raise ValueError(f"`options['reset_mask']` must have shape ({num_envs},), got {mask.shape}.")
    if not np.count_nonzero(mask):
        raise ValueError("`options['reset_mask']` must choose at least one lane, got none.")
    return mask.copy()  # contiguous, and ours


def _integer(value: Any) -> int | None:
    """The value as an int; None if it is no integer. A bool is none."""
    if isinstance(value, (bool, np.bool_)):
        return None
    try:
        return operator.index(value)
    except TypeError:
        return None
