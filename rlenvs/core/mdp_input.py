"""Reads the forms in which people write an MDP down: nested lists, dense arrays, sparse matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Parsed = tuple[
    tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]],
    int,
    int,
]


def read_outcomes(transition: Any, reward: Any) -> Parsed:
    """Turn ``transition`` and ``reward`` into ``((offsets, next_state, probability, reward), S, A)``.

    Raises:
        ValueError: if a shape or an entry cannot be read.
    """
    matrix, n_states, n_actions = _read_transition(transition)
    matrix.sort_indices()
    rows = np.repeat(np.arange(n_states * n_actions), np.diff(matrix.indptr))
    columns = np.asarray(matrix.indices, dtype=np.int64)
    rewards = _read_reward(reward, rows, columns, n_states, n_actions)
    return (np.asarray(matrix.indptr, dtype=np.int64), columns, matrix.data, rewards), n_states, n_actions


def _is_sparse(value: Any) -> bool:
    # Asked by attribute, so that dense users do not pay for importing scipy.sparse.
    return hasattr(value, "tocsr")


def _as_floats(value: Any, name: str, expected: str) -> NDArray[np.float64]:
    try:
        return np.array(value, dtype=np.float64)
    except (ValueError, TypeError) as error:
        raise ValueError(
            f"`{name}` must be {expected}, of numbers and without ragged rows ({error}); "
            "write a row of zeros for an action that is impossible and mark it in `action_mask`."
        ) from error


def _stacked(value: Any, name: str) -> tuple[csr_array[Any], int, int] | None:
    """Read either sparse form; None if ``value`` is not sparse."""
    from scipy.sparse import csr_array

    if _is_sparse(value):
        n_rows, n_states = value.shape
        if n_states == 0 or n_rows == 0 or n_rows % n_states:
            raise ValueError(f"sparse `{name}` must have shape (S * A, S), got {value.shape}.")
        # A copy: duplicates are merged in place, and the matrix is the caller's.
        return csr_array(value, dtype=np.float64, copy=True), n_states, n_rows // n_states
    if not (isinstance(value, (list, tuple)) and value and all(_is_sparse(part) for part in value)):
        return None
    n_states, n_actions = value[0].shape[0], len(value)
    if any(part.shape != (n_states, n_states) for part in value):
        shapes = [part.shape for part in value]
        raise ValueError(f"sparse `{name}` must be one square matrix per action, all alike, got shapes {shapes}.")
    from scipy.sparse import vstack

    by_action = csr_array(vstack([csr_array(part, dtype=np.float64) for part in value]))
    order = np.arange(n_states * n_actions).reshape(n_actions, n_states).T.ravel()
    return csr_array(by_action[order]), n_states, n_actions


def _read_transition(transition: Any) -> tuple[csr_array[Any], int, int]:
    from scipy.sparse import csr_array

    sparse = _stacked(transition, "transition")
    if sparse is not None:
        sparse[0].sum_duplicates()
        return sparse
    dense = _as_floats(transition, "transition", "an array of shape (S, A, S)")
    if dense.ndim != 3 or dense.shape[0] != dense.shape[2] or 0 in dense.shape:
        raise ValueError(
            f"`transition` must have shape (S, A, S) with at least one state and one action, got {dense.shape}; "
            "transition[s][a][t] is the probability to go from s to t under a."
        )
    n_states, n_actions, _ = dense.shape
    return csr_array(dense.reshape(n_states * n_actions, n_states)), n_states, n_actions


def _read_reward(
    reward: Any, rows: NDArray[np.int64], columns: NDArray[np.int64], n_states: int, n_actions: int
) -> NDArray[np.float64]:
    sparse = _stacked(reward, "reward")
    if sparse is not None:
        if sparse[1:] != (n_states, n_actions):
            raise ValueError(
                f"`reward` is for {sparse[1:]} states and actions, `transition` for {(n_states, n_actions)}."
            )
        return np.asarray(sparse[0][rows, columns], dtype=np.float64).ravel()
    dense = _as_floats(reward, "reward", "an array of shape (S, A, S) or (S, A)")
    if dense.shape == (n_states, n_actions):
        return dense.ravel()[rows]
    if dense.shape == (n_states, n_actions, n_states):
        return dense.reshape(n_states * n_actions, n_states)[rows, columns]
    raise ValueError(
        f"`reward` must have shape {(n_states, n_actions, n_states)} or {(n_states, n_actions)}, got {dense.shape}."
    )
