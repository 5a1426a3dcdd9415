"""What a run does, as its ``config.json`` holds it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

from rlenvs_agents.configs import check_number, check_whole, settle
from rlenvs_agents.run_folder import CONFIG, RunFolder


@dataclass(frozen=True, kw_only=True)
class WatchPlan:
    """How an agent is watched while it learns, and when that is enough.

    Args:
        every: environment steps from one evaluation to the next; 0: never.
        episodes: of each; the same seeds every time, others than at the end.
        stop_at: learning ends once the mean return reaches this: that of an evaluation, or where there are none that
            of the last 100 training episodes; None: never.
    """

    every: int = 0
    episodes: int = 10
    stop_at: float | None = None

    def __post_init__(self) -> None:
        check_whole("eval_every", self.every, 0)
        check_whole("eval_episodes", self.episodes)
        if self.stop_at is not None:
            settle(self, stop_at=check_number("stop_at", self.stop_at, -math.inf, math.inf))


@dataclass(frozen=True, kw_only=True)
class RunPlan:
    """All that decides what comes of a run."""

    algorithm: str
    env: str
    env_kwargs: Mapping[str, Any]
    seed: int
    total_timesteps: int
    schedule_steps: int  # what schedules were fixed for
    log_every: int
    checkpoint_every: int  # 0: never
    keep: int
    config: Mapping[str, Any]
    scoring: Mapping[str, Any] = field(default_factory=dict)  # how the agent is measured; empty: as usual
    watch: Mapping[str, Any] = field(default_factory=dict)  # of a WatchPlan

    @classmethod
    def of(cls, folder: RunFolder) -> RunPlan:
        """The plan of a run.

        Raises:
            ValueError: if it is damaged.
        """
        names = {entry.name for entry in fields(cls)} & set(folder.record)
        missing = {entry.name for entry in fields(cls) if entry.default_factory is MISSING} - names
        if missing:
            raise ValueError(f"{folder.path / CONFIG} is damaged: it lacks {', '.join(sorted(missing))}.")
        return cls(**{name: folder.record[name] for name in names})
