"""Value iteration by synchronous sweeps, as the textbooks write it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rlenvs.core.finite_mdp import FiniteMDP
from rlenvs.planning.checks import check_count, check_discount, check_mdp, check_tolerance
from rlenvs.planning.linear import largest

SWEEP_LIMIT = 1_000_000
"""Where synchronous sweeps stop if nothing else stops them."""


def q_value_iteration(
    mdp: FiniteMDP, discount: float, *, sweeps: int | None = None, tolerance: float = 1e-10
) -> NDArray[np.float64]:
    """Action values by synchronous sweeps that start from 0.

    Each sweep computes ``Q(s, a) = sum over s' of P(s, a, s') * (R(s, a, s') + discount * max over a' of Q(s', a'))``
    from the table of the sweep before (Sutton and Barto, Reinforcement Learning, 2018, equation 4.2).

    Args:
        mdp: the MDP.
        discount: in [0, 1].
        sweeps: how many; None: until the values are within ``tolerance`` of the limit, as far as floating-point
            numbers allow. After k sweeps the table is the optimum of k + 1 decisions, the first one given.
        tolerance: largest absolute error accepted where ``sweeps`` is None. With discount 1 the size of the last
            change takes its place, because no bound is known; :func:`solve` gives one.

    Returns:
        Action values (S, A): minus infinity where an action is impossible, 0 in terminal states.

    Raises:
        ValueError: if an argument is out of range, or if the values do not settle (which needs discount 1).
    """
    check_mdp(mdp)
    discount = check_discount(discount)
    tolerance = check_tolerance(tolerance)
    limit = SWEEP_LIMIT if sweeps is None else check_count(sweeps, "sweeps")
    reward = np.where(mdp.action_mask, mdp.expected_reward, -np.inf)
    transition = mdp.transition_matrix
    q_values = np.where(mdp.action_mask, 0.0, -np.inf)
    values = np.zeros(mdp.n_states)
    for _ in range(limit):
        q_values = reward + discount * (transition @ values).reshape(reward.shape)
        new_values = q_values.max(axis=1)
        change = float(np.abs(new_values - values).max())
        values = new_values
        if sweeps is None and change <= _small_change(discount, tolerance, values):
            return q_values
    if sweeps is None:
        raise ValueError(
            f"the values still change by {change:.3g} after {SWEEP_LIMIT} sweeps with `discount` {discount:g}; "
            "give a smaller `discount`, a larger `tolerance`, or a number of `sweeps`."
        )
    return q_values


def _small_change(discount: float, tolerance: float, values: NDArray[np.float64]) -> float:
    """A change that leaves at most ``tolerance`` to come, but never one that is lost in rounding."""
    rounding = 2 * np.finfo(np.float64).eps * largest(values)
    still_to_come = discount / (1 - discount) if discount < 1 else 1.0
    return max(tolerance / max(still_to_come, 1.0), rounding)
