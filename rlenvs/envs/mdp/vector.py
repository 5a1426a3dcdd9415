"""Many finite Markov decision processes at once."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from rlenvs.core.actions import InvalidActionError
from rlenvs.core.finite_vector import FiniteVectorEnv
from rlenvs.envs.mdp.environment import MDP


class MDPVector(FiniteVectorEnv):
    """Lanes of :class:`MDP`: takes its arguments and those of :class:`rlenvs.core.VectorRulesEnv`."""

    single: ClassVar[Any] = MDP
    template: MDP

    def _refuse(self, actions: NDArray[np.int64]) -> None:
        """Where `invalid_action` is "error": raise for the first lane whose action is impossible."""
        if self.template.invalid_action != "error":
            return
        states: NDArray[np.int64] = self._lanes.game[0]
        inside = (actions >= 0) & (actions < self.model.n_actions)  # others are refused where all are
        possible = self.model.action_mask[states, np.where(inside, actions, 0)]
        wrong = np.flatnonzero(inside & ~possible & ~self._ended)
        if wrong.size:
            lane = int(wrong[0])
            raise InvalidActionError(
                f"`actions[{lane}]` {actions[lane]} is not possible in state {states[lane]}; possible: "
                f"{self.model.action_mask[states[lane]].nonzero()[0].tolist()}; no lane has moved. See "
                'info["action_mask"]; with `invalid_action="stay"` it would stay there with reward 0.'
            )
