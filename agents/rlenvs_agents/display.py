"""Progress on standard error: bars in a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from rlenvs_agents.algorithms import algorithm
from rlenvs_agents.comparison.plan import Job
from rlenvs_agents.comparison.run import Run

SILENCE = 10.0
"""Seconds between two lines where there is no terminal."""

NOTED = {
    "rollout/ep_rew_mean": "return",
    "rollout/ep_len_mean": "length",
    "train/loss": "loss",
    "eval/mean_reward": "evaluated",
}
"""What is shown beside the bar, and how it is called there."""


class TrainingDisplay:
    """A bar for one training run, with the latest figures; where there is no terminal, a line now and then.

    Call it with (steps done, steps to do), as ``learn`` does its ``progress``. It is a logger too: what is written to
    it stands beside the bar.

    Args:
        name: of what is trained.
        clock: seconds.
    """

    def __init__(self, name: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._bars = _bars(MofNCompleteColumn(), TextColumn("{task.fields[note]}"))
        self._name = name
        self._task = self._bars.add_task(name, total=None, note="")
        self._noted: dict[str, float] = {}
        self._clock = clock
        self._last = clock()
        self._told = 0  # steps in the line before

    def __enter__(self) -> TrainingDisplay:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def __call__(self, done: int, total: int) -> None:
        """So many steps are done."""
        self._bars.update(self._task, completed=done, total=total, note=self._note)
        now = self._clock()
        if self._bars.disable and now - self._last >= SILENCE and done > self._told:
            # At the pace since the line before: the first steps compile, and say nothing of the others.
            left = (now - self._last) / (done - self._told) * (total - done)
            when = f", about {left:.0f} s left" if self._told else ""
            more = f", {self._note}" if self._note else ""
            self._last, self._told = now, done
            sys.stderr.write(f"{self._name}: {done:,} of {total:,} steps{when}{more}\n")
            sys.stderr.flush()

    def write(self, step: int, figures: Mapping[str, float | None]) -> None:  # noqa: ARG002  # a logger's signature
        """The latest figures."""
        # Not all figures are written at once: those that are not stay.
        self._noted |= {name: value for name, value in figures.items() if name in NOTED and value is not None}

    def close(self) -> None:
        """Nothing more will be written."""

    @property
    def _note(self) -> str:
        return ", ".join(f"{word} {self._noted[name]:.4g}" for name, word in NOTED.items() if name in self._noted)


def training_display(name: str) -> TrainingDisplay:
    """A display to enter; see :class:`TrainingDisplay`."""
    return TrainingDisplay(name)


def _bars(*more: Any) -> Progress:
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        *more,
        TimeElapsedColumn(),
        "left:",
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=console, disable=not console.is_terminal, transient=True)


class ComparisonDisplay:
    """Follows a comparison: a bar per algorithm, one for the whole, and how long it will still take."""

    def __init__(self) -> None:
        self._bars = _bars(TextColumn("{task.fields[note]}"))
        self._steps = 0
        self._weight: dict[str, float] = {}
        self._done: dict[Job, int] = {}
        self._count = self._all = 0
        self._began = time.monotonic()
        self._task: dict[str, TaskID] = {}

    def __enter__(self) -> ComparisonDisplay:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def planned(self, jobs: Sequence[Job], total_timesteps: int) -> None:
        """These runs are to be made."""
        self._steps, self._all = total_timesteps, len(jobs)
        self._weight = {job.algorithm: algorithm(job.algorithm).cost for job in jobs}
        for name in self._weight:
            n_runs = sum(job.algorithm == name for job in jobs)
            self._task[name] = self._bars.add_task(name, total=n_runs * total_timesteps, note="")
        work = sum(self._weight[job.algorithm] for job in jobs) * total_timesteps
        self._total = self._bars.add_task("all", total=work, note="")

    def progressed(self, job: Job, step: int) -> None:
        """A run has come to a step."""
        self._done[job] = step
        own = sum(done for other, done in self._done.items() if other.algorithm == job.algorithm)
        self._bars.update(self._task[job.algorithm], completed=own)
        work = sum(self._weight[other.algorithm] * done for other, done in self._done.items())
        self._bars.update(self._total, completed=work)

    def finished(self, run: Run) -> None:
        """A run is over, well or not."""
        self._count += 1
        self.progressed(run.job, self._steps)
        note = f"{self._count} of {self._all} runs"
        self._bars.update(self._total, note=note)
        outcome = f"failed: {run.error}" if run.error else f"{run.seconds:.1f} s"
        name = f"{run.job.algorithm} on {run.job.env_id}, seed {run.job.seed}"
        if not self._bars.disable:
            if run.error:
                self._bars.console.print(f"{name} {outcome}", markup=False)
            return
        passed = time.monotonic() - self._began
        sys.stderr.write(f"{name}: {outcome} ({note}, {passed:.0f} s so far)\n")
        sys.stderr.flush()
