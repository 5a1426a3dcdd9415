"""The agent that knows nothing: the foot of every scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rlenvs_agents.agent import Agent, IntArray
from rlenvs_agents.configs import check_number, settle
from rlenvs_agents.observations import BoolArray, read_masks
from rlenvs_agents.reporting import Reporter


@dataclass(frozen=True, kw_only=True)
class RandomConfig:
    """Settings of :class:`RandomAgent`.

    Args:
        discount: only for what is measured: a random agent learns nothing.
    """

    discount: float = 0.99

    def __post_init__(self) -> None:
        settle(self, discount=check_number("discount", self.discount, 0, 1))


class RandomAgent(Agent[RandomConfig]):
    """Chooses uniformly among the possible actions; ``deterministic`` makes no difference."""

    algorithm = "random"
    config_class = RandomConfig

    def probabilities(self, observations: Any, action_masks: Any = None) -> NDArray[np.float64]:
        """Uniform over the possible actions, (n, A)."""
        batch, _ = self.reader.batch(observations)
        masks = read_masks(action_masks, len(batch), self.n_actions)
        weights = np.ones((len(batch), self.n_actions)) if masks is None else masks.astype(np.float64)
        return np.asarray(weights / weights.sum(axis=1, keepdims=True))

    def _learn(self, reporter: Reporter) -> None:
        reporter.conclude()  # there is nothing to learn, so no step is made

    def _best(self, observations: NDArray[Any], masks: BoolArray | None) -> IntArray:
        return self._sampled(observations, masks)

    def _sampled(self, observations: NDArray[Any], masks: BoolArray | None) -> IntArray:
        if masks is None:
            return np.array([int(self._acting() * self.n_actions) for _ in observations], dtype=np.int64)
        return np.array([_pick(np.flatnonzero(row), self._acting()) for row in masks], dtype=np.int64)


def _pick(possible: IntArray, u: float) -> int:
    return int(possible[int(u * possible.size)])
