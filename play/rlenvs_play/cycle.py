"""A way through all cells of a board that comes back to where it began."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

UP, DOWN, LEFT, RIGHT = 0, 1, 2, 3


def cycle_moves(rows: int, columns: int) -> NDArray[np.int64]:
    """The move to make on each cell, (rows, columns), so that every cell is visited in turn.

    The first column leads upwards; the rest is crossed row by row. With an odd number of rows the board is laid on
    its side.

    Raises:
        ValueError: if both sides are odd (then no such way exists) or one is below 2.
    """
    if rows < 2 or columns < 2 or (rows % 2 and columns % 2):
        raise ValueError(
            f"A cycle through all cells needs a board of at least 2×2 with an even side, got {rows}×{columns}."
        )
    if rows % 2:
        turned = np.array([LEFT, RIGHT, UP, DOWN])
        return np.asarray(turned[cycle_moves(columns, rows)].T)
    moves = np.full((rows, columns), UP)
    for row in range(rows):
        forth = row % 2 == 0
        moves[row, 1:] = RIGHT if forth else LEFT
        last = row == rows - 1
        if forth:
            moves[row, -1] = DOWN
        elif not last:
            moves[row, 1] = DOWN
    moves[0, 0] = RIGHT
    return moves
