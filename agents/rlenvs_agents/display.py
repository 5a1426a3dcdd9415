"""Progress on standard error: bars in a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
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


@contextmanager
def training_display(name: str) -> Iterator[Callable[[int, int], None]]:
    """A bar for one training run.

    Yields:
        What ``learn`` takes as ``progress``.
    """
    with _bars(MofNCompleteColumn()) as bars:
        task = bars.add_task(name, total=None)

        def update(done: int, total: int) -> None:
            bars.update(task, completed=done, total=total)

        yield update


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
        self._count = self._all = self._failed = 0
        self._began = time.monotonic()
        self._task: dict[str, TaskID] = {}

    def __enter__(self) -> ComparisonDisplay:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    @property
    def counted(self) -> str:
        """How many of the runs are done."""
        return f"{self._count - self._failed} of {self._all} runs"

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
        self._failed += run.error is not None
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
