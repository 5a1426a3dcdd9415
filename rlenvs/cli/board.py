"""Which environments are boards of cells, how their states lie on it, and which way their actions point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from rlenvs.core import FiniteMDP
from rlenvs.envs.grid_world import GridWorld

WORDS = ("up", "down", "left", "right")


@dataclass(frozen=True, eq=False)
class Board:
    """A board whose cells, in reading order, are the first states of a model.

    Attributes:
        letters: (rows, columns) what stands on each cell.
        shown: (rows, columns) the cells in which a choice is made: no wall, not the end.
        directions: one of "up", "down", "left", "right" per action; empty if the actions do not point anywhere.
    """

    letters: NDArray[np.str_]
    shown: NDArray[np.bool_]
    directions: tuple[str, ...]

    @property
    def n_cells(self) -> int:
        """Rows times columns."""
        return self.letters.size

    def on_cells(self, per_state: NDArray[Any]) -> NDArray[Any]:
        """An array per state, (S, ...), as an array per cell, (rows, columns, ...)."""
        return per_state[: self.n_cells].reshape(*self.letters.shape, *per_state.shape[1:])


def board_of(env: gym.Env[Any, Any], mdp: FiniteMDP) -> Board | None:
    """The board of a grid world or of one of Gymnasium's toy-text grids; None for anything else."""
    base = env.unwrapped
    if isinstance(base, GridWorld):
        cells = base.cells
        shape = (cells.n_rows, cells.n_columns)
        choices = ~(cells.closed | cells.terminal)
        words = tuple(word.lower() for word in base.action_meanings)
        return Board(cells.letters.reshape(shape), choices.reshape(shape), words if set(words) == set(WORDS) else ())
    letters = _toy_text_letters(base, mdp)
    if letters is None or letters.size != base.observation_space.n:  # type: ignore[attr-defined]  # toy text: Discrete
        return None
    shown = ~mdp.terminal[: letters.size].reshape(letters.shape)
    return Board(letters, shown, _directions(mdp, *letters.shape))


def _toy_text_letters(base: Any, mdp: FiniteMDP) -> NDArray[np.str_] | None:
    """The map of FrozenLake and its kin (``desc``), or the bare shape of CliffWalking."""
    description, shape = getattr(base, "desc", None), getattr(base, "shape", None)
    if isinstance(description, np.ndarray) and description.ndim == 2 and description.dtype.kind == "S":
        return np.char.decode(description, "ascii")
    if isinstance(shape, tuple) and len(shape) == 2 and int(np.prod(shape)) <= mdp.n_states:
        letters = np.full(mdp.n_states, ".")
        letters[mdp.terminal] = "G"
        letters[mdp.start_states] = "S"
        return letters[: int(np.prod(shape))].reshape(shape)
    return None


def _directions(mdp: FiniteMDP, rows: int, columns: int) -> tuple[str, ...]:
    """Where each action leads on average, read from the model: slips and edges cancel, the meant direction stays."""
    offsets, successor, probability, _ = mdp.outcomes
    row_of = np.repeat(np.arange(offsets.size - 1), np.diff(offsets))
    state, action = np.divmod(row_of, mdp.n_actions)
    inside = (state < rows * columns) & (successor < rows * columns) & ~mdp.terminal[state]
    down = np.where(inside, successor // columns - state // columns, 0)
    right = np.where(inside, successor % columns - state % columns, 0)
    weight = probability * (np.abs(down) + np.abs(right) == 1)
    drift_down = np.bincount(action, weight * down, minlength=mdp.n_actions)
    drift_right = np.bincount(action, weight * right, minlength=mdp.n_actions)
    towards = np.stack([-drift_down, drift_down, -drift_right, drift_right], axis=1)  # (A, 4)
    words = tuple(WORDS[best] for best in towards.argmax(axis=1).tolist())
    return words if len(set(words)) == mdp.n_actions and (towards.max(axis=1) > 0).all() else ()
