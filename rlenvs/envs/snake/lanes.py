"""The rules of Snake for the vector environment: the kernel, compiled, on one row of arrays per lane."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rlenvs.core.compiling import Function, compiled
from rlenvs.core.lanes import Loops, lane_loops
from rlenvs.envs.snake import kernel, observations
from rlenvs.envs.snake.rules import SnakeRules, SnakeState


def initial(board: Any, body: Any, snake: Any, start: int, u: float) -> None:
    """The kernel's, which stands here when compiled."""
    raise NotImplementedError


def transition(*arguments: Any) -> tuple[float, bool, bool]:
    """The kernel's, which stands here when compiled."""
    raise NotImplementedError


def features(*arguments: Any) -> None:
    """The kernel's, which stands here when compiled."""
    raise NotImplementedError


def begin(lane: int, u: float, game: Any) -> None:
    """Start a lane."""
    board, body, snake, start, _, _, _ = game
    initial(board[lane], body[lane], snake[lane], start, u)


def advance(lane: int, action: int, u: float, game: Any) -> tuple[float, bool, bool]:
    """Move a lane on; return reward, terminated, truncated."""
    board, body, snake, _, n_columns, limit, rewards = game
    return transition(board[lane], body[lane], snake[lane], action, u, n_columns, limit, rewards)


def all_features(board: Any, body: Any, snake: Any, n_columns: int, limit: int, out: Any) -> None:
    """The features of all lanes, (n, 12)."""
    for lane in range(len(board)):
        features(board[lane], body[lane], snake[lane], n_columns, limit, out[lane])


@cache
def _heading() -> dict[str, Function]:
    landing = compiled(kernel.landing, neighbour=compiled(kernel.neighbour))
    return {"heading_after": compiled(kernel.heading_after), "landing": landing}


@cache
def snake_loops() -> Loops:
    """The compiled loops over boards of any size."""
    food = compiled(kernel.place_food)
    return lane_loops(
        compiled(begin, initial=compiled(kernel.initial, place_food=food)),
        compiled(advance, transition=compiled(kernel.transition, place_food=food, **_heading())),
    )


@cache
def _all_features() -> Function:
    return compiled(all_features, features=compiled(kernel.features, **_heading()))


class SnakeLanes:
    """Boards (n, cells) uint8, rings (n, cells) and five numbers (n, 5) int32.

    The rings hold cells in the smallest type that can: with many lanes a step takes as long as fetching the states
    from memory does, and rings of 4 bytes per cell make it four times slower at 65 536 lanes.
    """

    loops = staticmethod(snake_loops)

    def __init__(self, rules: SnakeRules, n_lanes: int) -> None:
        game = rules.game
        self.rules = rules
        self.board: NDArray[np.uint8] = np.zeros((n_lanes, game.n_cells), dtype=np.uint8)
        self.body: NDArray[Any] = np.zeros((n_lanes, game.n_cells), dtype=np.min_scalar_type(game.n_cells - 1))
        self.snake: NDArray[np.int32] = np.zeros((n_lanes, kernel.N_NUMBERS), dtype=np.int32)
        self.changing = (self.board, self.body, self.snake)
        self.game = (*self.changing, game.start, game.n_columns, game.limit, np.array(game.rewards))
        self._write = _WRITERS[rules.observation]

    def observe(self, out: NDArray[Any], which: NDArray[np.intp] | None = None) -> None:
        """Write the observations of all lanes, or of those of ``which``."""
        if which is None:
            self._write(self, self.changing, out)
            return
        part = np.empty((which.size, *out.shape[1:]), dtype=out.dtype)
        needed = self.changing if self._write is _features else self.changing[:1]
        self._write(self, [array.take(which, axis=0) for array in needed], part)
        out[which] = part

    def boards(self, codes: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """A view of codes (n, cells) as (n, rows, columns)."""
        return codes.reshape(-1, self.rules.game.n_rows, self.rules.game.n_columns)

    def info(self) -> dict[str, NDArray[Any]]:
        """``score`` (n,) int64."""
        return {"score": np.subtract(self.snake[:, kernel.LENGTH], 1, dtype=np.int64)}

    def state(self, lane: int) -> SnakeState:
        """The state of one lane, copied into plain lists."""
        state = SnakeState(self.rules.game.n_cells)
        state.board[:] = self.board[lane].tobytes()
        state.body[:] = self.body[lane].tolist()
        state.snake[:] = self.snake[lane].tolist()
        return state


# Each writes the observations of the lanes whose arrays it is given: boards first, then rings and numbers.


def _codes(lanes: SnakeLanes, arrays: Sequence[NDArray[Any]], out: NDArray[Any]) -> None:
    out[...] = lanes.boards(arrays[0])


def _planes(lanes: SnakeLanes, arrays: Sequence[NDArray[Any]], out: NDArray[Any]) -> None:
    out[...] = observations.planes_of(lanes.boards(arrays[0]))


def _image(lanes: SnakeLanes, arrays: Sequence[NDArray[Any]], out: NDArray[Any]) -> None:
    out[...] = observations.image_of(lanes.boards(arrays[0]), lanes.rules.cell_pixels)


def _features(lanes: SnakeLanes, arrays: Sequence[NDArray[Any]], out: NDArray[Any]) -> None:
    game = lanes.rules.game
    _all_features()(*arrays, game.n_columns, game.limit, out)


_WRITERS = {"board": _codes, "planes": _planes, "image": _image, "features": _features}
