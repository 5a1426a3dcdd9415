"""What is seen of a grid world: a picture, an index, or coordinates."""

from __future__ import annotations

from functools import partial
from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from rlenvs.core import ArrayObservation, IndexObservation
from rlenvs.envs.grid_world.cells import Cells
from rlenvs.envs.grid_world.model import places

OBSERVATIONS = ("picture", "index", "coordinates")

IntArray = NDArray[np.int64]


def picture_of(n_rows: int, n_columns: int, states: IntArray) -> NDArray[np.int32]:
    """1 where the agent is, (n, rows, columns); all 0 off the grid."""
    n_cells = n_rows * n_columns
    pictures = np.zeros((states.size, n_cells), dtype=np.int32)
    inside = np.flatnonzero(states < n_cells)
    pictures[inside, states[inside]] = 1
    return pictures.reshape(-1, n_rows, n_columns)


def coordinates_of(where: NDArray[np.int32], states: IntArray) -> NDArray[np.int32]:
    """Row and column, (n, 2)."""
    return where[states]


def observation_of(kind: str, cells: Cells, n_off: int) -> IndexObservation | ArrayObservation[Any]:
    """The observation named by ``kind``, for a map with ``n_off`` states off the grid.

    Raises:
        ValueError: if there is none of that name.
    """
    n_states = cells.wall.size + n_off
    if kind == "index":
        return IndexObservation(n_states)
    if kind == "picture":
        shape = (cells.n_rows, cells.n_columns)
        space = gym.spaces.Box(0, 1, shape, dtype=np.int32)
        return ArrayObservation(space, partial(picture_of, *shape), n_states)
    if kind == "coordinates":
        where = places(cells, n_off).astype(np.int32)
        beyond = 1 if n_off else 0
        high = np.array([cells.n_rows - 1 + beyond, cells.n_columns - 1 + beyond], dtype=np.int32)
        space = gym.spaces.Box(np.full(2, -beyond, dtype=np.int32), high, dtype=np.int32)
        return ArrayObservation(space, partial(coordinates_of, where), n_states)
    raise ValueError(f"`observation` must be one of {OBSERVATIONS}, got {kind!r}.")
