"""The picture of a game of Snake."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rlenvs.core import MOVES
from rlenvs.envs.snake.game import Game
from rlenvs.rendering import BoardDiagram, Scene

_STEPS = {"UP": (-1, 0), "DOWN": (1, 0), "LEFT": (0, -1), "RIGHT": (0, 1)}


@lru_cache(maxsize=8)
def _board(n_rows: int, n_columns: int) -> BoardDiagram:
    return BoardDiagram(n_rows, n_columns)


def picture(game: Game, path: Sequence[int], heading: int, food: int) -> Scene:
    """The board; ``path`` are the cells of the snake, head first, ``food`` is -1 where there is none."""
    return _board(game.n_rows, game.n_columns).scene(
        [divmod(cell, game.n_columns) for cell in path],
        heading=_STEPS[MOVES[heading]],
        food=divmod(food, game.n_columns) if food >= 0 else None,
        left_text=f"Score {len(path) - 1}",
        right_text=f"of {game.n_cells - 1}",
        text=_text(game, path, heading, food),
    )


def _text(game: Game, path: Sequence[int], heading: int, food: int) -> str:
    """One letter per cell: ``^v<>`` the head, ``o`` the body, ``*`` the food."""
    letters = ["."] * game.n_cells
    for cell in path:
        letters[cell] = "o"
    letters[path[0]] = "^v<>"[heading]
    if food >= 0:
        letters[food] = "*"
    rows = ["".join(letters[row * game.n_columns : (row + 1) * game.n_columns]) for row in range(game.n_rows)]
    return "\n".join([*rows, f"score {len(path) - 1}"])
