"""Returns and advantages as pure functions of arrays. Time is the first axis; further axes are lanes or episodes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


def discounted_sums(values: ArrayLike, ends: ArrayLike, rate: float) -> FloatArray:
    """``y_t = x_t + rate · y_{t+1}``, beginning anew after every end.

    Args:
        values: x, (T, …).
        ends: (T, …), true where nothing of what follows belongs to the same sum.
        rate: in [0, 1].

    Returns:
        y, (T, …) float64.

    Raises:
        ValueError: if the shapes differ.
    """
    sums = np.array(values, dtype=np.float64)
    carried = np.where(np.asarray(ends, dtype=np.bool_), 0.0, float(rate))
    if carried.shape != sums.shape:
        raise ValueError(f"`ends` must have the shape of `values`, {sums.shape}, got {carried.shape}.")
    for t in range(len(sums) - 2, -1, -1):
        sums[t] += carried[t] * sums[t + 1]
    return sums


def discounted_returns(rewards: ArrayLike, discount: float) -> FloatArray:
    """The return from every step of one episode: ``[10, 0, −50]`` at 0.8 gives ``[−22, −40, −50]``.

    Args:
        rewards: (T,).
        discount: γ in [0, 1].
    """
    array = np.asarray(rewards, dtype=np.float64)
    return discounted_sums(array, np.zeros(array.shape, np.bool_), discount)


def normalised_returns(episodes: Sequence[ArrayLike], discount: float) -> list[FloatArray]:
    """Returns of several episodes, less their common mean, divided by their common standard deviation.

    Args:
        episodes: rewards (T_i,) of each.
        discount: γ in [0, 1].
    """
    returns = [discounted_returns(rewards, discount) for rewards in episodes]
    scaled = standardised(np.concatenate(returns))
    return list(np.split(scaled, np.cumsum([len(entry) for entry in returns])[:-1]))


def standardised(values: NDArray[Any]) -> FloatArray:
    """Mean 0 and standard deviation 1 (of the population); all 0 where the values are equal."""
    centred = np.asarray(values, dtype=np.float64) - np.mean(values)
    spread = float(np.std(values))
    return centred / spread if spread > 1e-12 * (1 + float(np.abs(values).max(initial=0))) else np.zeros_like(centred)


def as_they_are(values: NDArray[Any]) -> FloatArray:
    """The values."""
    return np.asarray(values, dtype=np.float64)


def td_errors(rewards: ArrayLike, discounts: ArrayLike, values: ArrayLike, following: ArrayLike) -> FloatArray:
    """``r_t + discount_t · V(s_{t+1}) − V(s_t)``.

    Args:
        rewards: (T, …).
        discounts: (T, …), 0 where the step terminated; γ elsewhere, at a truncation too.
        values: (T, …) of the states before the steps.
        following: (T, …) of the states after them, before any reset.
    """
    arrays = [np.asarray(entry, dtype=np.float64) for entry in (rewards, discounts, values, following)]
    return np.asarray(arrays[0] + arrays[1] * arrays[3] - arrays[2])


SCALES = {"normalised": standardised, "plain": as_they_are}
"""What becomes of the advantages of an update."""
