"""How much memory is free, so that what cannot fit is refused before it is begun."""

from __future__ import annotations

from pathlib import Path

from rlenvs_agents.capacity import GIB, memory

MEMINFO = Path("/proc/meminfo")


def available() -> float:
    """The bytes that can be had now without swapping; all that the machine has where it does not say."""
    try:
        for line in MEMINFO.read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return min(float(line.split()[1]) * 1024, memory())
    except (OSError, ValueError, IndexError):
        pass
    return memory()


def require(needed: float, what: str, remedy: str) -> None:
    """Refuse what does not fit.

    An array of zeros costs nothing before it is written to, so a memory that is too large would be noticed hours
    later, when the system ends the process.

    Args:
        needed: bytes.
        what: who needs them, for the message.
        remedy: what to do about it, likewise.

    Raises:
        ValueError: if there are fewer bytes available.
    """
    there = available()
    if needed > there:
        raise ValueError(f"{what} needs {needed / GIB:.2f} GiB, more than the {there / GIB:.2f} GiB free; {remedy}.")
