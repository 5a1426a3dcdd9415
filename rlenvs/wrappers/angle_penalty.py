"""AnglePenalty: CartPole's pole should stand upright, not merely not fall."""

from __future__ import annotations

from typing import TypeVar

import gymnasium as gym
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from rlenvs.wrappers.reward_change import RewardChange

ActT = TypeVar("ActT")
Vector = NDArray[np.floating]


class AnglePenalty(RewardChange[Vector, ActT]):
    """Takes ``min(|angle|, limit)`` from the reward of each step. Not policy-preserving: what is best can change.

    Spaces stay as they are; the reward without the penalty is in ``info["raw_reward"]``. No vector version exists.

    Args:
        env: the environment to wrap; its observations are vectors.
        limit: the largest penalty of a step.
        index: which entry of the observation is the angle, in radians; 2 in CartPole.

    Raises:
        TypeError: if the observations are no vectors.
        ValueError: if an argument is out of range.

    Change logs:
     * v0.1.0 - added
    """

    def __init__(self, env: gym.Env[Vector, ActT], *, limit: float = 0.7, index: int = 2) -> None:
        space = env.observation_space
        if not isinstance(space, spaces.Box) or len(space.shape) != 1:
            raise TypeError(f"AnglePenalty reads the angle from a vector, got observations in {space}.")
        if not 0 <= index < space.shape[0]:
            raise ValueError(f"`index` must be in 0 … {space.shape[0] - 1}, got {index!r}.")
        if not limit > 0:
            raise ValueError(f"`limit` must be positive, got {limit!r}.")
        gym.utils.RecordConstructorArgs.__init__(self, limit=limit, index=index)
        super().__init__(env)
        self._limit = float(limit)
        self._index = index

    def changed(self, reward: float, observation: Vector, *, terminated: bool, truncated: bool) -> float:
        """The reward without the penalty of the angle reached."""
        del terminated, truncated
        return reward - min(abs(float(observation[self._index])), self._limit)
