"""Builds the finite MDP of a grid world. Everything is done for all cells at once: a million cells take seconds."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rlenvs.core import FiniteMDP, Outcomes
from rlenvs.envs.grid_world.cells import Cells

STEPS = ((-1, 0), (1, 0), (0, -1), (0, 1))  # up, down, left, right: (rows, columns)
SIDEWAYS = ((2, 3), (2, 3), (0, 1), (0, 1))  # where a slip goes instead, half of the chance each

IntArray = NDArray[np.int64]


class Edges(NamedTuple):
    """What happens at the border: it ends the episode for `reward`, or it blocks."""

    end: bool
    reward: float
    apart: bool  # one state off the grid for each cell outside, instead of a single one


def n_off_grid(cells: Cells, edges: Edges) -> int:
    """The number of states off the grid."""
    if not edges.end:
        return 0
    return 2 * (cells.n_rows + cells.n_columns) if edges.apart else 1


def grid_model(cells: Cells, edges: Edges, *, slip: float, step_cost: float, start: str) -> FiniteMDP:
    """The model: state ``row * columns + column``, then the states off the grid; actions up, down, left, right.

    Args:
        cells: the map.
        edges: the border.
        slip: chance that a move goes to one of the two directions beside it instead.
        step_cost: what a move costs that is blocked or leaves the grid.
        start: "S" (the start cells, uniformly) or "random" (every cell where an episode can go on).

    Raises:
        ValueError: if there is no cell to start from.
    """
    moves = [_move(cells, edges, direction, step_cost) for direction in range(4)]
    weights = np.array([1 - slip, slip / 2, slip / 2])
    directions = [(action, *SIDEWAYS[action]) for action in range(4)]
    n_cells, n_off = cells.wall.size, n_off_grid(cells, edges)
    landing = np.stack([np.stack([moves[d][0] for d in ways], axis=1) for ways in directions], axis=1)
    gain = np.stack([np.stack([moves[d][1] for d in ways], axis=1) for ways in directions], axis=1)
    used = weights > 0
    per_row = int(used.sum())
    n_rows = n_cells * 4
    outcomes = Outcomes(
        # The states off the grid have no rows of their own: they are terminal.
        np.concatenate([np.arange(n_rows + 1) * per_row, np.full(4 * n_off, n_rows * per_row)]),
        landing[:, :, used].ravel(),
        np.tile(weights[used], n_rows),
        gain[:, :, used].ravel(),
    )
    terminal = np.concatenate([cells.terminal | cells.closed, np.ones(n_off, dtype=np.bool_)])
    distribution = np.concatenate([_start(cells, start), np.zeros(n_off)])
    return FiniteMDP.from_outcomes(outcomes, n_cells + n_off, 4, start=distribution, terminal=terminal)


def _move(cells: Cells, edges: Edges, direction: int, step_cost: float) -> tuple[IntArray, NDArray[np.float64]]:
    """Landing state and reward of a move in one direction, from every cell."""
    here = np.arange(cells.wall.size)
    row, column = np.divmod(here, cells.n_columns)
    down, right = STEPS[direction]
    row, column = row + down, column + right
    inside = (row >= 0) & (row < cells.n_rows) & (column >= 0) & (column < cells.n_columns)
    target = np.where(inside, row * cells.n_columns + column, here)
    target = np.where(cells.wall[target], here, target)
    entered = inside & (target != here)
    landing = np.where(entered & (cells.jump[target] >= 0), cells.jump[target], target)
    gain = np.where(entered, cells.reward[target], -step_cost)
    if edges.end:
        landing = np.where(inside, landing, _off_state(cells, edges, row, column))
        gain = np.where(inside, gain, edges.reward - step_cost)
    return landing, gain


def _off_state(cells: Cells, edges: Edges, row: IntArray, column: IntArray) -> IntArray:
    """The state of a cell outside; those above come first, then below, left, right."""
    first = cells.wall.size
    if not edges.apart:
        return np.full(row.shape, first)
    n_rows, n_columns = cells.n_rows, cells.n_columns
    return first + np.select(
        [row < 0, row >= n_rows, column < 0],
        [column, n_columns + column, 2 * n_columns + row],
        default=2 * n_columns + n_rows + row,
    )


def places(cells: Cells, n_off: int) -> IntArray:
    """Row and column of every state, (S, 2); a state off the grid has the place of the cell stepped to."""
    inside = np.stack(np.divmod(np.arange(cells.wall.size), cells.n_columns), axis=1)
    if n_off <= 1:
        return np.concatenate([inside, np.full((n_off, 2), -1)])
    along, across = np.arange(cells.n_columns), np.arange(cells.n_rows)
    outside = [
        np.stack([np.full_like(along, -1), along], axis=1),
        np.stack([np.full_like(along, cells.n_rows), along], axis=1),
        np.stack([across, np.full_like(across, -1)], axis=1),
        np.stack([across, np.full_like(across, cells.n_columns)], axis=1),
    ]
    return np.concatenate([inside, *outside])


def _start(cells: Cells, start: str) -> NDArray[np.float64]:
    open_cells = ~(cells.terminal | cells.closed)
    chosen = cells.start if start == "S" else open_cells
    if not chosen.any():
        remedy = 'mark one with S, or use `start="random"`' if start == "S" else "leave one free"
        raise ValueError(f"`layout` has no cell to start from: {remedy}.")
    return np.asarray(chosen / chosen.sum())
