"""What an agent sees of each state of a finite environment, wrappers included."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.wrappers import OrderEnforcing, PassiveEnvChecker, RecordEpisodeStatistics, TimeLimit
from numpy.typing import NDArray

from rlenvs.wrappers.reward_change import RewardChange

TRANSPARENT = (OrderEnforcing, PassiveEnvChecker, RecordEpisodeStatistics, TimeLimit)
"""Wrappers that change neither observations, actions nor the course of an episode, but for its length."""


def wrappers_of(env: gym.Env[Any, Any]) -> list[gym.Wrapper[Any, Any, Any, Any]]:
    """The wrappers around an environment, the innermost first."""
    found = []
    while isinstance(env, gym.Wrapper):
        found.append(env)
        env = env.env
    return found[::-1]


def time_limit(env: gym.Env[Any, Any]) -> int | None:
    """The least number of steps after which a TimeLimit truncates; None: there is none."""
    limits = [wrapper._max_episode_steps for wrapper in wrappers_of(env) if isinstance(wrapper, TimeLimit)]
    return min(limits, default=None)


def seen_states(env: gym.Env[Any, Any], n_states: int) -> NDArray[Any] | None:
    """The observation of every state, (S, *shape).

    Returns:
        None where it is not a function of the state alone: an unknown observation, or a wrapper that may remember.
    """
    inner: Any = env.unwrapped
    if hasattr(inner, "model") and hasattr(getattr(inner, "rules", None), "observation"):
        see = inner.rules.observation.one
        seen = np.stack([np.asarray(see(state)) for state in range(n_states)])
    elif isinstance(inner.observation_space, gym.spaces.Discrete) and hasattr(inner, "P"):
        # A state that can be entered with and without the end has a terminal twin, which nobody acts in.
        seen = np.minimum(np.arange(n_states), int(inner.observation_space.n) - 1)
    else:
        return None
    for wrapper in wrappers_of(env):
        if isinstance(wrapper, gym.ObservationWrapper):
            plain = seen.tolist() if seen.ndim == 1 else seen
            seen = np.stack([np.asarray(wrapper.observation(entry)) for entry in plain])
        elif not isinstance(wrapper, (gym.RewardWrapper, RewardChange, *TRANSPARENT)):
            return None
    return np.asarray(seen)
