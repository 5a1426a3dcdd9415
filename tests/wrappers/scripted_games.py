"""Tiny games that do exactly what a script says, and remember what was done to them."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np
from hypothesis import strategies as st

GAME_ID = "rlenvs-tests/Scripted-v0"


class ScriptedGame(gym.Env):
    """Plays ``episodes`` one after the other; a seed decides with which one it goes on.

    An episode is ``{"lives": first lives, "steps": [[reward, lives, ending], …]}``, ending one of "", "terminated",
    "truncated"; after its last step it goes on for ever without reward. The observation is [episode, time, action].
    """

    def __init__(
        self,
        episodes: list[dict[str, Any]],
        meanings: list[str] | None = None,
        lives_key: str | None = "lives",
        *,
        reuse_buffers: bool = False,
    ) -> None:
        self.episodes = episodes
        self.meanings = ["NOOP", "LEFT", "FIRE"] if meanings is None else list(meanings)
        self.lives_key = lives_key
        self.action_space = gym.spaces.Discrete(max(1, len(self.meanings)))
        self.observation_space = gym.spaces.Box(-1, 10_000, (3,), np.int64)
        self.reuse_buffers = reuse_buffers
        self.buffer = np.zeros(3, np.int64)
        self.log: list[Any] = []
        self.next_episode = 0
        self.time = 0

    def get_action_meanings(self) -> list[str]:
        return self.meanings

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.log.append(("reset", seed, None if options is None else dict(options)))
        if options is not None:
            options.pop("eaten", None)
        if seed is not None:
            self.next_episode = seed
        self.number = self.next_episode % len(self.episodes)
        self.next_episode += 1
        self.time = 0
        self.lives = self.episodes[self.number]["lives"]
        return self._seen(-1), self._info() | {"only_at_reset": self.number}

    def step(self, action):
        self.log.append(int(action))
        steps = self.episodes[self.number]["steps"]
        reward, self.lives, ending = steps[self.time] if self.time < len(steps) else (0.0, self.lives, "")
        self.time += 1
        observation = self._seen(int(action))
        return observation, reward, ending == "terminated", ending == "truncated", self._info() | {"only_in_step": True}

    def _seen(self, action):
        values = [self.number, self.time, action]
        if not self.reuse_buffers:
            return np.array(values, np.int64)
        self.buffer[:] = values
        return self.buffer

    def _info(self):
        info = {"time": self.time}
        if self.lives_key is not None:
            info[self.lives_key] = self.lives
        return info

    @property
    def actions(self) -> list[int]:
        return [entry for entry in self.log if isinstance(entry, int)]

    @property
    def resets(self) -> list[Any]:
        return [entry for entry in self.log if not isinstance(entry, int)]


if GAME_ID not in gym.registry:
    gym.register(GAME_ID, entry_point=f"{__name__}:ScriptedGame")


def episode(lives: int, *steps: tuple[float, int, str]) -> dict[str, Any]:
    return {"lives": lives, "steps": [list(step) for step in steps]}


def quiet(lives: int = 3) -> dict[str, Any]:
    """An episode in which nothing happens."""
    return episode(lives)


@st.composite
def episodes(draw: Any) -> list[dict[str, Any]]:
    """Games that lose and win lives, pay and end at any moment."""
    made = []
    for _ in range(draw(st.integers(1, 4))):
        lives = draw(st.integers(0, 4))
        first, steps = lives, []
        for _ in range(draw(st.integers(0, 12))):
            lives = max(0, lives + draw(st.sampled_from([0, 0, 0, -1, -1, 1])))
            ending = draw(st.sampled_from(["", "", "", "", "", "terminated", "truncated"]))
            steps.append([draw(st.sampled_from([0.0, 0.0, 1.0, -2.5])), lives, ending])
            if ending:
                break
        made.append({"lives": first, "steps": steps})
    return made


def same(a: Any, b: Any) -> bool:
    """Equality of observations, infos, steps: exact, types of arrays included."""
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return np.array_equal(np.asarray(a), np.asarray(b)) and np.asarray(a).dtype == np.asarray(b).dtype
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, (tuple, list)):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    return bool(a == b)


def rollout(env: gym.Env, actions: list[Any], seed: int | None = 0) -> list[Any]:
    """Reset and step results in order; resets after every end."""
    results: list[Any] = [env.reset(seed=seed)]
    for action in actions:
        step = env.step(action)
        results.append(step)
        if step[2] or step[3]:
            results.append(env.reset())
    return results
