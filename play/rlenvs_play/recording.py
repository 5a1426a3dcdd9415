"""What is kept of a sitting, in one file per wish."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import gymnasium as gym

from rlenvs_play.dataset import DatasetWriter
from rlenvs_play.episodes import Episode
from rlenvs_play.film import FilmWriter
from rlenvs_play.game import Keep
from rlenvs_play.saved import SessionWriter

DATASET = re.compile(r"([\w-]+/)*[\w-]+-v\d+")


class Writer(Protocol):
    """Writes episodes somewhere.

    Attributes:
        keep: what every step has to keep for it.
    """

    keep: Keep

    def check(self, env: gym.Env[Any, Any]) -> None:
        """Raise before the game begins if it could not be written afterwards."""

    def write(self, env: gym.Env[Any, Any], episodes: Sequence[Episode], fps: float) -> None:
        """Write; there is at least one episode."""


class Recording:
    """All wishes of a sitting.

    Args:
        targets: files ending in .json, .gif or .mp4, or ids of Minari datasets.

    Raises:
        ValueError: if one is none of these.
    """

    def __init__(self, targets: Sequence[str | Path] = ()) -> None:
        self.writers = [writer_for(target) for target in ([targets] if isinstance(targets, (str, Path)) else targets)]

    @property
    def keep(self) -> Keep:
        """What every step has to keep."""
        return Keep(
            observations=any(writer.keep.observations for writer in self.writers),
            pictures=any(writer.keep.pictures for writer in self.writers),
        )

    def check(self, env: gym.Env[Any, Any]) -> None:
        """Raise before the game begins if something could not be written afterwards.

        Raises:
            ValueError: if the environment does not give what is needed.
            OSError: if a folder is missing.
            ImportError: if a package is missing.
        """
        for writer in self.writers:
            writer.check(env)

    def write(self, env: gym.Env[Any, Any], episodes: Sequence[Episode], *, fps: float) -> None:
        """Write everything; without a single step nothing is written."""
        if episodes:
            for writer in self.writers:
                writer.write(env, episodes, fps)


def writer_for(target: str | Path) -> Writer:
    """The writer for a file or a dataset.

    Raises:
        ValueError: if it is neither.
    """
    path = Path(target)
    suffix = path.suffix.lower()
    if suffix == ".json":
        return SessionWriter(path)
    if suffix in (".gif", ".mp4"):
        return FilmWriter(path)
    if DATASET.fullmatch(str(target)):
        return DatasetWriter(str(target))
    raise ValueError(
        f"`record` takes a file that ends in .json, .gif or .mp4, or the id of a Minari dataset such as "
        f"'snake/human-v0', got {str(target)!r}."
    )
