"""Policies as arrays: the best ones of a table of values, and the one that knows nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rlenvs.core.finite_mdp import FiniteMDP
from rlenvs.planning.checks import check_mdp, check_tolerance

TIE = 1e-12
"""Relative difference below which two action values are rounding apart, not worth apart."""


def optimal_actions(mdp: FiniteMDP, q_values: ArrayLike, *, tolerance: float = 1e-9) -> NDArray[np.bool_]:
    """Mark every action that is as good as the best one of its state.

    Args:
        mdp: the MDP that the values belong to.
        q_values: action values (S, A); what they hold for impossible actions is not read.
        tolerance: how far below the best an action may be, as a fraction of the largest finite absolute value, or
            absolutely where that is below 1.

    Returns:
        Mask (S, A); in terminal states every action, because none matters.

    Raises:
        ValueError: if the shape is wrong, or if a possible action has no value.
    """
    table = _masked(mdp, q_values)
    finite = np.abs(table[np.isfinite(table)])
    scale = max(1.0, float(finite.max(initial=0.0)))
    best = table.max(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        mask: NDArray[np.bool_] = (table == best) | (table >= best - check_tolerance(tolerance) * scale)
    mask &= mdp.action_mask
    mask[mdp.terminal] = True
    return mask


def greedy_policy(mdp: FiniteMDP, q_values: ArrayLike) -> NDArray[np.int64]:
    """The best possible action of each state, the lowest one where several are equally good; 0 in terminal states.

    Args:
        mdp: the MDP that the values belong to.
        q_values: action values (S, A); what they hold for impossible actions is not read.

    Returns:
        Actions (S,).

    Raises:
        ValueError: if the shape is wrong, or if a possible action has no value.
    """
    actions: NDArray[np.int64] = optimal_actions(mdp, q_values, tolerance=TIE).argmax(axis=1)
    return actions


def random_policy(mdp: FiniteMDP) -> NDArray[np.float64]:
    """The policy that chooses uniformly among the possible actions, (S, A)."""
    mask = check_mdp(mdp).action_mask
    weights: NDArray[np.float64] = mask / mask.sum(axis=1, keepdims=True)
    return weights


def _masked(mdp: FiniteMDP, q_values: ArrayLike) -> NDArray[np.float64]:
    table: NDArray[Any] = np.array(q_values, dtype=np.float64)
    shape = (check_mdp(mdp).n_states, mdp.n_actions)
    if table.shape != shape:
        raise ValueError(f"`q_values` must have shape {shape}, got {table.shape}.")
    table[~mdp.action_mask] = -np.inf
    missing = np.argwhere(np.isnan(table))
    if missing.size:
        raise ValueError(f"`q_values` holds nan for state {missing[0][0]}, action {missing[0][1]}.")
    return table
