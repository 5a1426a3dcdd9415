"""The picture of a game of Snake."""

from __future__ import annotations

from collections.abc import Sequence

from rlenvs.envs.snake.game import Game
from rlenvs.rendering import Scene


def picture(game: Game, path: Sequence[int], heading: int, food: int) -> Scene:
    """The board; ``path`` are the cells of the snake, head first, ``food`` is -1 where there is none."""
    letters = ["."] * game.n_cells
    for cell in path:
        letters[cell] = "o"
    letters[path[0]] = "^v<>"[heading]
    if food >= 0:
        letters[food] = "*"
    rows = ["".join(letters[row * game.n_columns : (row + 1) * game.n_columns]) for row in range(game.n_rows)]
    return Scene(64, 64, (255, 255, 255), (), text="\n".join([*rows, f"score {len(path) - 1}"]))
