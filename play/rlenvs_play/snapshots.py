"""Going back: snapshots where the environment has them, playing again from the seed where it has none."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, NamedTuple

import gymnasium as gym
from gymnasium.envs.registration import EnvSpec

METHODS = (("get_state", "set_state"), ("clone_state", "restore_state"))
"""What snapshots are called here, and in the Arcade Learning Environment."""


class Snapshot(NamedTuple):
    """The state of an environment and of the wrappers around it, from the outside in."""

    base: Any
    wrappers: tuple[dict[str, Any], ...]


class Snapshots:
    """Saves and restores an environment together with the wrappers around it.

    Args:
        env: the environment.

    Attributes:
        keeps_picture: whether the picture is right as soon as a snapshot is restored. ALE draws it with the next
            step only.
    """

    def __init__(self, env: gym.Env[Any, Any]) -> None:
        self._layers: list[gym.Wrapper[Any, Any, Any, Any]] = []
        base = env
        while isinstance(base, gym.Wrapper):
            self._layers.append(base)
            base = base.env
        self._save, self._restore = _methods(base)
        self.keeps_picture = hasattr(base, "get_state")

    @classmethod
    def of(cls, env: gym.Env[Any, Any]) -> Snapshots | None:
        """Snapshots of an environment; None if it has none, or if a wrapper around it cannot be copied."""
        base = env.unwrapped
        if not any(hasattr(base, save) and hasattr(base, restore) for save, restore in METHODS):
            return None
        snapshots = cls(env)
        try:
            snapshots.save()
        except gym.error.ResetNeeded:
            pass
        except Exception:  # whatever a wrapper holds that cannot be copied: then there are no snapshots
            return None
        return snapshots

    def save(self) -> Snapshot:
        """The present state; later steps do not change it."""
        return Snapshot(self._save(), tuple(_state_of(layer) for layer in self._layers))

    def restore(self, snapshot: Snapshot) -> None:
        """Go back. The snapshot can be used again."""
        self._restore(snapshot.base)
        for layer, state in zip(self._layers, snapshot.wrappers, strict=True):
            layer.__dict__.update(copy.deepcopy(state))


def _methods(base: Any) -> tuple[Callable[[], Any], Callable[[Any], None]]:
    save, restore = next(names for names in METHODS if hasattr(base, names[0]))
    if save == "clone_state":
        # With the generator, so that what was going to happen happens again.
        return lambda: base.clone_state(include_rng=True), base.restore_state
    return getattr(base, save), getattr(base, restore)


def _state_of(layer: gym.Wrapper[Any, Any, Any, Any]) -> dict[str, Any]:
    """What a wrapper remembers, without what never changes."""
    fixed = (gym.Env, gym.Space, EnvSpec)
    return {
        name: copy.deepcopy(value)
        for name, value in vars(layer).items()
        if not isinstance(value, fixed) and not callable(value) and not name.startswith("_saved_kwargs")
    }
