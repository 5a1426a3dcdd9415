"""The picture of `rlenvs solve --png`."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np

from rlenvs.cli.answer import Answer
from rlenvs.cli.board import WORDS, Board
from rlenvs.cli.failures import UsageError
from rlenvs.core import FiniteEnv, Overlay
from rlenvs.rendering import Scene
from rlenvs.rendering.grid import Mark, MarkKind
from rlenvs.rendering.grid_diagram import GridDiagram
from rlenvs.rendering.grid_overlay import GridOverlay

KINDS: dict[str, MarkKind] = {"S": "start", "H": "hole", "G": "goal", "#": "wall"}


def scene_of(made: gym.Env[Any, Any], found: Answer) -> Scene:
    """The environment's own picture with the values and the policy on it; for toy text a board of the same kind.

    Raises:
        UsageError: if there is nothing to draw.
    """
    base = made.unwrapped
    if isinstance(base, FiniteEnv):
        return base.rules.picture(int(found.mdp.start_states[0]), Overlay(found.values, found.best))
    if found.board is None:
        raise UsageError(f"`--png` draws boards and the environments of rlenvs; {found.env} is neither.")
    return _diagram(found, found.board).scene()


def _diagram(found: Answer, board: Board) -> GridDiagram:
    rows, columns = board.letters.shape
    marks = tuple(
        Mark(row, column, KINDS[str(board.letters[row, column])])
        for row in range(rows)
        for column in range(columns)
        if str(board.letters[row, column]) in KINDS
    )
    values = np.where(board.shown, board.on_cells(found.values), np.nan)
    if found.best is None or not board.directions:
        return GridDiagram(rows, columns, marks, overlay=GridOverlay(values, title="value"))
    best = board.on_cells(found.best) * board.shown[..., None]
    order = [board.directions.index(word) for word in WORDS]
    policy = best[..., order] / np.maximum(best.sum(axis=-1, keepdims=True), 1)
    return GridDiagram(rows, columns, marks, overlay=GridOverlay(values, policy, title="value"))
