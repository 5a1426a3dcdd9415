"""A deep Q-network that counts in episodes, as the textbook's do."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rlenvs_agents.dqn.agent import DQN
from rlenvs_agents.exploration import EpsilonGreedy
from rlenvs_agents.reporting import Snapshot

EPISODES = 600
FALLING = 500  # episodes over which ε falls
LAST_EPSILON = 0.01
WARM_UP = 50  # episodes before the first update that an episode brings


class EpisodicDQN(DQN):
    """ε falls from 1 to 0.01 over 500 episodes, whatever the config says; updates come as the config says."""

    def _begin(self, observation: Any, info: dict[str, Any]) -> None:
        super()._begin(observation, info)
        self._exploration = EpsilonGreedy(max(1 - self.episodes.count / FALLING, LAST_EPSILON))


class OncePerEpisodeDQN(EpisodicDQN):
    """One update after each episode but the first 50; the weights are kept that played the longest episode so far.

    Of equal ones the latest. Needs a config of ``learning_starts`` 0 and ``train_every_steps`` 1.

    Attributes:
        kept: those weights.
    """

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.kept: NDArray[np.float32] = self.weights
        self._longest = 0

    def _learn_after(self, step: int) -> None:
        """Not now."""

    def _begin(self, observation: Any, info: dict[str, Any]) -> None:
        if self.episodes.lengths and self.episodes.lengths[-1] >= self._longest:
            self._longest = self.episodes.lengths[-1]
            self.kept = self.weights
        if self.episodes.count > WARM_UP:
            super()._learn_after(self.num_timesteps)
        super()._begin(observation, info)


class EndOfEpisodes:
    """Learning ends with the last episode of the budget.

    Args:
        episodes: the budget.
    """

    every = 1

    def __init__(self, episodes: int = EPISODES) -> None:
        self.episodes = episodes

    def __call__(self, snapshot: Snapshot) -> bool:
        """True when it has been played."""
        return snapshot.n_episodes >= self.episodes
