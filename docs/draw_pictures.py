"""Draws the pictures of the README and of the documentation again: `make pictures`."""

import sys
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
from PIL import Image

import rlenvs  # noqa: F401  # registers the environments

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a script, it does not see its own folder

from docs.drawing.films import film_all
from docs.drawing.wrappers import draw_all

FOLDER = Path(__file__).parent / "pictures"
HEIGHT = 480


def save(name: str, frame: Any) -> None:
    """Save a frame, no higher than needed in a page."""
    image = Image.fromarray(frame)
    if image.height > HEIGHT:
        image = image.resize((round(image.width * HEIGHT / image.height), HEIGHT), Image.Resampling.LANCZOS)
    FOLDER.mkdir(exist_ok=True)
    image.save(FOLDER / f"{name}.png", optimize=True)


def first_frame(env_id: str, **settings: Any) -> Any:
    """The picture of an environment after its reset."""
    env = gym.make(env_id, render_mode="rgb_array", **settings)
    env.reset(seed=0)
    frame = env.render()
    env.close()
    return frame


def snake_frame(length: int) -> Any:
    """Snake, after a careful player has eaten for a while."""
    env = gym.make("rlenvs/Snake-v0", render_mode="rgb_array")
    board, _ = env.reset(seed=4)
    while (board == 1).sum() + 1 < length:
        board, _, terminated, truncated, _ = env.step(careful_move(board))
        if terminated or truncated:
            board, _ = env.reset()
    return env.render()


def careful_move(board: Any) -> int:
    """The move that is nearest to the food among those that leave most room; one step ahead."""
    row, column = np.argwhere(board == 2)[0]
    food = np.argwhere(board == 3)[0]
    choices = []
    for move, (down, right) in enumerate(((-1, 0), (1, 0), (0, -1), (0, 1))):
        cell = (row + down, column + right)
        inside = 0 <= cell[0] < board.shape[0] and 0 <= cell[1] < board.shape[1]
        if inside and board[cell] != 1:
            choices.append((np.abs(food - cell).sum(), move))
    return min(choices)[1] if choices else 0


def main() -> None:
    """Draw them all."""
    save("grid_world", first_frame("rlenvs/GridWorld6x6-v0", overlay="both", overlay_discount=0.95))
    save("mdp", first_frame("rlenvs/MDP-v0", overlay="both"))
    save("markov_chain", first_frame("rlenvs/MarkovChain-v0"))
    save("snake", snake_frame(length=14))
    draw_all(FOLDER / "wrappers")
    film_all(FOLDER)


main()
