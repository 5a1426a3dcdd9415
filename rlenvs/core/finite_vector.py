"""The vector environment over a finite MDP."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from rlenvs.core.finite_environment import FiniteEnv
from rlenvs.core.finite_lanes import FiniteLanes
from rlenvs.core.finite_mdp import FiniteMDP
from rlenvs.core.vector_environment import VectorRulesEnv


class FiniteVectorEnv(VectorRulesEnv):
    """Many lanes of a :class:`FiniteEnv`. Memory per lane: 58 bytes; the tables of the model are shared."""

    template: FiniteEnv[Any]
    lanes_of: ClassVar[Any] = FiniteLanes

    @property
    def model(self) -> FiniteMDP:
        """The :class:`FiniteMDP` that the lanes play."""
        return self.template.model

    def action_masks(self) -> NDArray[np.bool_]:
        """The possible actions of every lane (num_envs, A); all before a reset."""
        if not self._started:
            return np.ones((self.num_envs, self.model.n_actions), dtype=np.bool_)
        masks: NDArray[np.bool_] = self.model.action_mask[self._lanes.game[0]]
        return masks
