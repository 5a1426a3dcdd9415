"""The picture of a grid world."""

from __future__ import annotations

from rlenvs.core import Overlay
from rlenvs.envs.grid_world.cells import Cells
from rlenvs.rendering import Scene


def picture(cells: Cells, state: int, overlay: Overlay | None) -> Scene:
    """The grid with the agent on it."""
    rows = []
    for row in range(cells.n_rows):
        letters = cells.letters[row * cells.n_columns : (row + 1) * cells.n_columns].tolist()
        if row == state // cells.n_columns:
            letters[state % cells.n_columns] = "A"
        rows.append(" ".join(letters))
    return Scene(64, 64, (255, 255, 255), (), text="\n".join(rows))
