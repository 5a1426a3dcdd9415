"""How much memory there is, so that what cannot fit is refused before it is begun."""

from __future__ import annotations

import os
from pathlib import Path

GIB = 2**30

LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
"""Where Linux says what a container may have (control groups, version 2 and 1)."""


def memory() -> float:
    """The bytes of memory that this machine or container has; infinite where it does not say."""
    try:
        machine = float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, ValueError, OSError):
        machine = float("inf")
    return min([machine, *map(_number_in, LIMITS)])


def _number_in(file: Path) -> float:
    """The number that a file holds; infinite where it holds none, such as "max"."""
    try:
        return float(int(file.read_text(encoding="ascii")))
    except (OSError, ValueError):
        return float("inf")
