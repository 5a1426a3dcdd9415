"""The rules of Snake for the single environment: the kernel on plain lists."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rlenvs.core import MOVES
from rlenvs.envs.snake import kernel, observations
from rlenvs.envs.snake.game import Game
from rlenvs.envs.snake.picture import picture
from rlenvs.rendering import Scene


class SnakeState:
    """One board; the fields are those of :mod:`rlenvs.envs.snake.kernel`."""

    __slots__ = ("board", "body", "snake")

    def __init__(self, n_cells: int) -> None:
        self.board = bytearray(n_cells)
        self.body = [0] * n_cells
        self.snake = [0] * kernel.N_NUMBERS


class SnakeRules:
    """Snake as the engine asks for it."""

    action_meanings = MOVES

    def __init__(self, game: Game, observation: str, cell_pixels: int) -> None:
        self.game = game
        self.observation = observation
        self.cell_pixels = cell_pixels
        self.observation_space = observations.observation_space(observation, game, cell_pixels)
        self._shape = (game.n_rows, game.n_columns)
        self.observe = {
            "board": self._codes,
            "planes": self._planes,
            "features": self._features,
            "image": self._image,
        }[observation]

    def initial(self, u: float) -> SnakeState:
        """A head in the middle and food somewhere else."""
        state = SnakeState(self.game.n_cells)
        kernel.initial(state.board, state.body, state.snake, self.game.start, u)
        return state

    def transition(self, state: SnakeState, action: int, u: float) -> tuple[SnakeState, float, bool, bool]:
        """One move; the state is changed in place."""
        game = self.game
        reward, terminated, truncated = kernel.transition(
            state.board, state.body, state.snake, action, u, game.n_columns, game.limit, game.rewards
        )
        return state, reward, terminated, truncated

    def info(self, state: SnakeState) -> dict[str, Any]:
        """``score``: the food eaten so far."""
        return {"score": state.snake[kernel.LENGTH] - 1}

    def scene(self, state: SnakeState) -> Scene:
        """The board as a picture."""
        slot, length = state.snake[kernel.SLOT], state.snake[kernel.LENGTH]
        path = [state.body[slot - back] for back in range(length)]  # head first; the ring wraps as lists do
        return picture(self.game, path, state.snake[kernel.HEADING], state.snake[kernel.FOOD_CELL])

    def _codes(self, state: SnakeState) -> NDArray[np.uint8]:
        return np.frombuffer(state.board, dtype=np.uint8).reshape(self._shape).copy()

    def _planes(self, state: SnakeState) -> NDArray[np.uint8]:
        return observations.planes_of(self._codes(state))

    def _image(self, state: SnakeState) -> NDArray[np.uint8]:
        return observations.image_of(self._codes(state), self.cell_pixels)

    def _features(self, state: SnakeState) -> NDArray[np.float32]:
        out = np.empty(kernel.N_FEATURES, dtype=np.float32)
        kernel.features(state.board, state.body, state.snake, self.game.n_columns, self.game.limit, out)
        return out
