"""A fixed number of steps: backward induction, and the value of policies that may change from step to step."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rlenvs.core.finite_mdp import FiniteMDP
from rlenvs.planning.bounds import UNIT_ROUNDING
from rlenvs.planning.checks import policy_weights
from rlenvs.planning.decisions import Decisions, FloatArray, decisions_of
from rlenvs.planning.policies import greedy_policy
from rlenvs.planning.tables import action_values


def backward_induction(
    mdp: FiniteMDP, decisions: Decisions, discount: float, horizon: int
) -> tuple[FloatArray, FloatArray, NDArray[np.int64]]:
    """The optimum of ``horizon`` steps (Puterman, 1994, section 4.5).

    Returns:
        Values (S,) and action values (S, A) at the first step, and the policy (horizon, S).
    """
    policy = np.zeros((horizon, mdp.n_states), dtype=np.int64)
    values = np.zeros(mdp.n_states)
    q_values = np.zeros((mdp.n_states, mdp.n_actions))
    for step in reversed(range(horizon)):
        q_values = action_values(mdp, decisions, values, discount)
        values = q_values.max(axis=1)
        policy[step] = greedy_policy(mdp, q_values)
    return values, q_values, policy


def horizon_error(decisions: Decisions, discount: float, horizon: int) -> float:
    """Bound of the rounding that ``horizon`` sweeps can have gathered."""
    width = int(np.diff(decisions.matrix.indptr).max(initial=0)) + 3
    lasting = min(float(horizon), 1 / (1 - discount) if discount < 1 else np.inf)
    largest_value = lasting * float(np.abs(decisions.reward).max(initial=0.0))
    return lasting * width * UNIT_ROUNDING * 2 * largest_value


def evaluate_steps(mdp: FiniteMDP, policy: Any, discount: float, horizon: int) -> FloatArray:
    """Expected reward of ``horizon`` steps under a policy, (S,).

    Raises:
        ValueError: as :func:`rlenvs.planning.evaluate_policy` does.
    """
    decisions = decisions_of(mdp)
    values = np.zeros(mdp.n_states)
    steps = _each_step(mdp, policy, horizon)
    if steps is None:
        chain = decisions.mixed(policy_weights(mdp, policy).ravel()[decisions.label])
        for _ in range(horizon):
            values = chain.row_values(values, discount)
        return values
    for weights in steps:
        # Not `mixed`: a policy that is used once is not worth a matrix product.
        weighted = weights.ravel()[decisions.label] * decisions.row_values(values, discount)
        values = np.add.reduceat(weighted, decisions.first[:-1])
    return values


def _each_step(mdp: FiniteMDP, policy: Any, horizon: int) -> Iterable[FloatArray] | None:
    """The weights of each step, the last step first; None for a policy that does not change."""
    given = np.asarray(policy)
    by_step = given.ndim == 3 or (
        given.shape == (horizon, mdp.n_states)
        and (given.shape != (mdp.n_states, mdp.n_actions) or np.issubdtype(given.dtype, np.integer))
    )
    if not by_step:
        return None
    if given.shape[0] != horizon:
        raise ValueError(f"`policy` must have one entry per step, {horizon}, got shape {given.shape}.")
    return (policy_weights(mdp, given[step]) for step in reversed(range(horizon)))
