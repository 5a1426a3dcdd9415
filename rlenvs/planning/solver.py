"""Ways to solve a problem without a horizon, each with a bound of how far its answer can be off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from rlenvs.planning.bounds import discounted_error, near_optimal_rows, undiscounted_error
from rlenvs.planning.decisions import Decisions, FloatArray, IntArray
from rlenvs.planning.improvement import UnboundedReturnError, improve_until_best
from rlenvs.planning.linear import SingularError, chain_values, largest
from rlenvs.planning.structure import closed_classes, proper_choice
from rlenvs.planning.undiscounted import shortest_path

DIRECT_LIMIT = 2000
"""Up to this many states policy iteration with direct solves is used."""
SWEEP_LIMIT = 1_000_000
"""Where synchronous sweeps stop if nothing else stops them."""


@dataclass(frozen=True)
class Answer:
    """Optimal values, rows that attain them, and a bound of the error."""

    values: FloatArray  # (S,)
    rows: IntArray  # (S,)
    error_bound: float
    method: str
    rounds: int


Method = Callable[[Decisions, float, IntArray | None, float], Answer]
"""``method(decisions, discount, choice, tolerance)``; with discount 1 ``choice`` is a policy that ends."""


def solve_decisions(decisions: Decisions, discount: float, tolerance: float, method: Method) -> Answer:
    """The optimum without a horizon.

    Raises:
        UnboundedReturnError: with discount 1, if reward can be collected for ever.
    """
    if discount < 1:
        return method(decisions, discount, None, tolerance)
    problem = shortest_path(decisions)
    try:
        answer = method(problem.merged, 1.0, problem.choice, tolerance)
    except UnboundedReturnError as error:
        raise UnboundedReturnError(int(np.flatnonzero(problem.member_of == error.state)[0])) from None
    rows = problem.rows(_ending_rows(problem.merged, answer))
    return replace(answer, values=problem.values(answer.values), rows=rows)


def by_policy_iteration(decisions: Decisions, discount: float, choice: IntArray | None, tolerance: float) -> Answer:
    """Howard's policy iteration with direct solves; as exact as rounding permits, whatever the tolerance.

    With discount 1 a policy on the way may take so long to end that its equations cannot be solved; then the problem is
    solved by value iteration.
    """
    try:
        values, rows, rounds = improve_until_best(decisions, discount, choice)
    except SingularError:
        return by_value_iteration(decisions, discount, choice, tolerance)
    return Answer(values, rows, error_bound(decisions, values, discount), "policy iteration", rounds)


def by_value_iteration(decisions: Decisions, discount: float, choice: IntArray | None, tolerance: float) -> Answer:
    """Synchronous sweeps from 0 until the bound is met, or until rounding hides all progress.

    Raises:
        UnboundedReturnError: with discount 1, if the values grow for ever.
    """
    values = np.zeros(decisions.n_states)
    small = tolerance * (1 - discount) if discount < 1 else tolerance
    sweeps = 0
    while True:
        values, change, done = _sweep_until(decisions, values, discount, small)
        sweeps += done
        bound = error_bound(decisions, values, discount)
        if bound <= tolerance or change <= _rounding(values):
            rows = decisions.best_rows(decisions.row_values(values, discount))
            return Answer(values, rows, bound, "value iteration", sweeps)
        if sweeps >= SWEEP_LIMIT:
            improve_until_best(decisions, discount, choice)  # says so if the return has no bound
            raise ValueError(f"value iteration has not settled after {sweeps} sweeps; use `policy_iteration`.")
        small = change * 0.5 * min(1.0, tolerance / bound)


def _sweep_until(
    decisions: Decisions, values: FloatArray, discount: float, small: float
) -> tuple[FloatArray, float, int]:
    change = np.inf
    done = 0
    while done < SWEEP_LIMIT:
        done += 1
        new_values = decisions.best(decisions.row_values(values, discount))
        change = float(np.abs(new_values - values).max())
        values = new_values
        if change <= max(small, _rounding(values)):
            break
    return values, change, done


def _rounding(values: FloatArray) -> float:
    return 2 * float(np.finfo(np.float64).eps) * largest(values)


def error_bound(decisions: Decisions, values: FloatArray, discount: float) -> float:
    """How far the values can be from the optimum; infinite if that is not known."""
    if discount < 1:
        return discounted_error(decisions, values, discount)
    near = near_optimal_rows(decisions, values)
    counting = replace(near[0], reward=np.ones_like(near[0].reward))
    surely, choice = proper_choice(counting, np.ones(counting.reward.size, dtype=np.bool_))
    if not surely.all():
        return np.inf
    try:
        steps, _, _ = improve_until_best(counting, 1.0, choice)
    except (UnboundedReturnError, SingularError):
        return np.inf
    return undiscounted_error(decisions, values, near, steps)


def chain_by_size(chain: Decisions, discount: float) -> FloatArray:
    """Values of a chain, which with discount 1 ends: directly if it is small, by iteration to rounding if it is not."""
    if chain.n_states <= DIRECT_LIMIT:
        return chain_values(chain, discount)
    from rlenvs.planning.sweeping import NotSettledError, sweep_chain

    try:
        return sweep_chain(chain, discount)
    except NotSettledError:
        return chain_values(chain, discount)


def by_size(decisions: Decisions, discount: float, choice: IntArray | None, tolerance: float) -> Answer:
    """Policy iteration for small problems, sweeps for large ones, policy iteration again where sweeps do not settle."""
    if decisions.n_states <= DIRECT_LIMIT:
        return by_policy_iteration(decisions, discount, choice, tolerance)
    from rlenvs.planning.sweeping import NotSettledError, sweep_until_best

    try:
        values, rows, bound, rounds = sweep_until_best(decisions, discount, tolerance)
    except NotSettledError:
        return by_policy_iteration(decisions, discount, choice, tolerance)
    return Answer(values, rows, bound, "modified policy iteration", rounds)


def _ending_rows(merged: Decisions, answer: Answer) -> IntArray:
    """Rows that attain the values and end: among equally good ones some go round for ever."""
    _, closed = closed_classes(merged.keep(answer.rows))
    if not closed.any():
        return answer.rows
    near, _ = near_optimal_rows(merged, answer.values)
    surely, choice = proper_choice(near, np.ones(near.reward.size, dtype=np.bool_))
    if not surely.all():
        return answer.rows
    return np.searchsorted(merged.label, near.label[choice])
