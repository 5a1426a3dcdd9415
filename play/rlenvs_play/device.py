"""What a sitting is played on: a window, a terminal, or a script in a test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from rlenvs_play.signals import Event
from rlenvs_play.view import View


class Device(Protocol):
    """Gives events and shows views."""

    def events(self) -> list[Event]:
        """What happened since the last call; returns at once."""

    def show(self, view: View, picture: Callable[[], Any]) -> None:
        """Show a view; ``picture()`` gives its picture, and is called only if there is something new."""

    def wait(self) -> float:
        """Wait until it is time for the next tick; return the seconds since the last one."""

    def screenshot(self, path: Path) -> Path:
        """Write what is shown into a file; the name's suffix may be changed to what fits."""

    def close(self) -> None:
        """Give everything back."""
