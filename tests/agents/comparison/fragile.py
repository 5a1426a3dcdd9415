"""An environment in which the first training run, whichever it is, comes to grief; imported by worker processes."""

import multiprocessing
import os
import signal
from pathlib import Path

import gymnasium as gym


class Fragile(gym.Env):
    """Two actions, rewards 0 and 1, episodes of ten steps.

    The first process that makes a step of training takes the file ``marker`` for itself, and then ``how`` happens to
    it: "raise" an error, or be "kill"ed. Exactly one does: making a file that must not exist is one act.
    """

    observation_space = gym.spaces.Discrete(2)
    action_space = gym.spaces.Discrete(2)

    def __init__(self, marker: str, how: str) -> None:
        self.marker, self.how, self.n = Path(marker), how, 0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.n = 0
        return 0, {}

    def step(self, action):
        self.n += 1
        if multiprocessing.parent_process() is not None:
            self._come_to_grief()
        return self.n % 2, float(action), self.n >= 10, False, {}

    def _come_to_grief(self) -> None:
        try:
            self.marker.touch(exist_ok=False)
        except FileExistsError:
            return
        if self.how == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        raise RuntimeError("the board\nbroke")


gym.register("Fragile-v0", Fragile, order_enforce=False, disable_env_checker=True)
