"""Chooses where to play."""

from __future__ import annotations

import sys

from rlenvs_play.device import Device
from rlenvs_play.painter import Painter
from rlenvs_play.screen import can_open_window
from rlenvs_play.settings import Settings


def terminal_instead(settings: Settings) -> bool:
    """Whether to play in the terminal: it was asked for, or there is no screen."""
    if settings.terminal:
        return True
    if can_open_window():
        return False
    sys.stderr.write("There is no screen, so the game is played in the terminal.\n")
    return True


def open_device(title: str, settings: Settings, *, terminal: bool) -> Device:
    """A window or the terminal.

    Raises:
        ImportError: if the window needs pygame, and it is missing or installed twice.
        ValueError: if there is no terminal either.
    """
    if terminal:
        from rlenvs_play.terminal import Terminal

        return Terminal()
    from rlenvs_play.window import PlayWindow

    return PlayWindow(f"{title} - rlenvs play", Painter(settings.zoom))
