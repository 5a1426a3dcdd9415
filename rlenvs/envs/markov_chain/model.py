"""Markov chains as finite MDPs with a single action."""

from __future__ import annotations

from typing import Any

import numpy as np

from rlenvs.core import FiniteMDP

TRANSITION = [
    [0.7, 0.2, 0.0, 0.1],
    [0.0, 0.0, 0.9, 0.1],
    [0.0, 1.0, 0.0, 0.0],
    [0.0, 0.0, 0.0, 1.0],
]


def chain_model(transition: Any, reward: Any, start: Any, terminal: Any) -> FiniteMDP:
    """The chain as an MDP.

    Args:
        transition: (S, S), dense or sparse.
        reward: per step (a number), per state left (S,), or per transition (S, S).
        start: a state or a distribution (S,).
        terminal: state indices, or None: the absorbing states.

    Raises:
        ValueError: if a shape or a row is wrong; the message names the state.
    """
    is_sparse = hasattr(transition, "tocsr")
    if not is_sparse:
        try:
            transition = np.array(transition, dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise ValueError(f"`transition` must be an (S, S) array of numbers ({error}).") from error
    shape = transition.shape
    if len(shape) != 2 or shape[0] != shape[1] or shape[0] == 0:
        raise ValueError(f"`transition` must have shape (S, S), got {shape}.")
    n_states = shape[0]
    gains = _read_reward(reward, n_states)
    if terminal is None:
        terminal = np.flatnonzero(transition.diagonal() == 1.0)
    return FiniteMDP(transition.tocsr() if is_sparse else transition[:, None, :], gains, start=start, terminal=terminal)


def _read_reward(reward: Any, n_states: int) -> Any:
    if hasattr(reward, "tocsr"):
        return reward
    try:
        gains = np.array(reward, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"`reward` must be a number or an array of numbers ({error}).") from error
    if gains.ndim == 0:
        return np.full((n_states, 1), gains)
    if gains.shape == (n_states,):
        return gains[:, None]
    if gains.shape == (n_states, n_states):
        return gains[:, None, :]
    raise ValueError(
        f"`reward` must be a number, ({n_states},) per state left, or ({n_states}, {n_states}) per transition, "
        f"got shape {gains.shape}."
    )
