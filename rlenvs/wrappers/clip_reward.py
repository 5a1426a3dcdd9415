"""ClipReward: keeps rewards of different games in one range."""

from __future__ import annotations

from typing import TypeVar

import gymnasium as gym

from rlenvs.wrappers.reward_change import RewardChange

ObsT = TypeVar("ObsT")
ActT = TypeVar("ActT")


class ClipReward(RewardChange[ObsT, ActT]):
    """Cuts the reward off at ``low`` and ``high`` (Mnih et al., 2015, Methods). Can change which policy is best.

    Gymnasium's wrapper of that name loses the reward; here it stays in ``info["raw_reward"]``. Spaces stay as they are.
    No vector version exists.

    Args:
        env: the environment to wrap.
        low: the smallest reward given.
        high: the largest reward given.

    Raises:
        ValueError: if ``low`` is not below ``high``.

    Change logs:
     * v0.1.0 - added
    """

    def __init__(self, env: gym.Env[ObsT, ActT], low: float = -1.0, high: float = 1.0) -> None:
        if not low < high:
            raise ValueError(f"`low` must be below `high`, got low={low!r}, high={high!r}.")
        gym.utils.RecordConstructorArgs.__init__(self, low=low, high=high)
        super().__init__(env)
        self._low = float(low)
        self._high = float(high)

    def changed(self, reward: float, observation: ObsT, *, terminated: bool, truncated: bool) -> float:
        """The reward, cut off."""
        del observation, terminated, truncated
        return min(max(reward, self._low), self._high)
