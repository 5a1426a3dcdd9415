"""Where a session stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Phase(Enum):
    """Where an episode stands."""

    READY = "ready"  # runs as soon as a key is pressed
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


class Pace(Enum):
    """Whether the game waits for keys or runs on."""

    TURNS = "turns"
    REAL_TIME = "real time"


@dataclass(frozen=True)
class Shown:
    """What the player has switched on."""

    help: bool = False
    values: bool = False
    hint: bool = False
    view: bool = False
