"""Means over seeds, interquartile means over runs, chances to be better; and how far each can be trusted.

The measures are those of Agarwal et al. (2021), "Deep reinforcement learning at the edge of the statistical precipice".
Intervals come from SciPy's bootstrap. Where runs belong to several environments the resampling is stratified: runs are
drawn anew within each environment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

CONFIDENCE = 0.95
RESAMPLES = 2000
METHOD = f"{CONFIDENCE:.0%} percentile bootstrap over seeds, {RESAMPLES} resamples (scipy.stats.bootstrap)"
TRIM = 0.25
"""The part that an interquartile mean leaves out at either end."""


@dataclass(frozen=True)
class Mean:
    """A figure over n runs, with its interval; the interval is None where an environment has one run."""

    mean: float  # infinite where one of them is
    low: float | None
    high: float | None
    n: int


def mean_of(values: Sequence[float]) -> Mean | None:
    """The mean of some values with its interval; None where there are none."""
    if not values:
        return None
    array = np.asarray(values, dtype=np.float64)
    if array.size == 1 or not np.isfinite(array).all():
        return Mean(float(array.mean()), None, None, int(array.size))
    low, high = interval(array[:, None])
    return Mean(float(array.mean()), float(low[0]), float(high[0]), int(array.size))


def interval(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Intervals of the means of the columns.

    Args:
        values: (n seeds, m), n at least 2.

    Returns:
        Lower and upper ends, (m,) each. The resamples are the same in every call.
    """
    if not np.isfinite(values).all():
        return values.mean(axis=0), values.mean(axis=0)
    return _bootstrap([values], np.mean, RESAMPLES)


def iqm(values: ArrayLike, axis: int = 0) -> FloatArray:
    """The interquartile mean: the mean of what is left without the lowest and the highest quarter (rounded down).

    Of fewer than four values it is their mean.
    """
    from scipy.stats import trim_mean

    return np.asarray(trim_mean(np.asarray(values, dtype=np.float64), TRIM, axis=axis))


def iqm_of(scores: Sequence[ArrayLike], *, resamples: int = RESAMPLES) -> Mean | None:
    """The interquartile mean of the scores of all runs together, with its interval; None where there are none.

    Args:
        scores: for each environment those of its runs; the numbers of runs may differ.
        resamples: of the bootstrap.
    """
    parts = [np.asarray(part, dtype=np.float64) for part in scores]
    if not parts or any(part.size == 0 for part in parts):
        return None
    n = sum(part.size for part in parts)
    middle = float(iqm(np.concatenate(parts)))
    if any(part.size < 2 or not np.isfinite(part).all() for part in parts):
        return Mean(middle, None, None, n)
    low, high = _bootstrap(parts, _iqm_of_all, resamples)
    return Mean(middle, float(low), float(high), n)


def iqm_curve(parts: Sequence[FloatArray]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Interquartile means along learning curves.

    Args:
        parts: for each environment its runs, (n runs, m points).

    Returns:
        The means and the ends of their intervals, (m,) each; without an interval all three are the same.
    """
    middle = iqm(np.concatenate(parts), axis=0)
    if any(len(part) < 2 for part in parts) or not all(np.isfinite(part).all() for part in parts):
        return middle, middle, middle
    return (middle, *_bootstrap(parts, _iqm_of_all, RESAMPLES))


def improvement_of(
    ours: Sequence[ArrayLike], theirs: Sequence[ArrayLike], *, resamples: int = RESAMPLES
) -> Mean | None:
    """The chance that a run of one algorithm is better than a run of another in the same environment.

    The mean over environments of the Mann-Whitney statistic; equal scores count half.

    Args:
        ours: for each environment the scores of the runs of the one.
        theirs: those of the other, environments in the same order.
        resamples: of the bootstrap.

    Returns:
        The chance, with its interval; None where an environment has no run.
    """
    x, y = ([np.asarray(part, dtype=np.float64) for part in parts] for parts in (ours, theirs))
    if not x or any(part.size == 0 for part in (*x, *y)):
        return None
    n = sum(part.size for part in x)
    chance = float(_chance(*x, *y))
    if any(part.size < 2 for part in (*x, *y)):
        return Mean(chance, None, None, n)
    low, high = _bootstrap([*x, *y], _chance, resamples)
    return Mean(chance, float(low), float(high), n)


def _bootstrap(parts: Sequence[FloatArray], statistic: Callable[..., Any], resamples: int) -> tuple[Any, Any]:
    """Percentile intervals along the first axis of all parts, each of which is resampled by itself."""
    from scipy.stats import bootstrap

    result = bootstrap(
        tuple(parts),
        statistic,
        axis=0,
        confidence_level=CONFIDENCE,
        n_resamples=resamples,
        method="percentile",
        vectorized=True,
        rng=np.random.default_rng(0),
    )
    return np.asarray(result.confidence_interval.low), np.asarray(result.confidence_interval.high)


def _iqm_of_all(*parts: FloatArray, axis: int = 0) -> FloatArray:
    return iqm(np.concatenate(parts, axis=axis), axis=axis)


def _chance(*parts: FloatArray, axis: int = 0) -> FloatArray:
    """Of the first half of the parts against the second half."""
    half = len(parts) // 2
    chances = []
    for ours, theirs in zip(parts[:half], parts[half:], strict=True):
        x = np.expand_dims(np.moveaxis(ours, axis, -1), -1)
        y = np.expand_dims(np.moveaxis(theirs, axis, -1), -2)
        chances.append(((x > y) + 0.5 * (x == y)).mean(axis=(-2, -1)))
    return np.asarray(np.mean(chances, axis=0))
