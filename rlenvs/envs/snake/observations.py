"""What is seen of a board: codes, planes, or an image. One text for one board and for many."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from rlenvs.envs.snake.game import Game
from rlenvs.envs.snake.kernel import BODY, EMPTY, FOOD, HEAD, N_FEATURES

OBSERVATIONS = ("board", "planes", "features", "image")

ByteArray = NDArray[np.uint8]

FLOOR, WALL = (28, 31, 38), (92, 99, 112)
COLOURS = {EMPTY: FLOOR, BODY: (64, 160, 92), HEAD: (170, 230, 120), FOOD: (226, 76, 66)}
BORDER = 2  # pixels of wall around the image


def observation_space(kind: str, game: Game, cell_pixels: int) -> gym.spaces.Box:
    """The space of an observation.

    Raises:
        ValueError: if there is no observation of that name, or the cells have no pixels.
    """
    if kind == "board":
        return gym.spaces.Box(0, 3, (game.n_rows, game.n_columns), dtype=np.uint8)
    if kind == "planes":
        return gym.spaces.Box(0, 255, (game.n_rows, game.n_columns, 3), dtype=np.uint8)
    if kind == "features":
        low = np.zeros(N_FEATURES, dtype=np.float32)
        low[8:10] = -1.0
        return gym.spaces.Box(low, np.ones(N_FEATURES, dtype=np.float32), dtype=np.float32)
    if kind != "image":
        raise ValueError(f"`observation` must be one of {OBSERVATIONS}, got {kind!r}.")
    if not isinstance(cell_pixels, int) or cell_pixels < 1:
        raise ValueError(f"`cell_pixels` must be an integer of at least 1, got {cell_pixels!r}.")
    height, width = (size * cell_pixels + 2 * BORDER for size in (game.n_rows, game.n_columns))
    return gym.spaces.Box(0, 255, (height, width, 3), dtype=np.uint8)


def planes_of(codes: ByteArray) -> ByteArray:
    """Codes (..., rows, columns) -> body, head and food as 0 and 255 (..., rows, columns, 3)."""
    here = codes[..., None] == np.array([BODY, HEAD, FOOD], dtype=np.uint8)
    planes: ByteArray = np.multiply(here, 255, dtype=np.uint8)
    return planes


@lru_cache(maxsize=8)
def _tiles(pixels: int) -> ByteArray:
    """A square picture for each code, (4, pixels, pixels, 3); a rim of floor keeps the cells apart where it fits."""
    tiles = np.empty((4, pixels, pixels, 3), dtype=np.uint8)
    tiles[:] = FLOOR
    rim = 1 if pixels >= 4 else 0
    for code, colour in COLOURS.items():
        tiles[code, rim : pixels - rim, rim : pixels - rim] = colour
    return tiles


def image_of(codes: ByteArray, pixels: int) -> ByteArray:
    """Codes (..., rows, columns) -> RGB image (..., rows * pixels + 4, columns * pixels + 4, 3), walls around it."""
    *lead, n_rows, n_columns = codes.shape
    height, width = n_rows * pixels, n_columns * pixels
    blocks: NDArray[Any] = np.moveaxis(_tiles(pixels)[codes], -3, -4)  # (..., rows, pixels, columns, pixels, 3)
    image = np.empty((*lead, height + 2 * BORDER, width + 2 * BORDER, 3), dtype=np.uint8)
    image[:] = WALL
    image[..., BORDER:-BORDER, BORDER:-BORDER, :] = blocks.reshape(*lead, height, width, 3)
    return image
