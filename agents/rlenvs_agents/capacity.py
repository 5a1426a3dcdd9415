"""How much memory there is, so that what cannot fit is refused before it is begun."""

from __future__ import annotations

import os

GIB = 2**30


def memory() -> float:
    """The bytes of memory that this machine has; infinite where it does not say."""
    try:
        return float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, ValueError, OSError):
        return float("inf")
