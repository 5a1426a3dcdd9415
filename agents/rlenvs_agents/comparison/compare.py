"""Train several algorithms on one environment and measure them all alike."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rlenvs_agents.algorithms import algorithm
from rlenvs_agents.comparison.curves import draw_curves
from rlenvs_agents.comparison.plan import ALGORITHMS, DISCOUNT, SEEDS, TOTAL_TIMESTEPS, Job, Plan
from rlenvs_agents.comparison.report import report_of
from rlenvs_agents.comparison.run import Run, settings_of
from rlenvs_agents.comparison.statistics import METHOD
from rlenvs_agents.comparison.summary import Line, Scale, lines_of, scale_of
from rlenvs_agents.comparison.table import columns_of
from rlenvs_agents.comparison.workers import Watcher, run_here, run_in_workers
from rlenvs_agents.saving import write_folder
from rlenvs_agents.versions import versions

RESULTS, CURVES, REPORT = "results.json", "curves.png", "report.html"


class _Silent:
    """Watches without a word."""

    def progressed(self, job: Job, step: int) -> None:
        """Nothing."""

    def finished(self, run: Run) -> None:
        """Nothing."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What came of a comparison."""

    plan: Plan
    scale: Scale
    runs: tuple[Run, ...]
    lines: tuple[Line, ...]  # of the table: the optimum, the algorithms, the random policy

    def to_json(self) -> dict[str, Any]:
        """Everything, as JSON knows it."""
        names = [name for name in self.plan.algorithms if not algorithm(name).missing]
        record: dict[str, Any] = _plain(
            {
                "env": self.plan.env_id,
                "env_kwargs": dict(self.plan.env_kwargs),
                "total_timesteps": self.plan.total_timesteps,
                "seeds": list(self.plan.seeds),
                "discount": self.plan.discount,
                "interval": METHOD,
                "threshold": {
                    "return": self.scale.threshold,
                    "from": self.scale.threshold_from,
                    "reached_at": self.scale.reached_at,
                },
                "table": [line.to_json() for line in self.lines],
                "settings": {name: settings_of(self.plan, name) for name in names},
                "random": self.scale.random.to_json(),
                "optimum": None if self.scale.optimum is None else self.scale.optimum.to_json(),
                "runs": [run.to_json() for run in self.runs],
                "versions": versions(),
            }
        )
        return record

    def write(self, folder: str | Path) -> list[Path]:
        """Write numbers, learning curves and report into a folder, which appears complete or not at all.

        Without matplotlib there are no curves.

        Returns:
            The files.
        """
        target = Path(folder)
        names: list[str] = []

        def fill(place: Path) -> None:
            record = self.to_json()
            (place / RESULTS).write_text(json.dumps(record, indent=2, ensure_ascii=False), encoding="utf-8")
            picture = self._draw(place / CURVES)
            columns = columns_of(self.plan, self.lines, self.scale)
            text = report_of(self.plan, self.lines, columns, picture=picture, details=_details(record))
            (place / REPORT).write_text(text, encoding="utf-8")
            names.extend(name for name in (CURVES, RESULTS, REPORT) if (place / name).exists())

        write_folder(target, fill, RESULTS)
        return [target / name for name in names]

    def _draw(self, path: Path) -> Path | None:
        if not any(len(run.checkpoints) > 1 for run in self.runs):
            return None
        try:
            draw_curves(path, self.plan, self.runs, self.scale)
        except ModuleNotFoundError as error:
            if error.name != "matplotlib":
                raise
            return None
        return path


def compare(  # noqa: PLR0913  # keyword-only settings, one line each in the docstring
    env_id: str,
    algorithms: Sequence[str] = ALGORITHMS,
    *,
    total_timesteps: int = TOTAL_TIMESTEPS,
    seeds: Sequence[int] = SEEDS,
    discount: float = DISCOUNT,
    env_kwargs: Mapping[str, Any] | None = None,
    settings: Mapping[str, Mapping[str, Any]] | None = None,
    episodes: int = 100,
    workers: int | None = None,
    watcher: Watcher | None = None,
) -> Comparison:
    """Train algorithms on the same environment, steps and seeds, and measure all of them through one evaluator.

    The runs are made in processes of their own, so a script must call this under ``if __name__ == "__main__":``. A run
    that fails is reported in its line, and so is an algorithm that is not installed; the others go on.

    Args:
        env_id: the environment.
        algorithms: names; ``rlenvs_agents.ALGORITHMS`` holds them all.
        total_timesteps: environment steps of each run.
        seeds: of the runs.
        discount: of all agents.
        env_kwargs: keyword arguments of the environment.
        settings: plain settings by name of the algorithm, over those of its preset.
        episodes: of the final evaluation.
        workers: processes; None: one per processor; 1: no other process, all runs in this one.
        watcher: told how the runs get on.

    Returns:
        The record.

    Raises:
        ValueError: if a name is unknown or a number is out of range.
        gymnasium.error.Error: if there is no such environment.
    """
    plan = Plan(
        env_id=env_id,
        env_kwargs=env_kwargs or {},
        algorithms=tuple(algorithms),
        settings=settings or {},
        seeds=tuple(int(seed) for seed in seeds),
        total_timesteps=total_timesteps,
        discount=discount,
        episodes=episodes,
    )
    scale = scale_of(plan)
    jobs = [job for job in plan.jobs if not algorithm(job.algorithm).missing]
    for name in dict.fromkeys(job.algorithm for job in jobs):
        algorithm(name).config(settings_of(plan, name))  # a wrong setting is said now, not once per run
    n_workers = _processors() if workers is None else workers
    follow = _Silent() if watcher is None else watcher
    runs = run_here(plan, jobs, follow) if n_workers <= 1 else run_in_workers(plan, jobs, follow, n_workers)
    runs = sorted(runs, key=lambda run: jobs.index(run.job))
    return Comparison(plan=plan, scale=scale, runs=tuple(runs), lines=tuple(lines_of(plan, runs, scale)))


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _details(record: Mapping[str, Any]) -> dict[str, str]:
    return {
        "Settings": json.dumps(record["settings"], indent=2, ensure_ascii=False),
        "Versions": "\n".join(f"{name} {number}" for name, number in record["versions"].items()),
    }


def _plain(value: Any) -> Any:
    """As JSON knows it: numbers that are not finite become null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    return value
