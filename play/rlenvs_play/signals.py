"""What goes into a session and what comes out of it: plain data, so that no test needs a window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Pressed:
    """A key went down; the name is one of :data:`rlenvs_play.keys.KEYS`."""

    key: str


@dataclass(frozen=True, slots=True)
class Released:
    """A key went up, whether or not it was seen going down."""

    key: str


@dataclass(frozen=True, slots=True)
class FocusLost:
    """The window is no longer the one that gets the keys; releases will not be seen."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The window was closed."""


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed."""

    seconds: float


Event = Pressed | Released | FocusLost | Closed | Tick


@dataclass(frozen=True, slots=True)
class Step:
    """Take one step: with ``action``, or with what the agent chooses."""

    action: Any = None
    by_agent: bool = False


@dataclass(frozen=True, slots=True)
class NextEpisode:
    """Begin an episode: with a given seed, with the same one again, or with the next one."""

    seed: int | None = None
    same: bool = False


@dataclass(frozen=True, slots=True)
class Undo:
    """Take the last step back."""


@dataclass(frozen=True, slots=True)
class Screenshot:
    """Keep what is seen as a file."""


@dataclass(frozen=True, slots=True)
class Quit:
    """End the game."""


Effect = Step | NextEpisode | Undo | Screenshot | Quit
