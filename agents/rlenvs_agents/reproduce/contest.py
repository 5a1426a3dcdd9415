"""One algorithm, one environment, one preset, several seeds: how well it does after so many steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import gymnasium as gym

from rlenvs_agents.algorithms import algorithm
from rlenvs_agents.environments import make
from rlenvs_agents.presets import whole_preset


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Who learns where, and for how long."""

    algorithm: str
    env_id: str
    steps: int
    preset: str

    def learned(self, seed: int) -> tuple[Any, gym.Env[Any, Any]]:
        """The agent after learning, and a fresh environment to measure it in."""
        row, known = algorithm(self.algorithm), whole_preset(self.algorithm, self.env_id, self.preset)
        env = make(self.env_id, known.env_kwargs)
        agent = row.load()(env, row.config(known.settings), seed=seed)
        agent.learn(self.steps)
        env.close()
        return agent, make(self.env_id, known.env_kwargs)

    def measured(self, seeds: Iterator[int] | tuple[int, ...], measure: Callable[[Any, Any], float]) -> list[float]:
        """One figure per seed.

        Args:
            seeds: of learning.
            measure: a function of agent and environment.
        """
        found = []
        for seed in seeds:
            agent, arena = self.learned(seed)
            found.append(measure(agent, arena))
            arena.close()
        return found
