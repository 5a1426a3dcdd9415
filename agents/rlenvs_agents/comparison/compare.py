"""Train several algorithms on several environments and measure them all alike."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rlenvs_agents.algorithms import algorithm
from rlenvs_agents.comparison.folder import ComparisonFolder
from rlenvs_agents.comparison.outcome import Comparison
from rlenvs_agents.comparison.plan import ALGORITHMS, SEEDS, TOTAL_TIMESTEPS, Job, Plan
from rlenvs_agents.comparison.run import Run, settings_of
from rlenvs_agents.comparison.scores import standings_of
from rlenvs_agents.comparison.section import section_of
from rlenvs_agents.comparison.shared import shared_by
from rlenvs_agents.comparison.summary import scale_of
from rlenvs_agents.comparison.workers import Watcher, run_here, run_in_workers
from rlenvs_agents.configs import check_whole
from rlenvs_agents.presets import DEFAULT


def compare(  # noqa: PLR0913  # keyword-only settings, one line each in the docstring
    env_ids: str | Sequence[str],
    algorithms: Sequence[str] = ALGORITHMS,
    *,
    total_timesteps: int = TOTAL_TIMESTEPS,
    seeds: Sequence[int] = SEEDS,
    preset: str = DEFAULT,
    discount: float | None = None,
    env_kwargs: Mapping[str, Any] | None = None,
    settings: Mapping[str, Mapping[str, Any]] | None = None,
    reference: str = "",
    episodes: int | None = None,
    workers: int | None = None,
    watcher: Watcher | None = None,
    out: str | Path | None = None,
) -> Comparison:
    """Train algorithms on the same environments, steps and seeds, and measure all of them through one evaluator.

    The runs are made in processes of their own, so a script must call this under ``if __name__ == "__main__":``. A run
    that fails is reported in its line, and so is an algorithm that is not installed; the others go on.

    Args:
        env_ids: one environment or several.
        algorithms: names; ``rlenvs_agents.ALGORITHMS`` holds them all.
        total_timesteps: environment steps of each run.
        seeds: of the runs.
        preset: name of the settings of all algorithms (:mod:`rlenvs_agents.presets`), such as "zoo"; each of them must
            have it for each environment. What it says of the environment and of scores holds for all.
        discount: of all agents; None: that of the preset that is named; of default settings that with which all were
            chosen for the environment, if it is the same, else 0.95.
        env_kwargs: keyword arguments of each environment, over those of the preset.
        settings: plain settings by name of the algorithm, over those of its preset.
        reference: the algorithm that the others are to be better than; "": the first.
        episodes: of the final evaluation; None: as many as the preset says, else 100.
        workers: processes; None: one per processor; 1: no other process, all runs in this one.
        watcher: told how the runs get on.
        out: a folder that keeps each run as soon as it is over, and in the end numbers, curves and report. If it holds
            a part of the same comparison, only what is missing or failed is made; None: nothing is written.

    Returns:
        The record.

    Raises:
        TypeError: if ``algorithms`` is one word.
        ValueError: if a name is unknown, a number is out of range, the presets of two algorithms are for different
            tasks, or ``out`` holds another comparison.
        FileExistsError: if ``out`` holds something else.
        gymnasium.error.Error: if there is no such environment.
    """
    if isinstance(algorithms, str):
        raise TypeError(f"`algorithms` must be a sequence of names such as [{algorithms!r}], got {algorithms!r}.")
    n_workers = _processors() if workers is None else check_whole("workers", workers)
    names = (env_ids,) if isinstance(env_ids, str) else tuple(env_ids)
    task = shared_by(names, algorithms, preset, given=() if discount is None else ("discount",))
    plan = Plan(
        env_ids=names,
        env_kwargs={**task.env_kwargs, **(env_kwargs or {})},
        algorithms=tuple(algorithms),
        preset=preset,
        settings=settings or {},
        reference=reference,
        seeds=tuple(int(seed) for seed in seeds),
        total_timesteps=total_timesteps,
        discount=task.discount if discount is None else discount,
        episodes=task.scoring.episodes if episodes is None else episodes,
        epsilon=task.scoring.epsilon,
    )
    jobs = plan.jobs
    for env_id, name in dict.fromkeys((job.env_id, job.algorithm) for job in jobs):
        algorithm(name).config(settings_of(plan, env_id, name))  # a wrong setting is said now, not once per run
    folder = None if out is None else ComparisonFolder(out, plan)
    scales = {env_id: scale_of(plan, env_id) for env_id in plan.env_ids}
    runs = _made(plan, jobs, folder, watcher, n_workers)
    result = Comparison(
        plan=plan,
        sections=tuple(section_of(plan, env_id, runs, scale) for env_id, scale in scales.items()),
        standings=tuple(standings_of(plan, runs, scales)),
    )
    if folder is not None:
        result.write(folder.path)
    return result


def _made(
    plan: Plan, jobs: list[Job], folder: ComparisonFolder | None, watcher: Watcher | None, n_workers: int
) -> list[Run]:
    """All runs in the order of the jobs: those that the folder holds already, and those that are made now."""
    runs = [] if folder is None else [run for run in folder.begin() if run.job in jobs]
    done = {run.job for run in runs}
    missing = [job for job in jobs if job not in done]
    follow = _Keeper(folder, watcher)
    follow.planned(missing, plan.total_timesteps)
    runs += run_here(plan, missing, follow) if n_workers <= 1 else run_in_workers(plan, missing, follow, n_workers)
    return sorted(runs, key=lambda run: jobs.index(run.job))


@dataclass(frozen=True)
class _Keeper:
    """Writes each run that is over, and hands everything on to a watcher."""

    folder: ComparisonFolder | None
    watcher: Watcher | None

    def planned(self, jobs: Sequence[Job], total_timesteps: int) -> None:
        if self.watcher is not None:
            self.watcher.planned(jobs, total_timesteps)

    def progressed(self, job: Job, step: int) -> None:
        if self.watcher is not None:
            self.watcher.progressed(job, step)

    def finished(self, run: Run) -> None:
        if self.folder is not None:
            self.folder.keep(run)
        if self.watcher is not None:
            self.watcher.finished(run)


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
