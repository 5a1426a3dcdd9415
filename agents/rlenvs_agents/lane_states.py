"""How vector environments are brought back to where they were."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import gymnasium as gym
import numpy as np
from gymnasium.vector import AutoresetMode, SyncVectorEnv, VectorEnv

from rlenvs.core.lanes_shown import VectorSnapshot
from rlenvs_agents.bookmark import Bookmark

PLAIN: Mapping[str, tuple[str, ...]] = {
    "gymnasium.envs.classic_control.cartpole.CartPoleVectorEnv": ("state", "steps", "prev_done", "low", "high"),
}
"""Native vector environments of others, and what of their attributes changes, apart from ``np_random``."""

STATELESS = ("rlenvs.wrappers.", "gymnasium.wrappers.vector.vectorize_observation", "gymnasium.wrappers.vector.common")
"""Modules of vector wrappers that keep nothing which decides how an episode goes on."""


class Keeper(Protocol):
    """Knows where one vector environment is."""

    def get_state(self) -> dict[str, Any]:
        """Plain values and arrays."""

    def set_state(self, state: Mapping[str, Any]) -> None:
        """Bring the environment back.

        Raises:
            ValueError: if that cannot be done.
        """


def keeper_of(env: VectorEnv[Any, Any, Any]) -> Keeper:
    """What brings a vector environment back: by its snapshots, by those of its copies, or not at all."""
    layer: Any = env
    while isinstance(layer, gym.vector.VectorWrapper):
        if not type(layer).__module__.startswith(STATELESS):
            return Unkept(type(layer).__name__)
        layer = layer.env
    name = f"{type(layer).__module__}.{type(layer).__name__}"
    if name in PLAIN:
        return _Plain(layer, PLAIN[name])
    if isinstance(layer, SyncVectorEnv):
        return _Copies(layer)
    if hasattr(layer, "get_state") and hasattr(layer, "set_state"):
        return _Snapshots(layer)
    return Unkept(type(layer).__name__)


class Unkept:
    """For what cannot be brought back: saving works, going on does not."""

    def __init__(self, name: str) -> None:
        self._name = name

    def get_state(self) -> dict[str, Any]:
        """Nothing."""
        return {}

    def set_state(self, state: Mapping[str, Any]) -> None:  # noqa: ARG002  # part of the protocol
        """Refused."""
        raise ValueError(
            f"{self._name} cannot be brought back to where the agent was saved: it has no snapshots. Use "
            'gym.make_vec(…, vectorization_mode="sync"), or go on with new episodes: `agent.forget_episode()`.'
        )


class _Snapshots:
    """The vector environments of rlenvs."""

    def __init__(self, env: Any) -> None:
        self._env = env

    def get_state(self) -> dict[str, Any]:
        return {"snapshot": self._env.get_state().to_plain()}

    def set_state(self, state: Mapping[str, Any]) -> None:
        self._env.set_state(VectorSnapshot.from_plain(state["snapshot"]))


class _Plain:
    """Others whose whole state is a few attributes."""

    def __init__(self, env: Any, names: tuple[str, ...]) -> None:
        self._env, self._names = env, names

    def get_state(self) -> dict[str, Any]:
        values = {name: getattr(self._env, name) for name in self._names}
        kept = {name: value.copy() if isinstance(value, np.ndarray) else value for name, value in values.items()}
        return {"attributes": kept, "generator": dict(self._env.np_random.bit_generator.state)}

    def set_state(self, state: Mapping[str, Any]) -> None:
        for name in self._names:
            value = state["attributes"][name]
            setattr(self._env, name, value.copy() if isinstance(value, np.ndarray) else value)
        self._env.np_random.bit_generator.state = state["generator"]


class Recorded(gym.Wrapper[Any, Any, Any, Any]):
    """A copy within a vector environment, with a bookmark in it."""

    def __init__(self, env: gym.Env[Any, Any]) -> None:
        super().__init__(env)
        self.bookmark = Bookmark(env)
        self.seen: Any = None

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Reset; what options there may be, they are not those of an agent."""
        if options:
            raise ValueError(f"`options` must be empty where an agent learns, got {options!r}.")
        self.seen, info = self.bookmark.reset(seed)
        return self.seen, info

    def step(self, action: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        """Step."""
        self.bookmark.remember(int(action))
        result = self.env.step(action)
        self.seen = result[0]
        return result


class _Copies:
    """Gymnasium's SyncVectorEnv: each copy gets a bookmark."""

    def __init__(self, env: SyncVectorEnv[Any, Any]) -> None:
        self._env: Any = env
        env.envs = [copy if isinstance(copy, Recorded) else Recorded(copy) for copy in env.envs]

    def get_state(self) -> dict[str, Any]:
        copies = [copy.bookmark.get_state(copy.seen) for copy in self._env.envs]
        return {"copies": copies, "over": self._env._autoreset_envs.copy()}

    def set_state(self, state: Mapping[str, Any]) -> None:
        for copy, place in zip(self._env.envs, state["copies"], strict=True):
            copy.seen, _ = copy.bookmark.set_state(place)
        waiting = self._env.autoreset_mode is AutoresetMode.NEXT_STEP
        self._env._autoreset_envs = state["over"].copy() if waiting else np.zeros_like(state["over"])
        self._env._env_obs = [copy.seen for copy in self._env.envs]
