"""How far computed values can be from the optimum, from what they leave unexplained."""

from __future__ import annotations

import numpy as np

from rlenvs.planning.decisions import Decisions, FloatArray
from rlenvs.planning.linear import largest

UNIT_ROUNDING = 2.0**-53
NEAR = 1e-9
"""Relative distance from the best within which an action may turn out to be optimal."""
ENDS = 1e-9
"""Chance to end from which a row is trusted to make up for what its entry earns."""


def residual(decisions: Decisions, values: FloatArray, discount: float) -> float:
    """Bellman residual: the largest difference between the values and one sweep from them, with its rounding."""
    sweep = decisions.best(decisions.row_values(values, discount))
    width = int(np.diff(decisions.matrix.indptr).max(initial=0)) + 3
    size = float(np.abs(values).max(initial=0.0)) + float(np.abs(decisions.reward).max(initial=0.0))
    return float(np.abs(sweep - values).max()) + width * UNIT_ROUNDING * size


def discounted_error(decisions: Decisions, values: FloatArray, discount: float) -> float:
    """Bound of the sup-norm error: residual / (1 - discount) (Puterman, 1994, theorem 6.3.1)."""
    return residual(decisions, values, discount) / (1 - discount)


def near_optimal_rows(decisions: Decisions, values: FloatArray) -> tuple[Decisions, float]:
    """The rows that may be optimal with discount 1, and the least distance of all others from the best."""
    row_values = decisions.row_values(values, 1.0)
    distance = NEAR * largest(values)
    return decisions.keep(row_values >= decisions.best(row_values)[decisions.state] - distance), distance


def undiscounted_error(
    decisions: Decisions, values: FloatArray, near: tuple[Decisions, float], steps: FloatArray
) -> float:
    """Bound of the sup-norm error with discount 1, for a problem in which every useful policy ends.

    Let h be ``steps``, positive, with h - P h >= c > 0 for every row that may be optimal, and let e be the residual
    divided by c. Then one sweep from values + e h does not rise and one from values - e h does not fall, so the optimum
    lies between the two, and the greedy policies end. The others are too far below the best to matter as long as
    e max(h) is less than their distance, which is checked.

    Returns:
        The bound, infinite where these conditions fail.
    """
    rows, distance = near
    least = float((steps[rows.state] - rows.matrix @ steps).min()) * (1 - 1e-9)
    if not least > 0 or not steps.min() > 0:
        return np.inf
    bound = residual(decisions, values, 1.0) / least * float(steps.max())
    return bound if bound < distance else np.inf


def steps_from_costs(near: Decisions, values: FloatArray) -> FloatArray | None:
    """A function for :func:`undiscounted_error` without further iteration, where every step towards the end costs.

    What is still to be paid counts the steps, if each costs something: ``(constant - values) / least cost``.

    Returns:
        The function (S,); None where some step costs nothing.
    """
    cost = near.matrix @ values - values[near.state]
    leak = 1 - np.asarray(near.matrix.sum(axis=1)).ravel()
    ending = leak > ENDS
    least = float(cost[~ending].min(initial=np.inf))
    if not least > 0:
        return None
    least = min(least, 1.0)
    constant = float(((least - cost[ending]) / leak[ending]).max(initial=-np.inf))
    return (max(constant, float(values.max()) + least) - values) / least
