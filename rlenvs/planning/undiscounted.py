"""Discount 1 without a horizon: made a problem in which every useful policy ends.

Two things stand in the way of the usual equations when nothing is discounted. Where a planner can go round without
reward, every large enough constant solves them; such states are merged into one, which may also stop there for ever
with value 0. And where no policy can come to an end, the reward is paid for ever and the value is minus infinity; such
states are cut off. What remains is a stochastic shortest path problem, whose equations have one solution (Bertsekas and
Tsitsiklis, 1991; the merging is that of de Alfaro, 1997).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array, vstack

from rlenvs.planning.decisions import BoolArray, Decisions, FloatArray, IntArray, running_total
from rlenvs.planning.improvement import UnboundedReturnError
from rlenvs.planning.structure import end_components, proper_choice, reach, rows_within

GAIN_LIMIT = 20_000
"""Rows up to which a loop with gains and losses is looked into; in larger ones any gain is taken for endless."""
TOLERANCE = 1e-9
"""Of the mean reward, beside the largest reward: what is nearer to 0 may be 0."""


@dataclass(frozen=True)
class ShortestPath:
    """The problem in which every state has a policy that ends, and the way back from it."""

    original: Decisions
    merged: Decisions
    member_of: IntArray  # (S,) merged state of each state
    idle_rows: BoolArray  # (R,) rows that go round without reward
    source: IntArray  # (merged R,) the original row of each merged row, -1: stop here
    lost: BoolArray  # (merged S,) states from which every policy pays for ever
    choice: IntArray  # (merged S,) rows of a policy that ends

    def values(self, merged_values: FloatArray) -> FloatArray:
        """Values of the original states, (S,)."""
        values: FloatArray = np.where(self.lost, -np.inf, merged_values)[self.member_of]
        return values

    def rows(self, merged_choice: IntArray) -> IntArray:
        """A row for each original state (S,) that follows the policy of the merged states."""
        chosen = self.source[merged_choice]
        goal = np.zeros(self.original.n_states, dtype=np.bool_)
        goal[self.original.state[chosen[chosen >= 0]]] = True
        _, rows = reach(self.original, self.idle_rows, goal)
        exits = chosen[chosen >= 0]
        rows[self.original.state[exits]] = exits
        idle = np.flatnonzero(self.idle_rows)
        any_row = self.original.first[:-1].copy()
        any_row[self.original.state[idle][::-1]] = idle[::-1]
        return np.where(rows >= 0, rows, any_row)


def shortest_path(decisions: Decisions) -> ShortestPath:
    """Merge where nothing is earned, cut off what is lost.

    Raises:
        UnboundedReturnError: if reward can be earned for ever in a place from which there is no end.
    """
    idle = decisions.reward == 0
    member_of, idle_rows = end_components(decisions, idle)
    if idle_rows.any():
        merged, source = _merge(decisions, member_of, idle_rows)
    else:
        member_of = np.arange(decisions.n_states)
        merged, source = decisions, np.arange(decisions.reward.size)
    surely, choice = proper_choice(merged, np.ones(merged.reward.size, dtype=np.bool_))
    lost = ~surely
    if lost.any():
        _check_lost(decisions, lost[member_of])
        kept = rows_within(merged, surely) & surely[merged.state]
        merged, source, choice = _cut_off(merged, source, choice, kept, lost)
    return ShortestPath(decisions, merged, member_of, idle_rows, source, lost, choice)


def _merge(decisions: Decisions, member_of: IntArray, idle_rows: BoolArray) -> tuple[Decisions, IntArray]:
    n_merged = int(member_of.max()) + 1
    stops = np.unique(member_of[decisions.state[idle_rows]])
    source = np.concatenate([np.flatnonzero(~idle_rows), np.full(stops.size, -1)])
    owner = np.concatenate([member_of[decisions.state[~idle_rows]], stops])
    order = np.argsort(owner, kind="stable")
    source, owner = source[order], owner[order]
    real = source >= 0
    kept = decisions.matrix[source[real]]
    lengths = np.zeros(source.size, dtype=np.int64)
    lengths[real] = np.diff(kept.indptr)
    matrix: csr_array[Any] = csr_array(
        (kept.data, member_of[kept.indices], running_total(lengths)), shape=(source.size, n_merged)
    )
    merged = Decisions(
        first=running_total(np.bincount(owner, minlength=n_merged)),
        matrix=matrix,
        reward=np.where(real, decisions.reward[source], 0.0),
        ends=decisions.ends[source] | ~real,
        label=source,
    )
    return merged, source


def _check_lost(decisions: Decisions, lost: BoolArray) -> None:
    """Minus infinity is right where every way of going on for ever costs; elsewhere say that there is no answer."""
    _, recurring = end_components(decisions, lost[decisions.state])
    earning = np.flatnonzero(recurring & (decisions.reward > 0))
    if not earning.size:
        return
    rows = np.flatnonzero(recurring)
    if rows.size > GAIN_LIMIT or _largest_gain(decisions, rows) > -TOLERANCE * np.abs(decisions.reward[rows]).max():
        raise UnboundedReturnError(int(decisions.state[earning[0]]))


def _largest_gain(decisions: Decisions, rows: IntArray) -> float:
    """The largest mean reward per step that is had for ever by some of the rows, which stay among themselves.

    It is a linear program over how often each row is used (Puterman, 1994, section 9.3): every state is entered as
    often as it is left.
    """
    from scipy.optimize import linprog

    owner = csr_array(
        (np.ones(rows.size), (decisions.state[rows], np.arange(rows.size))), (decisions.n_states, rows.size)
    )
    balance = owner - decisions.matrix[rows].T
    once = csr_array(np.ones((1, rows.size)))
    answer = linprog(
        -decisions.reward[rows],
        A_eq=vstack([balance, once], format="csr"),
        b_eq=np.append(np.zeros(decisions.n_states), 1.0),
        method="highs",
    )
    return np.inf if answer.fun is None else -float(answer.fun)


def _cut_off(
    merged: Decisions, source: IntArray, choice: IntArray, kept: BoolArray, lost: BoolArray
) -> tuple[Decisions, IntArray, IntArray]:
    """Keep the rows that risk nothing; a lost state gets its first row, emptied."""
    rows = kept.copy()
    rows[merged.first[:-1][lost]] = True
    position = np.cumsum(rows) - 1
    part = merged.keep(rows)
    matrix = csr_array(part.matrix.multiply(kept[rows][:, None].astype(np.float64)))
    matrix.eliminate_zeros()
    cut = Decisions(
        first=part.first,
        matrix=matrix,
        reward=np.where(kept[rows], part.reward, 0.0),
        ends=part.ends | ~kept[rows],
        label=part.label,
    )
    new_choice = np.where(lost, cut.first[:-1], position[choice])
    new_source = np.where(kept[rows], source[rows], -1)
    return cut, new_source, new_choice
