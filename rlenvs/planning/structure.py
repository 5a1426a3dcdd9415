"""What can happen at all: who reaches whom, where a process is caught, where a planner can stay for ever."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from rlenvs.planning.decisions import BoolArray, Decisions, FloatArray, IntArray

LAYERS = 20
"""Rounds after which end components are no longer peeled layer by layer."""


def _edges(decisions: Decisions, rows: BoolArray) -> tuple[IntArray, IntArray, IntArray]:
    """Row, state and successor of every outcome of the given rows."""
    row = np.repeat(np.arange(decisions.reward.size), np.diff(decisions.matrix.indptr))
    chosen = rows[row]
    row = row[chosen]
    return row, decisions.state[row], np.asarray(decisions.matrix.indices[chosen], dtype=np.int64)


def _graph(source: NDArray[Any], target: NDArray[Any], size: int) -> csr_array[Any]:
    # Built from pairs, which merges duplicates: SciPy 1.17 searches for ever where an edge is listed twice.
    return csr_array((np.ones(source.size, dtype=np.bool_), (source, target)), shape=(size, size))


def rows_within(decisions: Decisions, states: BoolArray) -> BoolArray:
    """The rows all of whose outcomes lie in the given states, (R,)."""
    outside = np.concatenate([[0], np.cumsum(~states[decisions.matrix.indices])])
    within: BoolArray = outside[decisions.matrix.indptr[1:]] == outside[decisions.matrix.indptr[:-1]]
    return within


def reach(decisions: Decisions, rows: BoolArray, targets: BoolArray) -> tuple[BoolArray, IntArray]:
    """Which states can come to ``targets`` by the given rows, and by which row they come nearer.

    Returns:
        Mask (S,), and for every state of it that is no target a row (S,) one of whose outcomes is nearer; -1 elsewhere.
    """
    n_states = decisions.n_states
    row, state, successor = _edges(decisions, rows)
    wanted = np.flatnonzero(targets)
    backward = _graph(
        np.concatenate([successor, np.full(wanted.size, n_states)]), np.concatenate([state, wanted]), n_states + 1
    )
    order, parent = breadth_first_order(backward, n_states, return_predecessors=True)
    reached = np.zeros(n_states + 1, dtype=np.bool_)
    reached[order] = True
    nearer = parent[state] == successor
    choice = np.full(n_states, -1, dtype=np.int64)
    # Written backwards, so that the lowest row is what stays.
    choice[state[nearer][::-1]] = row[nearer][::-1]
    choice[targets] = -1
    return reached[:-1], choice


def proper_choice(decisions: Decisions, rows: BoolArray) -> tuple[BoolArray, IntArray]:
    """From where an episode can be made to end with probability 1, and how.

    Args:
        decisions: the choices.
        rows: the rows that may be used, (R,).

    Returns:
        Mask (S,) and a row for each state of it (S,), -1 elsewhere. The states are the largest set from which the
        end can be reached without ever risking to leave the set (de Alfaro, 1997).
    """
    surely = np.ones(decisions.n_states, dtype=np.bool_)
    while True:
        usable = rows & rows_within(decisions, surely)
        ending = np.flatnonzero(usable & decisions.ends)
        at_end = np.zeros(decisions.n_states, dtype=np.bool_)
        at_end[decisions.state[ending]] = True
        reached, choice = reach(decisions, usable, at_end)
        if np.array_equal(reached, surely):
            choice[decisions.state[ending][::-1]] = ending[::-1]
            return surely, choice
        surely = reached


def end_components(decisions: Decisions, rows: BoolArray) -> tuple[IntArray, BoolArray]:
    """The largest sets of states in which a planner can go round for ever by the given rows.

    Returns:
        A number for each state (S,), shared by the states of one component and by no others, and the mask (R,) of the
        rows that stay inside their component. A state without such a row is in no component.
    """
    rows = rows & ~decisions.ends
    for rounds in itertools.count():
        if rounds == LAYERS:
            rows = _without_dead_ends(decisions, rows)
        _, state, successor = _edges(decisions, rows)
        _, component = connected_components(_graph(state, successor, decisions.n_states), connection="strong")
        row, state, successor = _edges(decisions, rows)
        leaves = np.zeros(rows.size, dtype=np.bool_)
        leaves[row[component[state] != component[successor]]] = True
        if not leaves.any():
            break
        rows = rows & ~leaves
    return component.astype(np.int64), rows


def _without_dead_ends(decisions: Decisions, rows: BoolArray) -> BoolArray:
    """What :func:`end_components` would find layer by layer: rows that can lead to where nothing can be done."""
    from rlenvs.planning.kernels import drop_dead_ends, entering_rows

    matrix = decisions.matrix
    offsets, entering = entering_rows(matrix.indptr, matrix.indices, decisions.n_states)
    left = rows.copy()
    drop_dead_ends(offsets, entering, decisions.state, left)
    return left


def closed_classes(chain: Decisions) -> tuple[IntArray, BoolArray]:
    """The recurrent classes of a chain, terminal states aside.

    Returns:
        A class number for each state (S,), and for each number whether the class is never left.
    """
    _, state, successor = _edges(chain, np.ones(chain.n_states, dtype=np.bool_))
    n_classes, component = connected_components(_graph(state, successor, chain.n_states), connection="strong")
    closed = np.ones(n_classes, dtype=np.bool_)
    closed[component[chain.ends]] = False
    closed[component[state[component[state] != component[successor]]]] = False
    return component.astype(np.int64), closed


def class_distribution(chain: Decisions, members: IntArray) -> FloatArray:
    """The stationary distribution of one recurrent class, (len(members),)."""
    from rlenvs.planning.linear import solve_square

    inner = csr_array(chain.matrix[members][:, members])
    if members.size == 1:
        return np.ones(1)
    # One equation of a stationary distribution follows from the others; fix the last weight at 1 instead, then scale.
    kept = members.size - 1
    system = csr_array(np.eye(kept) - inner[:kept, :kept].toarray().T) if kept <= 1000 else _sparse_system(inner, kept)
    weights = np.append(solve_square(system, inner[[kept]].toarray().ravel()[:kept]), 1.0)
    distribution: FloatArray = np.maximum(weights, 0) / np.maximum(weights, 0).sum()
    return distribution


def _sparse_system(inner: csr_array[Any], kept: int) -> csr_array[Any]:
    from scipy.sparse import eye_array

    return csr_array(eye_array(kept) - inner[:kept, :kept].T)
