"""Figures of a training run, written as they come."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from rlenvs_agents.reporting import Snapshot


class Logger(Protocol):
    """Takes figures by name."""

    def write(self, step: int, figures: Mapping[str, float | None]) -> None:
        """Figures at an environment step."""

    def close(self) -> None:
        """No more will come."""


class CsvLogger:
    """One line per call; a figure that comes for the first time adds a column, and the file is written anew.

    Args:
        path: the file; what it held is replaced.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._columns: list[str] = []
        self._lines: list[dict[str, float | None]] = []

    def write(self, step: int, figures: Mapping[str, float | None]) -> None:
        """Add a line; the column of the step is SB3's "time/total_timesteps"."""
        line = {"time/total_timesteps": float(step), **figures}
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
