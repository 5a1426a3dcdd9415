"""Large problems: modified policy iteration with Gauss-Seidel sweeps in a good order.

One sweep improves values and policy over all actions; then the policy alone is evaluated, which touches one row per
state, until another sweep promises more (Puterman and Shin, 1978). Where sweeps evaluate too slowly, a preconditioned
BiCGSTAB iteration takes over (van der Vorst, 1992). The states are ordered by what they promise, so that in a sweep
most values are computed after those they depend on; where nothing is left to chance one sweep is nearly all it takes.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rlenvs.planning.bounds import discounted_error, near_optimal_rows, steps_from_costs, undiscounted_error
from rlenvs.planning.decisions import Decisions, FloatArray, IntArray
from rlenvs.planning.improvement import UnboundedReturnError
from rlenvs.planning.krylov import correction
from rlenvs.planning.linear import largest
from rlenvs.planning.ordering import promises, reordered
from rlenvs.planning.structure import closed_classes

ROUND_LIMIT = 2000
"""Improvement sweeps after which the method gives up."""
CHAIN_LIMIT = 8
"""Rounds of sweeps and BiCGSTAB after which the evaluation of a chain gives up."""
PATIENCE = 60
"""Improvement sweeps before BiCGSTAB helps."""
FOLLOW_LIMIT = 40
"""Most evaluation sweeps between two improvement sweeps."""
ENOUGH = 0.1
"""Evaluation stops when its changes are this part of the last improvement."""


class NotSettledError(ArithmeticError):
    """The sweeps did not come to an end; another method may."""


def sweep_until_best(
    decisions: Decisions, discount: float, tolerance: float
) -> tuple[FloatArray, IntArray, float, int]:
    """Optimal values and rows, a bound of the error, and the number of improvement sweeps.

    With discount 1 every useful policy must end.

    Raises:
        NotSettledError: if the limit of sweeps does not suffice.
        UnboundedReturnError: with discount 1, if a policy is met that earns for ever.
    """
    hopes, order = promises(decisions, discount)
    ordered, source = reordered(decisions, order)
    values = _first_guess(ordered, discount, hopes[order])
    small = tolerance * (1 - discount) if discount < 1 else tolerance * 1e-3
    sweeps = 0
    while True:
        try:
            rows, done = _settle(ordered, discount, values, small)
        except UnboundedReturnError as error:
            raise UnboundedReturnError(int(order[error.state])) from None
        sweeps += done
        # Where good policies may wander all but for ever, the bound would cost more than the answer.
        bound = _bound(ordered, values, discount, min(sweeps + 10, PATIENCE - 1))
        floor = _rounding(values)
        if bound <= tolerance or small <= floor:
            break
        if not np.isfinite(bound):
            rows, done = _settle(ordered, discount, values, floor)
            sweeps += done
            break
        small = max(floor, small * min(0.5, 0.5 * tolerance / bound))
    back = np.empty_like(values)
    back[order] = values
    chosen = np.empty_like(rows)
    chosen[order] = source[rows]
    return back, chosen, bound, sweeps


def sweep_chain(chain: Decisions, discount: float) -> FloatArray:
    """Values of a chain, to rounding.

    Raises:
        NotSettledError: if the iteration stalls.
    """
    _, order = promises(replace(chain, reward=-np.ones(chain.n_states)), 1.0)
    ordered, _ = reordered(chain, order)
    values = np.zeros(chain.n_states)
    for _ in range(CHAIN_LIMIT):
        change = evaluate_chain(ordered, discount, values, _rounding(values))
        if change <= _rounding(values):
            back = np.empty_like(values)
            back[order] = values
            return back
    raise NotSettledError


def follow_policy(chain: Decisions, discount: float, values: FloatArray, small: float) -> float:
    """Sweep ``values`` in place until a sweep changes them by at most ``small``, or long enough; the last change."""
    from rlenvs.planning.kernels import follow

    matrix = chain.matrix
    change = np.inf
    for _ in range(FOLLOW_LIMIT):
        change = follow(matrix.indptr, matrix.indices, matrix.data, chain.reward, discount, values)
        if change <= small:
            break
    return change


def evaluate_chain(chain: Decisions, discount: float, values: FloatArray, small: float) -> float:
    """As :func:`follow_policy`, but helped by BiCGSTAB where the sweeps are not enough."""
    change = follow_policy(chain, discount, values, small)
    if change > small:
        step = correction(chain, discount, chain.row_values(values, discount) - values, small)
        if step is not None:
            values += step
            change = follow_policy(chain, discount, values, small)
    return change


def _first_guess(ordered: Decisions, discount: float, hopes: FloatArray) -> FloatArray:
    """Rather too low than too high: what is too low is pulled up at once by what is better."""
    if discount == 1:
        return np.minimum(np.where(np.isfinite(hopes), hopes, 0.0), 0.0)
    return np.full(ordered.n_states, min(0.0, float(ordered.reward.min())) / (1 - discount))


def _settle(
    ordered: Decisions, discount: float, values: FloatArray, small: float, limit: int = ROUND_LIMIT
) -> tuple[IntArray, int]:
    """Sweep ``values`` in place until a sweep over all actions changes them by at most ``small``."""
    from rlenvs.planning.kernels import improve

    matrix = ordered.matrix
    rows = ordered.first[:-1].copy()
    for sweeps in range(1, limit + 1):
        change = improve(
            ordered.first, matrix.indptr, matrix.indices, matrix.data, ordered.reward, discount, values, rows
        )
        if not np.isfinite(change):
            raise NotSettledError
        if change <= max(small, _rounding(values)):
            return rows, sweeps
        if sweeps == PATIENCE and discount == 1:
            _refuse_endless_gain(ordered.keep(rows))
        # While values are still carried to far states no policy is worth an exact evaluation.
        evaluate = follow_policy if sweeps < PATIENCE else evaluate_chain
        evaluate(ordered.keep(rows), discount, values, ENOUGH * max(change, small))
    raise NotSettledError


def _refuse_endless_gain(chain: Decisions) -> None:
    component, closed = closed_classes(chain)
    paid = np.zeros(closed.size)
    np.minimum.at(paid, component, chain.reward)
    earning = np.flatnonzero(closed[component] & (paid[component] == 0) & (chain.reward > 0))
    if earning.size:
        raise UnboundedReturnError(int(earning[0]))


def _bound(ordered: Decisions, values: FloatArray, discount: float, limit: int) -> float:
    if discount < 1:
        return discounted_error(ordered, values, discount)
    near, distance = near_optimal_rows(ordered, values)
    steps = steps_from_costs(near, values)
    if steps is not None:
        return undiscounted_error(ordered, values, (near, distance), steps)
    steps = np.ones(ordered.n_states)
    try:
        # A hundredth of a step is exact enough: the bound checks what it needs.
        _settle(replace(near, reward=np.ones(near.reward.size)), 1.0, steps, 0.01, limit)
    except (NotSettledError, UnboundedReturnError):
        return np.inf
    return undiscounted_error(ordered, values, (near, distance), steps)


def _rounding(values: FloatArray) -> float:
    return 4 * float(np.finfo(np.float64).eps) * largest(values)
