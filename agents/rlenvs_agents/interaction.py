"""The one loop in which in-house agents meet their environment."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, TypeVar

from rlenvs_agents.agent import Agent
from rlenvs_agents.reporting import Reporter

ConfigT = TypeVar("ConfigT")


class InteractingAgent(Agent[ConfigT]):
    """An agent that acts, observes what came of it, and learns, one step after the other."""

    _running = False  # an episode has begun and not ended
    _seeded = False  # the environment has had its seed
    _return = 0.0
    _length = 0
    _fixed = False  # schedules are in absolute steps

    def _learn(self, reporter: Reporter) -> None:
        if not self._fixed:
            self._fix(reporter.end)
            self._fixed = True
        if not self._running:
            self._reset()
        over = reporter.end <= self.num_timesteps
        while not over:
            self._interact(reporter.next_stop - self.num_timesteps)
            over = reporter.report()

    def _interact(self, n_steps: int) -> None:
        """Make ``n_steps`` steps. Bound methods, because this is where tabular agents spend their time."""
        step, act, observe = self.env.step, self._act, self._observe
        for _ in range(n_steps):
            action = act()
            observation, reward, terminated, truncated, info = step(action)
            self.num_timesteps += 1
            self._return += reward  # type: ignore[operator]  # a number, says the environment
            self._length += 1
            # A step may both terminate and meet the time limit: bootstrapping asks for `terminated` alone.
            observe(action, reward, observation, info, terminated)
            if terminated or truncated:
                self.episodes.add(float(self._return), self._length)
                self._reset()

    def _reset(self) -> None:
        seed = None if self._seeded else self.streams.number("environment")
        observation, info = self.env.reset(seed=seed)
        self._seeded = self._running = True
        self._return, self._length = 0.0, 0
        self._begin(observation, info)

    @abstractmethod
    def _fix(self, total: int) -> None:
        """Learning begins, for ``total`` steps: put schedules into absolute steps."""

    @abstractmethod
    def _begin(self, observation: Any, info: dict[str, Any]) -> None:
        """An episode begins."""

    @abstractmethod
    def _act(self) -> int:
        """The action for the last observation, exploring."""

    @abstractmethod
    def _observe(self, action: int, reward: Any, observation: Any, info: dict[str, Any], terminated: bool) -> None:  # noqa: FBT001  # one call per step: positional is faster
        """What came of an action; learn from it."""
