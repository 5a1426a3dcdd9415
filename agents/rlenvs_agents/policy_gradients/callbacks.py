"""Callbacks that keep the best weights, and stop when learning has gone well for long enough."""

from __future__ import annotations

import math
from typing import Any

from rlenvs_agents.configs import check_whole
from rlenvs_agents.reporting import Snapshot


class BestWeights:
    """Remembers the weights under which recent training episodes went best.

    Args:
        every: environment steps from one look to the next.

    Attributes:
        best_return: mean return of the recent episodes then.
        step: when that was.
    """

    def __init__(self, every: int = 1000) -> None:
        self.every = check_whole("every", every)
        self.best_return = -math.inf
        self.step = 0
        self._weights: Any = None

    def __call__(self, snapshot: Snapshot) -> None:
        """Look."""
        if snapshot.mean_return is not None and snapshot.mean_return > self.best_return:
            self.best_return, self.step = snapshot.mean_return, snapshot.step
            self._weights = snapshot.policy.weights

    def restore(self, agent: Any) -> None:
        """Give the weights to an agent with ``weights``; nothing, if no episode has ended yet."""
        if self._weights is not None:
            agent.weights = self._weights


class EarlyStopping:
    """Stops learning once the recent mean return has reached a goal at several looks in a row.

    Args:
        goal: mean return.
        patience: looks in a row.
        every: environment steps from one look to the next.
    """

    def __init__(self, goal: float, patience: int = 3, every: int = 1000) -> None:
        self.goal = goal
        self.patience = check_whole("patience", patience)
        self.every = check_whole("every", every)
        self._reached = 0

    def __call__(self, snapshot: Snapshot) -> bool:
        """True when it is enough."""
        well = snapshot.mean_return is not None and snapshot.mean_return >= self.goal
        self._reached = self._reached + 1 if well else 0
        return self._reached >= self.patience
