"""The order in which sweeps visit the states: from where the reward is, outwards."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from rlenvs.planning.decisions import Decisions, FloatArray, IntArray, running_total


def promises(decisions: Decisions, discount: float) -> tuple[FloatArray, IntArray]:
    """What each state is worth to a planner who also picks the outcomes, roughly, and the order that follows from it.

    The search starts at the rows that can end, or, where none can, at the largest reward.

    Returns:
        Values (S,), -inf where nothing is known, and the states from the most to the least promising, (S,).
    """
    from rlenvs.planning.kernels import entering_rows, promise

    best = np.full(decisions.n_states, -np.inf)
    living = np.diff(decisions.matrix.indptr) > 0
    seeds = np.flatnonzero(decisions.ends & (living | (decisions.reward != 0)))
    if seeds.size == 0:
        seeds = np.flatnonzero(decisions.reward == decisions.reward.max())
    np.maximum.at(best, decisions.state[seeds], decisions.reward[seeds])
    states = np.flatnonzero(best > -np.inf)
    offsets, rows = entering_rows(decisions.matrix.indptr, decisions.matrix.indices, decisions.n_states)
    owner = decisions.state.astype(np.int32)
    turn = promise(offsets, rows, owner, decisions.reward, states[np.argsort(-best[states])], discount, best)
    return best, np.lexsort((turn, -best))


def reordered(decisions: Decisions, order: IntArray) -> tuple[Decisions, IntArray]:
    """The same problem with its states in another order, so that sweeps read memory from front to back.

    Returns:
        The problem, and for each of its rows the original one, (R,).
    """
    rank = np.empty(order.size, dtype=np.int64)
    rank[order] = np.arange(order.size)
    counts = np.diff(decisions.first)[order]
    first = running_total(counts)
    rows = np.repeat(decisions.first[:-1][order] - first[:-1], counts) + np.arange(first[-1])
    matrix = decisions.matrix[rows]
    moved = csr_array(
        (matrix.data, rank[matrix.indices].astype(matrix.indices.dtype), matrix.indptr), shape=matrix.shape
    )
    return Decisions(first, moved, decisions.reward[rows], decisions.ends[rows], decisions.label[rows]), rows
