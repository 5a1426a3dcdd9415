"""An MDP as planners want it: only possible actions, and nothing about what happens after the end."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from rlenvs.core.finite_mdp import FiniteMDP

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Decisions:
    """Rows ``first[s] : first[s + 1]`` are what state s can do.

    Outcomes that enter a terminal state are left out, because nothing is earned after them: such a row of ``matrix``
    sums to less than 1 and is marked in ``ends``. A terminal state has one row, which is empty, earns 0 and ends.
    """

    first: IntArray  # (S + 1,)
    matrix: csr_array[Any]  # (R, S), may hold a successor twice
    reward: FloatArray  # (R,) mean reward
    ends: BoolArray  # (R,) whether the episode can end with this row
    label: IntArray  # (R,) state * A + action

    @property
    def n_states(self) -> int:
        """Number of states S."""
        return int(self.first.size - 1)

    @cached_property
    def state(self) -> IntArray:
        """The state that each row belongs to, (R,)."""
        return np.repeat(np.arange(self.n_states), np.diff(self.first))

    def row_values(self, values: FloatArray, discount: float) -> FloatArray:
        """What each row is worth when its successors are worth ``values``, (R,)."""
        later: FloatArray = self.matrix @ values
        return self.reward + discount * later

    def best(self, row_values: FloatArray) -> FloatArray:
        """The largest row value of each state, (S,)."""
        largest: FloatArray = np.maximum.reduceat(row_values, self.first[:-1])
        return largest

    def best_rows(self, row_values: FloatArray) -> IntArray:
        """The first row of each state that attains the largest row value, (S,)."""
        candidates = np.flatnonzero(row_values == self.best(row_values)[self.state])
        states, position = np.unique(self.state[candidates], return_index=True)
        if states.size != self.n_states:
            raise ValueError(f"row values of state {np.setdiff1d(np.arange(self.n_states), states)[0]} are no numbers.")
        return candidates[position]

    def keep(self, rows: NDArray[Any]) -> Decisions:
        """The same with some rows only; ``rows`` is a mask or ascending indices and leaves no state without a row."""
        chosen = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
        counts = np.bincount(self.state[chosen], minlength=self.n_states)
        return Decisions(
            first=running_total(counts),
            matrix=self.matrix[chosen],
            reward=self.reward[chosen],
            ends=self.ends[chosen],
            label=self.label[chosen],
        )

    def part(self, states: IntArray) -> Decisions:
        """Some states of a chain, which has one row per state; what leaves them is left out and ends."""
        inner = csr_array(self.matrix[states][:, states])
        leaves = np.diff(inner.indptr) < np.diff(self.matrix.indptr)[states]
        first = np.arange(states.size + 1)
        return Decisions(first, inner, self.reward[states], self.ends[states] | leaves, states)

    def mixed(self, weights: FloatArray) -> Decisions:
        """One row per state: its rows weighted by ``weights`` (R,), which sum to 1 in each state."""
        shape = (self.n_states, self.reward.size)
        mixing = csr_array((weights, np.arange(self.reward.size), self.first), shape=shape)
        matrix = csr_array(mixing @ self.matrix)
        matrix.eliminate_zeros()
        return Decisions(
            first=np.arange(self.n_states + 1),
            matrix=matrix,
            reward=np.asarray(mixing @ self.reward),
            ends=np.asarray(mixing @ self.ends.astype(np.float64)) > 0,
            label=np.arange(self.n_states),
        )


def running_total(counts: NDArray[Any]) -> IntArray:
    """Offsets of groups of the given sizes: 0 and the cumulative sums."""
    offsets = np.zeros(counts.size + 1, dtype=np.int64)
    np.cumsum(counts, out=offsets[1:])
    return offsets


def decisions_of(mdp: FiniteMDP) -> Decisions:
    """Read an MDP as :class:`Decisions`."""
    offsets, next_state, probability, _ = mdp.outcomes
    possible = mdp.action_mask.copy()
    possible[mdp.terminal] = False
    possible[mdp.terminal, 0] = True
    used = possible.ravel()
    goes_on = ~mdp.terminal[next_state]
    size = np.diff(offsets)
    if not used.all():
        goes_on &= np.repeat(used, size)
    left = np.add.reduceat(goes_on, offsets[:-1], dtype=np.int64)
    label = np.flatnonzero(used)
    index = np.int32 if next_state.size < np.iinfo(np.int32).max else np.int64
    matrix = csr_array(
        (probability[goes_on], next_state[goes_on].astype(index), running_total(left[label]).astype(index)),
        shape=(label.size, mdp.n_states),
    )
    return Decisions(
        first=running_total(possible.sum(axis=1)),
        matrix=matrix,
        reward=mdp.expected_reward.ravel()[label],
        ends=left[label] < size[label],
        label=label,
    )
