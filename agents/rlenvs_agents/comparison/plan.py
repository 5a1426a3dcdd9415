"""What is compared, as plain data that travels to worker processes and into the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from rlenvs_agents.algorithms import algorithm
from rlenvs_agents.configs import check_number, check_whole, settle

DISCOUNT = 0.95
TOTAL_TIMESTEPS = 10_000
SEEDS = (0, 1, 2, 3, 4)
ALGORITHMS = ("q-learning", "dqn", "sb3-dqn", "sb3-ppo")


class Job(NamedTuple):
    """One agent to train."""

    algorithm: str
    seed: int


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Settings of a comparison.

    Args:
        env_id: the environment.
        env_kwargs: its keyword arguments.
        algorithms: names, see :mod:`rlenvs_agents.algorithms`.
        settings: plain settings by name of the algorithm, over those of its preset.
        seeds: one training run for each algorithm and seed.
        total_timesteps: environment steps of each run.
        discount: of all agents.
        checkpoints: how often each run is measured while it learns.
        checkpoint_episodes: episodes of each of these, where the exact figures are not known.
        episodes: of the final evaluation.
    """

    env_id: str
    env_kwargs: Mapping[str, Any] = field(default_factory=dict)
    algorithms: tuple[str, ...] = ALGORITHMS
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    seeds: tuple[int, ...] = SEEDS
    total_timesteps: int = TOTAL_TIMESTEPS
    discount: float = DISCOUNT
    checkpoints: int = 40
    checkpoint_episodes: int = 10
    episodes: int = 100

    def __post_init__(self) -> None:
        for name in self.algorithms:
            algorithm(name)
        if not self.algorithms or len(set(self.algorithms)) < len(self.algorithms):
            raise ValueError(f"`algorithms` must be different names, at least one, got {self.algorithms!r}.")
        for name in self.settings:
            if name not in self.algorithms:
                raise ValueError(f"`settings` must be for the algorithms {self.algorithms!r}, got some for {name!r}.")
        if not self.seeds or len(set(self.seeds)) < len(self.seeds):
            raise ValueError(f"`seeds` must be different whole numbers, at least one, got {self.seeds!r}.")
        for seed in self.seeds:
            check_whole("seeds", seed, 0)
        for name in ("total_timesteps", "checkpoints", "checkpoint_episodes", "episodes"):
            check_whole(name, getattr(self, name))
        settle(self, discount=check_number("discount", self.discount, 0, 1), env_kwargs=dict(self.env_kwargs))

    @property
    def jobs(self) -> list[Job]:
        """All runs: those of one algorithm together."""
        return [Job(name, seed) for name in self.algorithms if name != "random" for seed in self.seeds]

    @property
    def every(self) -> int:
        """Environment steps between two checkpoints."""
        return max(1, self.total_timesteps // self.checkpoints)
