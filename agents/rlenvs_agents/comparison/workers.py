"""Runs in processes of their own, which are used again: a framework is imported once in each."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol

from rlenvs_agents.comparison.plan import Job, Plan
from rlenvs_agents.comparison.run import Run, failed, run_job

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"),
    "1",
)
"""Small networks gain nothing from threads, and the workers share the processors."""

QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3"}
"""And nothing that changes what is computed, or how fast it is."""

NOT_STARTED = (
    'the worker process did not start; a script must call compare() under `if __name__ == "__main__":`, '
    "or pass `workers=1`"
)


class Watcher(Protocol):
    """Follows the runs."""

    def planned(self, jobs: Sequence[Job], total_timesteps: int) -> None:
        """These runs are to be made, of so many steps each."""

    def progressed(self, job: Job, step: int) -> None:
        """A run has come to a step."""

    def finished(self, run: Run) -> None:
        """A run is over, well or not."""


def run_here(plan: Plan, jobs: list[Job], watcher: Watcher) -> list[Run]:
    """Make all runs in this process, one after the other; one that fails does not stop the others."""
    runs = []
    for job in jobs:
        run = _attempt(plan, job, lambda step, job=job: watcher.progressed(job, step))
        watcher.finished(run)
        runs.append(run)
    return runs


def run_in_workers(plan: Plan, jobs: list[Job], watcher: Watcher, n_workers: int) -> list[Run]:
    """Make all runs in ``n_workers`` processes; one that fails, or takes its process down, does not lose the others."""
    waiting, runs = list(jobs), []
    workers = [Worker(plan, place) for place in range(min(n_workers, len(jobs)))]
    try:
        for worker in workers:
            worker.take(waiting)
        while any(worker.job is not None for worker in workers):
            busy = {worker.connection: worker for worker in workers if worker.job is not None}
            for connection in wait(list(busy)):
                worker = busy[connection]  # type: ignore[index]  # only connections were waited for
                run = worker.receive(watcher)
                if run is not None:
                    watcher.finished(run)
                    runs.append(run)
                    worker.take(waiting)
    finally:
        for worker in workers:
            worker.stop()
    return runs


class Worker:
    """A process that makes runs, one at a time."""

    def __init__(self, plan: Plan, place: int) -> None:
        self.plan = plan
        self.place = place
        self.job: Job | None = None
        self._last = ""  # what this process has imported
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other, self.plan), daemon=True)
        with _environment({**ONE_THREAD, **QUIET}), _deaf_to_interrupts():
            self._process.start()
        other.close()
        self._ready = False

    def take(self, waiting: list[Job]) -> None:
        """Begin the next job, if there is one; rather one that needs what this process has imported already."""
        self.job = None
        if not waiting:
            return
        if not self._process.is_alive():
            self._start()
        same = [job for job in waiting if _family(job.algorithm) == self._last]
        # Every other worker begins at the end of the list, so that two of them load different frameworks.
        self.job = same[0] if same else waiting[-(self.place % 2)]
        waiting.remove(self.job)
        self._last = _family(self.job.algorithm)
        with contextlib.suppress(BrokenPipeError, ConnectionError):
            self.connection.send(self.job)

    def receive(self, watcher: Watcher) -> Run | None:
        """Hear from the process; a run if the present one is over."""
        job = self.job
        assert job is not None  # noqa: S101  # only busy workers are waited for
        try:
            message: Any = self.connection.recv()
        except (EOFError, ConnectionError):
            self._process.join(5)
            reason = f"the process ended with exit status {self._process.exitcode}" if self._ready else NOT_STARTED
            return Run(job=job, error=reason)
        self._ready = True
        if isinstance(message, Run):
            return message
        watcher.progressed(job, int(message))
        return None

    def stop(self) -> None:
        """End the process."""
        self.connection.close()
        self._process.terminate()
        self._process.join(5)


def _family(name: str) -> str:
    from rlenvs_agents.algorithms import algorithm

    return ",".join(algorithm(name).needs) or "none"


def _serve(connection: Connection, plan: Plan) -> None:
    """The life of a worker process."""
    # Frameworks greet on standard error, where the progress is shown. What goes wrong is sent, not written.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all processes; the parent ends this one
    connection.send(0)
    with contextlib.suppress(EOFError, ConnectionError):
        while True:
            job = connection.recv()
            connection.send(_attempt(plan, job, connection.send))


def _attempt(plan: Plan, job: Job, progress: Any) -> Run:
    try:
        return run_job(plan, job, progress)
    except Exception as error:  # whatever happens in one run, the others go on
        return failed(job, error)


@contextlib.contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Processes started within never see Ctrl-C, not even while they start; here it comes afterwards."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # its start would lift the mask
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    """Environment variables for processes started within."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
