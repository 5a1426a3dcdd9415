"""Remembers how an environment came to be where it is, so that it can be brought there again.

There is one way for all environments, whether they have snapshots or not: the state of their random generators is
noted before a reset, and the actions since then are played again. So wrappers, of which nobody can take a snapshot, are
brought back too: time limits, stacked frames, moves that a wrapper makes by itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import gymnasium as gym
import numpy as np

from rlenvs_agents.chance import chance_of, layers, means_of, restore_chance, restore_means
from rlenvs_agents.state_tree import apart

RESET = -1
"""Stands among the actions for a reset without a seed."""

WINDOW = 1000
"""After so many actions the next episode is noted anew: noting costs some microseconds, playing again a step each."""


class Bookmark:
    """Follows one environment.

    Args:
        env: the environment; all its resets go through :meth:`reset`, and every action is given to ``remember`` before
            the step.

    Attributes:
        remember: called with an action.
    """

    def __init__(self, env: gym.Env[Any, Any]) -> None:
        self._env = env
        self._layers = layers(env)
        self._start: dict[str, Any] | None = None
        self._history: list[int] = []
        self.remember = self._history.append

    def reset(self, seed: int | None = None) -> tuple[Any, dict[str, Any]]:
        """Reset the environment."""
        if seed is not None or self._start is None or (len(self._history) >= WINDOW and not self._goes_on()):
            # A seed decides everything, and what the generators were before it is nobody's business.
            chance = chance_of(self._env) if seed is None else None
            self._start = {"seed": seed, "chance": chance, "means": means_of(self._env)}
            self._history.clear()
        else:
            self._history.append(RESET)
        return self._env.reset(seed=seed)

    def _goes_on(self) -> bool:
        """Whether the next reset is none of the game: some wrappers end an episode where the game has not ended."""
        return any(getattr(layer, "game_goes_on", False) for layer in self._layers)

    def get_state(self, observation: Any) -> dict[str, Any] | None:
        """How to get here.

        Args:
            observation: the last one, by which it is seen later that this is the place.

        Returns:
            Plain values and arrays; None before the first reset.
        """
        if self._start is None:
            return None
        history = np.array(self._history, np.int64)
        small = np.min_scalar_type(-1 - int(history.max(initial=0)))
        return {**self._start, "history": history.astype(small), "place": self._place(observation)}

    def set_state(self, state: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Bring the environment to the place of a state of :meth:`get_state`.

        Returns:
            The observation and the info there.

        Raises:
            ValueError: if it cannot be brought there.
        """
        history = state["history"].tolist()
        try:
            if state["chance"] is not None:
                restore_chance(self._env, state["chance"])
            restore_means(self._env, state["means"])
            seen = self._env.reset(seed=state["seed"])
            for action in history:
                seen = self._again(action)
            place = self._place(seen[0])
        except (ValueError, RuntimeError, AssertionError, gym.error.Error) as error:
            raise ValueError(_lost(self._env, len(history), str(error))) from error
        if place != state["place"]:
            raise ValueError(_lost(self._env, len(history), "what came of them differs from what was saved"))
        self._start = {name: state[name] for name in ("seed", "chance", "means")}
        self._history[:] = history
        return seen

    def _again(self, action: int) -> tuple[Any, dict[str, Any]]:
        if action == RESET:
            return self._env.reset()
        observation, *_, info = self._env.step(action)
        return observation, info

    def _place(self, observation: Any) -> str:
        """A digest of the observation, of all generators and of running means."""
        array = np.asarray(observation, self._env.observation_space.dtype)
        plain, arrays = apart({**chance_of(self._env), **means_of(self._env)})
        digest = hashlib.sha256(f"{array.dtype} {array.shape} {json.dumps(plain, sort_keys=True)}".encode())
        for part in (array, *arrays.values()):
            digest.update(np.ascontiguousarray(part).tobytes())
        return digest.hexdigest()


def _lost(env: gym.Env[Any, Any], n: int, why: str) -> str:
    return (
        f"The environment {env} cannot be brought back to where the agent was saved: its {n} last actions were played "
        f"again, and {why.rstrip('.')}. Is it the same environment, with the same versions and arguments, and is all "
        "its chance in `np_random`? `agent.forget_episode()` goes on with a new episode, but not bit for bit."
    )
