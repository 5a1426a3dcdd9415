"""BiCGSTAB for the linear system of a large chain, preconditioned in the order of its states."""

from __future__ import annotations

from typing import Any

import numpy as np

from rlenvs.planning.decisions import Decisions, FloatArray

ITERATION_LIMIT = 100


def correction(chain: Decisions, discount: float, gap: FloatArray, small: float) -> FloatArray | None:
    """Solve ``(I - discount * P) x = gap`` until the rest is at most ``small`` in the sup norm.

    Returns:
        The best x found within the limit of iterations, (S,); None if none leaves less than half of the gap.

    van der Vorst, Bi-CGSTAB (1992); the preconditioner is DILU, Pommerell's thesis (1992).
    """
    from rlenvs.planning.kernels import pivots, precondition

    matrix = chain.matrix
    arrays = (matrix.indptr, matrix.indices, matrix.data, discount)
    diagonal = pivots(*arrays)
    solution: FloatArray = np.zeros_like(gap)
    best: FloatArray | None = None
    least = 0.5 * float(np.abs(gap).max())
    rest, shadow = gap.copy(), gap.copy()
    direction, image = np.zeros_like(gap), np.zeros_like(gap)
    # NumPy numbers, so that a denominator of 0 gives no error but nan, which ends the iteration.
    rho: Any = np.float64(1)
    alpha: Any = np.float64(1)
    omega: Any = np.float64(1)
    with np.errstate(all="ignore"):
        for _ in range(ITERATION_LIMIT):
            rho, before = shadow @ rest, rho
            direction = rest + (rho / before) * (alpha / omega) * (direction - omega * image)
            move = precondition(*arrays, diagonal, direction)
            image = move - discount * (matrix @ move)
            alpha = rho / (shadow @ image)
            rest = rest - alpha * image
            if float(np.abs(rest).max()) <= small:
                best = solution + alpha * move
                break
            second = precondition(*arrays, diagonal, rest)
            second_image = second - discount * (matrix @ second)
            omega = (second_image @ rest) / (second_image @ second_image)
            solution = solution + alpha * move + omega * second
            rest = rest - omega * second_image
            left = float(np.abs(rest).max())
            if not np.isfinite(left):
                break
            if left < least:
                least, best = left, solution
            if left <= small or omega == 0 or rho == 0:
                break
    return best
