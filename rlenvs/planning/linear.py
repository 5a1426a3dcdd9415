"""Linear systems of policy evaluation, solved directly and refined once."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.linalg import LinAlgWarning, lu_factor, lu_solve
from scipy.sparse import csc_array, csr_array, eye_array
from scipy.sparse.linalg import splu

from rlenvs.planning.decisions import Decisions, FloatArray

Solver = Callable[[FloatArray], FloatArray]

DENSE_LIMIT = 200
"""Up to this many unknowns a dense solve is as fast as a sparse one, whatever the pattern."""


class SingularError(ArithmeticError):
    """The equations have no solution that floating-point numbers can tell from infinity."""


def solve_square(system: csr_array[Any], right: FloatArray) -> FloatArray:
    """Solve ``system @ x = right`` directly; one step of iterative refinement takes back most of the rounding.

    Raises:
        SingularError: if the system is singular to working precision.
    """
    solver = _dense_solver(system) if right.size <= DENSE_LIMIT else _sparse_solver(system)
    solution = solver(right)
    refined: FloatArray = solution + solver(right - system @ solution)
    if not np.isfinite(refined).all():
        raise SingularError
    return refined


def _dense_solver(system: csr_array[Any]) -> Solver:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LinAlgWarning)  # a zero pivot shows in the solution
        factors = lu_factor(system.toarray())
    return lambda right: lu_solve(factors, right, check_finite=False)


def _sparse_solver(system: csr_array[Any]) -> Solver:
    try:
        return splu(csc_array(system)).solve
    except RuntimeError as error:
        raise SingularError from error


def chain_values(chain: Decisions, discount: float) -> FloatArray:
    """Discounted reward of a chain from each state, (S,). With discount 1 it must end with probability 1."""
    system = csr_array(eye_array(chain.n_states) - discount * chain.matrix)
    return solve_square(system, chain.reward)


def largest(values: FloatArray) -> float:
    """Largest absolute value, at least 1: the size that rounding is relative to."""
    return max(1.0, float(np.abs(values).max(initial=0.0)))
