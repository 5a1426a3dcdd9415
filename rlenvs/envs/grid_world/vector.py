"""Many grid worlds at once."""

from __future__ import annotations

from typing import Any, ClassVar

from rlenvs.core.finite_vector import FiniteVectorEnv
from rlenvs.envs.grid_world.environment import GridWorld


class GridWorldVector(FiniteVectorEnv):
    """Lanes of :class:`GridWorld`: takes its arguments and those of :class:`rlenvs.core.VectorRulesEnv`."""

    single: ClassVar[Any] = GridWorld
