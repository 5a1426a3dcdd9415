"""Many games of Snake at once."""

from __future__ import annotations

from typing import Any, ClassVar

from rlenvs.core.vector_environment import VectorRulesEnv
from rlenvs.envs.snake.environment import Snake
from rlenvs.envs.snake.lanes import SnakeLanes


class SnakeVector(VectorRulesEnv):
    """Lanes of :class:`Snake`: takes its arguments and those of :class:`rlenvs.core.VectorRulesEnv`.

    Memory per lane: 70 bytes and 2 per cell of the board (3 on boards of more than 256 cells): 358 for 12×12.
    """

    single: ClassVar[Any] = Snake
    lanes_of: ClassVar[Any] = SnakeLanes
