"""EarlyFailurePenalty: a large penalty for an episode that fails soon."""

from __future__ import annotations

from typing import TypeVar

import gymnasium as gym

from rlenvs.wrappers.reward_change import RewardChange

ObsT = TypeVar("ObsT")
ActT = TypeVar("ActT")


class EarlyFailurePenalty(RewardChange[ObsT, ActT]):
    """Takes ``penalty`` from the reward of a step that terminates the episode before step ``before``.

    Steps are counted from 1: with ``before=150`` a termination at step 149 is punished, one at step 150 is not. A
    truncation never is. Not policy-preserving: what is best can change. Spaces stay as they are; the reward without
    the penalty is in ``info["raw_reward"]``. No vector version exists.

    Args:
        env: the environment to wrap.
        penalty: what is taken.
        before: the first step at which a termination is no failure any more.

    Raises:
        ValueError: if ``before`` is not positive.

    Change logs:
     * v0.1.0 - added
    """

    def __init__(self, env: gym.Env[ObsT, ActT], *, penalty: float = 200.0, before: int = 150) -> None:
        if before < 1:
            raise ValueError(f"`before` must be at least 1, got {before!r}.")
        gym.utils.RecordConstructorArgs.__init__(self, penalty=penalty, before=before)
        super().__init__(env)
        self._penalty = float(penalty)
        self._before = before
        self._step = 0

    def begin(self, observation: ObsT) -> None:
        """Start counting."""
        del observation
        self._step = 0

    def changed(self, reward: float, observation: ObsT, *, terminated: bool, truncated: bool) -> float:
        """The reward, less the penalty if the episode has failed."""
        del observation, truncated
        self._step += 1
        return reward - self._penalty if terminated and self._step < self._before else reward
