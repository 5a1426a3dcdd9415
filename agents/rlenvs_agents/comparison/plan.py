"""What is compared, as plain data that travels to worker processes, into the folder and into the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from rlenvs_agents.algorithms import algorithm
from rlenvs_agents.comparison.shared import DISCOUNT, trained
from rlenvs_agents.configs import check_number, check_whole, settle
from rlenvs_agents.evaluation.scoring import EPISODES
from rlenvs_agents.presets import DEFAULT

TOTAL_TIMESTEPS = 10_000
SEEDS = (0, 1, 2, 3, 4)
ALGORITHMS = ("q-learning", "dqn", "sb3-dqn", "sb3-ppo")


class Job(NamedTuple):
    """One agent to train."""

    env_id: str
    algorithm: str
    seed: int


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Settings of a comparison.

    Args:
        env_ids: the environments.
        env_kwargs: keyword arguments of each of them.
        algorithms: names, see :mod:`rlenvs_agents.algorithms`.
        preset: of all algorithms, by its name.
        settings: plain settings by name of the algorithm, over those of its preset.
        reference: the algorithm that the others are to be better than; "": the first.
        seeds: one training run for each environment, algorithm and seed.
        total_timesteps: environment steps of each run.
        discount: of all agents.
        checkpoints: how often each run is measured while it learns.
        checkpoint_episodes: episodes of each of these, where the exact figures are not known.
        episodes: of the final evaluation.
        epsilon: probability of a random action whenever a policy is measured by playing.
    """

    env_ids: tuple[str, ...]
    env_kwargs: Mapping[str, Any] = field(default_factory=dict)
    algorithms: tuple[str, ...] = ALGORITHMS
    preset: str = DEFAULT
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    reference: str = ""
    seeds: tuple[int, ...] = SEEDS
    total_timesteps: int = TOTAL_TIMESTEPS
    discount: float = DISCOUNT
    checkpoints: int = 40
    checkpoint_episodes: int = 10
    episodes: int = EPISODES
    epsilon: float = 0.0

    def __post_init__(self) -> None:
        for name in self.algorithms:
            algorithm(name)
        if not self.algorithms or len(set(self.algorithms)) < len(self.algorithms):
            raise ValueError(f"`algorithms` must be different names, at least one, got {self.algorithms!r}.")
        if not self.env_ids or len(set(self.env_ids)) < len(self.env_ids):
            raise ValueError(f"`env_ids` must be different ids, at least one, got {self.env_ids!r}.")
        if self.reference and self.reference not in self.algorithms:
            raise ValueError(f"`reference` must be one of {self.algorithms!r}, got {self.reference!r}.")
        for name in self.settings:
            if name not in self.algorithms:
                raise ValueError(f"`settings` must be for the algorithms {self.algorithms!r}, got some for {name!r}.")
        if not self.seeds or len(set(self.seeds)) < len(self.seeds):
            raise ValueError(f"`seeds` must be different whole numbers, at least one, got {self.seeds!r}.")
        for seed in self.seeds:
            check_whole("seeds", seed, 0)
        for name in ("total_timesteps", "checkpoints", "checkpoint_episodes", "episodes"):
            check_whole(name, getattr(self, name))
        settle(
            self,
            discount=check_number("discount", self.discount, 0, 1),
            epsilon=check_number("epsilon", self.epsilon, 0, 1),
            env_kwargs=dict(self.env_kwargs),
            reference=self.reference or self.algorithms[0],
        )

    @property
    def jobs(self) -> list[Job]:
        """All runs: those of one environment together, and in it those of one algorithm."""
        return [
            Job(env_id, name, seed)
            for env_id in self.env_ids
            for name in trained(self.algorithms)
            for seed in self.seeds
        ]

    @property
    def every(self) -> int:
        """Environment steps between two checkpoints."""
        return max(1, self.total_timesteps // self.checkpoints)
