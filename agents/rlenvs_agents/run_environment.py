"""Which environment a run belongs to, for those who only know its folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any


def environment_of(source: str) -> tuple[str, Mapping[str, Any]] | None:
    """What this package knows in the entry-point group ``rlenvs.runs``.

    Args:
        source: the folder of a run.

    Returns:
        Id and keyword arguments of the environment in which its scores are measured; None if ``source`` is no run.

    Raises:
        ValueError: if it is one, but damaged.
    """
    from rlenvs_agents.run_folder import CONFIG, RunFolder

    if not (Path(source) / CONFIG).is_file():
        return None
    folder = RunFolder.read(source)
    return folder.env_id, folder.score_kwargs
