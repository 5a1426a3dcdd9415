"""Figures of a training run, written as they come: a table and TensorBoard's events, under the names of SB3."""

from __future__ import annotations

import csv
import itertools
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from rlenvs_agents.reporting import Snapshot

STEP = "time/total_timesteps"
"""The column of the environment steps."""


class Logger(Protocol):
    """Takes figures by name."""

    def write(self, step: int, figures: Mapping[str, float | None]) -> None:
        """Figures at an environment step."""

    def close(self) -> None:
        """No more will come."""


class CsvLogger:
    """One line per call; a figure that comes for the first time adds a column, and the file is written anew.

    Args:
        path: the file.
        resume_at: what it holds up to this step is kept, and the rest is void; None: what it held is replaced.
    """

    def __init__(self, path: Path, *, resume_at: int | None = None) -> None:
        self.path = path
        self._columns: list[str] = []
        self._lines: list[dict[str, float | None]] = []
        if resume_at is not None and path.is_file():
            self._lines = [line for line in read_lines(path) if (line[STEP] or 0) <= resume_at]
            self._columns = list(self._lines[0]) if self._lines else []
            self._rewrite()

    def write(self, step: int, figures: Mapping[str, float | None]) -> None:
        """Add a line; the column of the step is SB3's "time/total_timesteps"."""
        line = {STEP: float(step), **figures}
        self._lines.append(line)
        new = [name for name in line if name not in self._columns]
        if new:
            self._columns += new
            self._rewrite()
        else:
            with self.path.open("a", newline="", encoding="utf-8") as file:
                csv.writer(file).writerow(self._cells(line))

    def close(self) -> None:
        """Nothing is held back."""

    def _rewrite(self) -> None:
        temporary = self.path.with_name(f".{self.path.name}.part")
        with temporary.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(self._columns)
            writer.writerows(self._cells(line) for line in self._lines)
        temporary.replace(self.path)

    def _cells(self, line: Mapping[str, float | None]) -> list[str]:
        values = [line.get(name) for name in self._columns]
        return ["" if value is None else f"{value:.10g}" for value in values]


def read_lines(path: Path) -> list[dict[str, float | None]]:
    """The lines of a file that a :class:`CsvLogger` wrote; one that was cut off while it was written is left out."""
    whole, end, _ = path.read_text(encoding="utf-8").rpartition("\n")
    rows = list(csv.reader((whole + end).splitlines()))
    names = rows[0] if rows else []
    return [
        {name: float(cell) if cell else None for name, cell in zip(names, row, strict=True)}
        for row in rows[1:]
        if len(row) == len(names) and STEP in names
    ]


class TensorBoardLogger:
    """One event per figure, in a file of its own; ``tensorboard --logdir runs`` shows it.

    Written by TensorBoard's own code, which does not load TensorFlow. The steps are environment steps.

    Args:
        folder: where the file is made; it may hold those of earlier calls.
        resume_at: what earlier files say of steps up to this one is kept, and the rest is void; None: all is kept.

    Raises:
        ModuleNotFoundError: if tensorboard is not installed.
    """

    def __init__(self, folder: Path, *, resume_at: int | None = None) -> None:
        from tensorboard.compat.proto import event_pb2, summary_pb2  # type: ignore[import-untyped]  # no stubs
        from tensorboard.summary.writer.record_writer import RecordWriter  # type: ignore[import-untyped]  # likewise

        self._event: Any = event_pb2.Event
        self._summary: Any = summary_pb2.Summary
        self.path = _free_name(folder)
        self._writer: Any = RecordWriter(self.path.open("wb"))
        self._add(file_version="brain.Event:2")
        if resume_at is not None:
            start = event_pb2.SessionLog(status=event_pb2.SessionLog.START)
            self._add(step=resume_at + 1, session_log=start)

    def write(self, step: int, figures: Mapping[str, float | None]) -> None:
        """Add the figures that exist."""
        values = [
            self._summary.Value(tag=name, simple_value=value) for name, value in figures.items() if value is not None
        ]
        self._add(step=step, summary=self._summary(value=values))

    def close(self) -> None:
        """Close the file."""
        self._writer.close()

    def _add(self, **parts: Any) -> None:
        self._writer.write(self._event(wall_time=time.time(), **parts).SerializeToString())
        self._writer.flush()  # a run that is killed loses nothing


def _free_name(folder: Path) -> Path:
    """TensorBoard reads the files of a folder in the order of their names."""
    begun = int(time.time())
    names = (folder / f"events.out.tfevents.{begun}.{count:04d}" for count in itertools.count())
    return next(name for name in names if not name.exists())


class Loggers:
    """Several loggers as one.

    Args:
        loggers: each is told everything.
    """

    def __init__(self, loggers: Sequence[Logger]) -> None:
        self.loggers = tuple(loggers)

    def write(self, step: int, figures: Mapping[str, float | None]) -> None:
        """Tell them all."""
        for logger in self.loggers:
            logger.write(step, figures)

    def close(self) -> None:
        """Close them all."""
        for logger in self.loggers:
            logger.close()


def open_logs(folder: Path, table: str, *, resume_at: int | None = None, more: Sequence[Logger] = ()) -> Loggers:
    """What a run folder gets: a table, and TensorBoard's events where tensorboard is installed.

    Args:
        folder: the run folder.
        table: name of the table.
        resume_at: the step at which an earlier run in this folder goes on; None: there was none.
        more: loggers that are told too.
    """
    found: list[Logger] = [CsvLogger(folder / table, resume_at=resume_at)]
    try:
        found.append(TensorBoardLogger(folder, resume_at=resume_at))
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "tensorboard":
            raise
    return Loggers([*found, *more])


def figures_of(snapshot: Snapshot) -> dict[str, float | None]:
    """A snapshot under SB3's names, so that curves lie over each other."""
    return {
        "rollout/ep_rew_mean": snapshot.mean_return,
        "rollout/ep_len_mean": snapshot.mean_length,
        "time/episodes": float(snapshot.n_episodes),
        "time/time_elapsed": snapshot.seconds,
        "time/fps": snapshot.step / snapshot.seconds if snapshot.seconds > 0 else None,
        **snapshot.metrics,
    }
