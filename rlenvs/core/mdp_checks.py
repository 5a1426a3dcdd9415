"""What must hold for the data of a finite MDP; every message names the state and the action."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from rlenvs.core.finite_mdp import Outcomes

SUM_TOLERANCE = 1e-8


def read_terminal(terminal: ArrayLike, n_states: int) -> NDArray[np.bool_]:
    """Indices or mask -> mask (S,).

    Raises:
        ValueError: if an index is no state.
    """
    given = np.asarray(terminal)
    if given.dtype == np.bool_ and given.shape == (n_states,):
        return given.copy()
    mask = np.zeros(n_states, dtype=np.bool_)
    if given.size == 0:
        return mask
    if given.ndim > 1 or not np.issubdtype(given.dtype, np.integer):
        raise ValueError(
            f"`terminal` must list state indices or be a boolean mask of shape ({n_states},), got {terminal!r}."
        )
    wrong = given[(given < 0) | (given >= n_states)] if given.ndim else given[None][(given < 0) | (given >= n_states)]
    if wrong.size:
        raise ValueError(f"`terminal` names state {wrong.flat[0]}; the states are 0 … {n_states - 1}.")
    mask[given] = True
    return mask


def read_start(start: int | ArrayLike, terminal: NDArray[np.bool_]) -> NDArray[np.float64]:
    """A state or a distribution -> distribution (S,).

    Raises:
        ValueError: if it is neither, or if an episode could start in a terminal state.
    """
    n_states = terminal.size
    try:
        given = np.asarray(start)
        given = given if given.ndim == 0 else given.astype(np.float64)
    except (ValueError, TypeError) as error:
        raise ValueError(f"`start` must be a state or a distribution of shape ({n_states},) ({error}).") from error
    if given.ndim == 0:
        if not np.issubdtype(given.dtype, np.integer) or not 0 <= int(given) < n_states:
            raise ValueError(f"`start` must be a state 0 … {n_states - 1} or a distribution, got {start!r}.")
        distribution = np.zeros(n_states)
        distribution[int(given)] = 1.0
    else:
        distribution = given.copy()
        if distribution.shape != (n_states,):
            raise ValueError(f"`start` must have shape ({n_states},), got {distribution.shape}.")
        if not np.all(distribution >= 0) or abs(distribution.sum() - 1) > SUM_TOLERANCE:
            raise ValueError(f"`start` must be probabilities that sum to 1, got {distribution.tolist()}.")
    both = np.flatnonzero((distribution > 0) & terminal)
    if both.size:
        raise ValueError(
            f"`start` gives state {both[0]} probability {distribution[both[0]]:g}, but it is terminal: "
            "an episode cannot start there."
        )
    return distribution


def check_mask(action_mask: ArrayLike | None, terminal: NDArray[np.bool_], n_actions: int) -> NDArray[np.bool_]:
    """A mask or None -> boolean mask (S, A), all ones in terminal states.

    Raises:
        ValueError: if its shape is wrong, or if a state that is not terminal has no possible action.
    """
    shape = (terminal.size, n_actions)
    if action_mask is None:
        return np.ones(shape, dtype=np.bool_)
    try:
        given = np.asarray(action_mask, dtype=np.float64)
    except (ValueError, TypeError) as error:
        raise ValueError(f"`action_mask` must be an array of 0 and 1 of shape {shape} ({error}).") from error
    if given.shape != shape or not np.isin(given, (0, 1)).all():
        raise ValueError(f"`action_mask` must hold 0 and 1 and have shape {shape}, got shape {given.shape}.")
    mask: NDArray[np.bool_] = given.astype(np.bool_)
    mask[terminal] = True
    stuck = np.flatnonzero(~mask.any(axis=1))
    if stuck.size:
        raise ValueError(
            f"`action_mask` leaves state {stuck[0]} without a possible action; list it in `terminal` if it is an end."
        )
    return mask


def check_outcomes(outcomes: Outcomes, idle: NDArray[np.bool_], n_states: int, n_actions: int) -> None:
    """Check that every row in use is a distribution over states with finite rewards.

    Raises:
        ValueError: at the first row that is not.
    """
    _check_layout(outcomes, idle.size)
    offsets, next_state, probability, reward = outcomes
    rows = np.repeat(np.arange(idle.size), np.diff(offsets))
    used = ~idle[rows]

    def refuse(wrong: NDArray[np.bool_], what: str, values: NDArray[np.generic]) -> None:
        at = np.flatnonzero(wrong & used)
        if at.size:
            k = int(at[0])
            state, action = divmod(int(rows[k]), n_actions)
            raise ValueError(
                f"`{what}` of state {state}, action {action} to state {int(next_state[k])} is {values[k]}; "
                + ("probabilities lie in [0, 1]." if what == "transition" else "rewards are finite numbers.")
            )

    with np.errstate(invalid="ignore"):
        refuse(~((probability >= 0) & (probability <= 1 + SUM_TOLERANCE)), "transition", probability)
    # A reward where nothing can happen is never read, so it may be anything.
    refuse(~np.isfinite(reward) & (probability > 0), "reward", reward)
    beyond = np.flatnonzero(((next_state < 0) | (next_state >= n_states)) & used)
    if beyond.size:
        state, action = divmod(int(rows[beyond[0]]), n_actions)
        raise ValueError(f"`transition` of state {state}, action {action} leads to state {next_state[beyond[0]]}.")
    sums = np.bincount(rows, weights=probability, minlength=idle.size)
    wrong = np.flatnonzero((np.abs(sums - 1) > SUM_TOLERANCE) & ~idle)
    if wrong.size:
        state, action = divmod(int(wrong[0]), n_actions)
        raise ValueError(
            f"`transition` of state {state}, action {action} sums to {sums[wrong[0]]:.10g}, expected 1; "
            "an action that is impossible is marked in `action_mask`, an end in `terminal`."
        )


def _check_layout(outcomes: Outcomes, n_rows: int) -> None:
    offsets, next_state, probability, reward = outcomes
    whole = all(np.issubdtype(array.dtype, np.integer) for array in (offsets, next_state))
    if not whole or offsets.shape != (n_rows + 1,) or offsets[0] != 0 or (np.diff(offsets) < 0).any():
        raise ValueError(
            f"`outcomes.offsets` must be {n_rows + 1} whole numbers, one per state and action and one more, that begin "
            f"with 0 and never fall, and `outcomes.next_state` whole numbers; got shape {offsets.shape}."
        )
    shapes = {array.shape for array in (next_state, probability, reward)}
    if shapes != {(int(offsets[-1]),)}:
        raise ValueError(f"the arrays of `outcomes` must all have shape ({offsets[-1]},), got {sorted(shapes)}.")
