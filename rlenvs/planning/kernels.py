"""The inner loops of planning large problems, compiled by Numba; imported only where a problem is large.

Arrays are those of :class:`rlenvs.planning.decisions.Decisions`: ``indptr``, ``indices`` and ``data`` are its matrix.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba
import numpy as np

Function = TypeVar("Function", bound=Callable[..., Any])
compiled: Callable[[Function], Function] = numba.njit(cache=True, error_model="numpy")

STAYS = 1e-12
"""A row that leaves its state with less than this cannot be solved for it."""


@compiled
def improve(
    first: Any, indptr: Any, indices: Any, data: Any, reward: Any, discount: float, values: Any, rows: Any
) -> float:
    """One Gauss-Seidel sweep of value iteration in place, each row solved for its own state.

    Writes ``values`` (S,) and the best rows (S,), returns the largest change.
    """
    largest = 0.0
    for state in range(values.size):
        best = -np.inf
        for row in range(first[state], first[state + 1]):
            later = 0.0
            own = 0.0
            for k in range(indptr[row], indptr[row + 1]):
                if indices[k] == state:
                    own += data[k]
                else:
                    later += data[k] * values[indices[k]]
            leaves = 1.0 - discount * own
            if leaves > STAYS and (reward[row] + discount * later) / leaves > best:
                best = (reward[row] + discount * later) / leaves
                rows[state] = row
        if best > -np.inf:
            largest = max(largest, abs(best - values[state]))
            values[state] = best
    return largest


@compiled
def follow(indptr: Any, indices: Any, data: Any, reward: Any, discount: float, values: Any) -> float:
    """One Gauss-Seidel sweep of policy evaluation on a chain, in place; returns the largest change."""
    largest = 0.0
    for state in range(values.size):
        later = 0.0
        own = 0.0
        for k in range(indptr[state], indptr[state + 1]):
            if indices[k] == state:
                own += data[k]
            else:
                later += data[k] * values[indices[k]]
        leaves = 1.0 - discount * own
        if leaves > STAYS:
            value = (reward[state] + discount * later) / leaves
            largest = max(largest, abs(value - values[state]))
            values[state] = value
    return largest


@compiled
def entering_rows(indptr: Any, indices: Any, n_states: int) -> Any:
    """For each state the rows that can lead to it: offsets (S + 1,) and rows."""
    offsets = np.zeros(n_states + 1, np.int64)
    for k in range(indices.size):
        offsets[indices[k] + 1] += 1
    for state in range(n_states):
        offsets[state + 1] += offsets[state]
    free = offsets[:-1].copy()
    rows = np.empty(indices.size, np.int32)
    for row in range(indptr.size - 1):
        for k in range(indptr[row], indptr[row + 1]):
            rows[free[indices[k]]] = row
            free[indices[k]] += 1
    return offsets, rows


@compiled
def drop_dead_ends(offsets: Any, entering: Any, owner: Any, rows: Any) -> None:
    """Clear the rows, in place, that can lead to a state without rows, until there are no more of them."""
    n_states = offsets.size - 1
    left = np.zeros(n_states, np.int64)
    for row in range(rows.size):
        if rows[row]:
            left[owner[row]] += 1
    stack = np.empty(n_states, np.int64)
    length = 0
    for state in range(n_states):
        if left[state] == 0:
            stack[length] = state
            length += 1
    while length:
        length -= 1
        state = stack[length]
        for i in range(offsets[state], offsets[state + 1]):
            row = entering[i]
            if rows[row]:
                rows[row] = False
                left[owner[row]] -= 1
                if left[owner[row]] == 0:
                    stack[length] = owner[row]
                    length += 1


@compiled
def promise(offsets: Any, rows: Any, owner: Any, reward: Any, seeds: Any, discount: float, best: Any) -> Any:
    """Values of a lucky planner who picks the outcomes too, never rising away from the seeds; written to ``best``.

    Returns when each state was last improved, which orders states of equal promise, (S,).

    Label correction with a first-in first-out queue, cut short where it does not settle. The values only serve to
    order the states, so that neither matters for the result.
    """
    n_states = best.size
    queue = np.empty(n_states, np.int32)
    queue[: seeds.size] = seeds
    waiting = np.zeros(n_states, np.bool_)
    waiting[seeds] = True
    head = 0
    length = seeds.size
    turn = np.zeros(n_states, np.int64)
    for now in range(20 * n_states):
        if length == 0:
            break
        state = queue[head]
        head = (head + 1) % n_states
        length -= 1
        waiting[state] = False
        for i in range(offsets[state], offsets[state + 1]):
            before = owner[rows[i]]
            value = min(best[state], reward[rows[i]] + discount * best[state])
            if value > best[before] + STAYS * abs(value):
                best[before] = value
                turn[before] = now + 1
                if not waiting[before]:
                    queue[(head + length) % n_states] = before
                    waiting[before] = True
                    length += 1
    return turn


@compiled
def pivots(indptr: Any, indices: Any, data: Any, discount: float) -> Any:
    """Diagonal of an incomplete LU factorisation of ``I - discount * P`` that keeps the other entries (DILU), (S,)."""
    n_states = indptr.size - 1
    diagonal = np.ones(n_states)
    for state in range(n_states):
        for k in range(indptr[state], indptr[state + 1]):
            other = indices[k]
            if other == state:
                diagonal[state] -= discount * data[k]
            elif other < state:
                for j in range(indptr[other], indptr[other + 1]):
                    if indices[j] == state:
                        diagonal[state] -= discount * discount * data[k] * data[j] / diagonal[other]
    return diagonal


@compiled
def precondition(indptr: Any, indices: Any, data: Any, discount: float, diagonal: Any, right: Any) -> Any:
    """Solve the incomplete factorisation for one right side, (S,)."""
    n_states = right.size
    out = np.empty(n_states)
    for state in range(n_states):
        total = right[state]
        for k in range(indptr[state], indptr[state + 1]):
            if indices[k] < state:
                total += discount * data[k] * out[indices[k]]
        out[state] = total / diagonal[state]
    for state in range(n_states - 1, -1, -1):
        total = 0.0
        for k in range(indptr[state], indptr[state + 1]):
            if indices[k] > state:
                total += discount * data[k] * out[indices[k]]
        out[state] += total / diagonal[state]
    return out
