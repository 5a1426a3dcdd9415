"""What planners ask of their arguments."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rlenvs.core.finite_mdp import FiniteMDP

SUM_TOLERANCE = 1e-8


def check_mdp(mdp: Any) -> FiniteMDP:
    """Return ``mdp``.

    Raises:
        TypeError: if it is no FiniteMDP.
    """
    if not isinstance(mdp, FiniteMDP):
        raise TypeError(
            f"`mdp` must be a rlenvs.core.FiniteMDP, got {mdp!r}; FiniteMDP.from_env(env) reads an environment."
        )
    return mdp


def check_discount(discount: Any) -> float:
    """Return ``discount`` as a float.

    Raises:
        TypeError: if it is no number.
        ValueError: if it lies outside [0, 1].
    """
    if isinstance(discount, (bool, np.bool_)) or not isinstance(discount, (int, float, np.integer, np.floating)):
        raise TypeError(f"`discount` must be a number in [0, 1], got {discount!r}.")
    if not 0 <= discount <= 1:
        raise ValueError(f"`discount` must lie in [0, 1], got {discount!r}.")
    return float(discount)


def check_count(value: Any, name: str) -> int:
    """Return ``value`` as an int.

    Raises:
        TypeError: if it is no whole number.
        ValueError: if it is less than 1.
    """
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"`{name}` must be a whole number of at least 1, got {value!r}.")
    if value < 1:
        raise ValueError(f"`{name}` must be at least 1, got {value!r}.")
    return int(value)


def check_tolerance(tolerance: Any) -> float:
    """Return ``tolerance`` as a float.

    Raises:
        ValueError: if it is no positive number.
    """
    if isinstance(tolerance, bool) or not isinstance(tolerance, (int, float, np.floating)) or not tolerance > 0:
        raise ValueError(f"`tolerance` must be a positive number, got {tolerance!r}.")
    return float(tolerance)


def policy_weights(mdp: FiniteMDP, policy: Any) -> NDArray[np.float64]:
    """A policy as probabilities (S, A): (S,) actions become 0 and 1. What it says in terminal states is not read.

    Raises:
        TypeError: if the policy is no array of numbers.
        ValueError: if its shape is wrong, if it names an action that does not exist or is impossible, or if a row is
            no distribution. The message names the state and the action.
    """
    try:
        given = np.asarray(policy)
    except ValueError as error:
        raise ValueError(f"`policy` must be an array, not a ragged list ({error}).") from error
    if not (np.issubdtype(given.dtype, np.number) or given.dtype == np.bool_):
        raise TypeError(f"`policy` must hold numbers, got {policy!r}.")
    shape = (mdp.n_states, mdp.n_actions)
    if given.shape == (mdp.n_states,):
        weights = _one_hot(mdp, given)
    elif given.shape == shape:
        weights = given.astype(np.float64)
    else:
        raise ValueError(
            f"`policy` must hold one action per state, shape {shape[:1]}, or probabilities, shape {shape}, "
            f"got shape {given.shape}."
        )
    weights[mdp.terminal] = np.eye(1, mdp.n_actions)
    _check_distribution(mdp, weights)
    return weights


def _one_hot(mdp: FiniteMDP, actions: NDArray[Any]) -> NDArray[np.float64]:
    wrong = (actions != np.floor(actions)) | (actions < 0) | (actions >= mdp.n_actions)
    wrong = np.flatnonzero(wrong & ~mdp.terminal)
    if wrong.size:
        raise ValueError(
            f"`policy` chooses {actions[wrong[0]]} in state {wrong[0]}; the actions are 0 … {mdp.n_actions - 1}."
        )
    weights = np.zeros((mdp.n_states, mdp.n_actions))
    living = np.flatnonzero(~mdp.terminal)
    weights[living, actions[living].astype(np.int64)] = 1.0
    return weights


def _check_distribution(mdp: FiniteMDP, weights: NDArray[np.float64]) -> None:
    with np.errstate(invalid="ignore"):
        outside = np.argwhere(~((weights >= 0) & (weights <= 1 + SUM_TOLERANCE)))
    if outside.size:
        state, action = outside[0]
        raise ValueError(
            f"`policy` gives action {action} in state {state} the probability {weights[state, action]}; "
            "probabilities lie in [0, 1]."
        )
    impossible = np.argwhere((weights > 0) & ~mdp.action_mask)
    if impossible.size:
        state, action = impossible[0]
        raise ValueError(
            f"`policy` chooses action {action} in state {state}, where it is impossible; possible are "
            f"{np.flatnonzero(mdp.action_mask[state]).tolist()}."
        )
    sums = weights.sum(axis=1)
    wrong = np.flatnonzero(np.abs(sums - 1) > SUM_TOLERANCE)
    if wrong.size:
        raise ValueError(f"`policy` must sum to 1 in every state, got {sums[wrong[0]]:.10g} in state {wrong[0]}.")
