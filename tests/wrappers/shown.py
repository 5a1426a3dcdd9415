"""An environment that shows what it is told to show."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
from gymnasium import spaces


class Shows(gym.Env):
    """Shows the given observations one after the other."""

    action_space = spaces.Discrete(2)

    def __init__(self, space, observations=()):
        self.observation_space = space
        self.observations = iter(observations)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return self._next(), {}

    def step(self, action):
        return self._next(), 0.0, False, False, {}

    def _next(self):
        return np.asarray(next(self.observations), self.observation_space.dtype)


def box(low, high, n=1, dtype=np.float32):
    return spaces.Box(low, high, (n,), dtype)
