"""What all wrappers share that change the reward: the raw one stays visible."""

from __future__ import annotations

from typing import Any, ClassVar, Generic, TypeVar

import gymnasium as gym

ObsT = TypeVar("ObsT")
ActT = TypeVar("ActT")


class RewardChange(gym.Wrapper[ObsT, ActT, ObsT, ActT], gym.utils.RecordConstructorArgs, Generic[ObsT, ActT]):
    """Changes the reward, and keeps the environment's own in ``info["raw_reward"]``.

    Of several such wrappers the innermost fills the entry, so it is the reward of the environment whatever their order.
    After reset it is 0. Subclasses record their arguments before they call this constructor.

    Attributes:
        policy_preserving: whether the best policies stay the best ones, in every environment.
    """

    policy_preserving: ClassVar[bool] = False

    def __init__(self, env: gym.Env[ObsT, ActT]) -> None:
        gym.Wrapper.__init__(self, env)

    def begin(self, observation: ObsT) -> None:
        """Called with the first observation of an episode."""

    def changed(self, reward: float, observation: ObsT, *, terminated: bool, truncated: bool) -> float:
        """The reward to give instead, for the step that led to ``observation``."""
        raise NotImplementedError

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[ObsT, dict[str, Any]]:
        """Reset; the info gets ``raw_reward`` 0."""
        observation, info = self.env.reset(seed=seed, options=options)
        self.begin(observation)
        return observation, {"raw_reward": 0.0, **info}

    def step(self, action: ActT) -> tuple[ObsT, float, bool, bool, dict[str, Any]]:
        """Take the action and change its reward; the info gets ``raw_reward``."""
        observation, reward, terminated, truncated, info = self.env.step(action)
        raw = float(reward)
        given = self.changed(raw, observation, terminated=terminated, truncated=truncated)
        return observation, given, terminated, truncated, {"raw_reward": raw, **info}
