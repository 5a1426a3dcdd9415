"""The single environment over a finite MDP."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from rlenvs.core.environment import RulesEnv
from rlenvs.core.finite_mdp import FiniteMDP, ToyText
from rlenvs.core.finite_rules import FiniteRules

ObsT = TypeVar("ObsT")


class FiniteEnv(RulesEnv[int, ObsT]):
    """A :class:`RulesEnv` whose truth is known: it shows its model.

    Attributes:
        model: the :class:`FiniteMDP` that the environment plays.
    """

    rules: FiniteRules[ObsT]

    def __init__(self, rules: FiniteRules[ObsT], *, render_mode: str | None = None) -> None:
        super().__init__(rules, render_mode=render_mode)
        self.model: FiniteMDP = rules.mdp

    @property
    def P(self) -> ToyText:
        """The model in Gymnasium's toy-text form ``P[s][a] = [(probability, next_state, reward, terminated), …]``."""
        return self.model.P

    @property
    def initial_state_distrib(self) -> NDArray[np.float64]:
        """The start distribution (S,), under the name that Gymnasium's toy-text environments use."""
        return self.model.start.copy()

    @property
    def state(self) -> int | None:
        """The index of the present state; None before the first reset."""
        return self._state

    def action_masks(self) -> NDArray[np.bool_]:
        """The possible actions (A,), under the name that sb3-contrib's MaskablePPO asks for; all before a reset."""
        if self._state is None:
            return np.ones(self.model.n_actions, dtype=np.bool_)
        mask: NDArray[np.bool_] = self.model.action_mask[self._state]
        return mask.copy()
