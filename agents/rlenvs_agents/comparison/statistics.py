"""Means over seeds, and how far they can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CONFIDENCE = 0.95
RESAMPLES = 2000
METHOD = f"{CONFIDENCE:.0%} percentile bootstrap over seeds, {RESAMPLES} resamples (scipy.stats.bootstrap)"


@dataclass(frozen=True)
class Mean:
    """A mean over n seeds, with its interval; None where n is 1."""

    mean: float
    low: float | None
    high: float | None
    n: int


def mean_of(values: Sequence[float]) -> Mean | None:
    """The mean of some values with its interval; None where there are none."""
    if not values:
        return None
    array = np.asarray(values, dtype=np.float64)
    if array.size == 1:
        return Mean(float(array[0]), None, None, 1)
    low, high = interval(array[:, None])
    return Mean(float(array.mean()), float(low[0]), float(high[0]), int(array.size))


def interval(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Intervals of the means of the columns.

    Args:
        values: (n seeds, m), n at least 2.

    Returns:
        Lower and upper ends, (m,) each. The resamples are the same in every call.
    """
    if not np.isfinite(values).all():
        return values.mean(axis=0), values.mean(axis=0)
    from scipy.stats import bootstrap

    result = bootstrap(
        (values,),
        np.mean,
        axis=0,
        confidence_level=CONFIDENCE,
        n_resamples=RESAMPLES,
        method="percentile",
        rng=np.random.default_rng(0),
    )
    return np.asarray(result.confidence_interval.low), np.asarray(result.confidence_interval.high)
