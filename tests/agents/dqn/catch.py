"""Catch: a pixel falls, a paddle of three pixels meets it or not. The smallest game that needs eyes."""

import gymnasium as gym
import numpy as np

ROWS, COLUMNS = 12, 10


class Catch(gym.Env):
    """Images (2, 12, 10) uint8, the picture before and the present one; left, stay, right; +1 or -1 at the end."""

    observation_space = gym.spaces.Box(0, 255, (2, ROWS, COLUMNS), np.uint8)
    action_space = gym.spaces.Discrete(3)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self._row, self._column = 0, int(self.np_random.integers(COLUMNS))
        self._paddle = int(self.np_random.integers(1, COLUMNS - 1))
        self._before = self._now = self._picture()
        return np.stack([self._before, self._now]), {}

    def step(self, action):
        self._row += 1
        self._paddle = min(max(self._paddle + int(action) - 1, 1), COLUMNS - 2)
        self._before, self._now = self._now, self._picture()
        over = self._row == ROWS - 1
        reward = 0.0 if not over else 1.0 if abs(self._paddle - self._column) <= 1 else -1.0
        return np.stack([self._before, self._now]), reward, over, False, {}

    def _picture(self):
        picture = np.zeros((ROWS, COLUMNS), np.uint8)
        picture[ROWS - 1, self._paddle - 1 : self._paddle + 2] = 255
        picture[self._row, self._column] = 255
        return picture
