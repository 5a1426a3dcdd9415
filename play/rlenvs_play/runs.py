"""The environments of runs: other packages say which one a folder belongs to.

They offer it through the entry-point group ``rlenvs.runs``: a function of one word that returns the id and the keyword
arguments of an environment, or None if the word means nothing to it, and raises ValueError if it does but is damaged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

GROUP = "rlenvs.runs"

Reader = Callable[[str], tuple[str, Mapping[str, Any]] | None]


def environment_of(word: str) -> tuple[str, Mapping[str, Any]] | None:
    """Id and keyword arguments of the environment of a run; None if the word names no folder that anybody knows.

    Raises:
        ValueError: if it names a run that is damaged.
    """
    if not Path(word).is_dir():
        return None
    for point in entry_points(group=GROUP):
        reader: Reader = point.load()
        found = reader(word)
        if found is not None:
            return found
    return None
