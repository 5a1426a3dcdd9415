"""Play in the terminal: keys as they come, and the picture as text."""

from __future__ import annotations

import os
import select
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rlenvs_play.pacer import Pacer
from rlenvs_play.signals import Closed, Event, Pressed, Released
from rlenvs_play.terminal_keys import key_names
from rlenvs_play.terminal_text import screen_text
from rlenvs_play.view import View

TICKS_PER_SECOND = 30.0
OPEN = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J"  # another screen, no cursor, no line breaks of its own
SHUT = "\x1b[?7h\x1b[?25h\x1b[?1049l"


class Terminal:
    """A device for terminals.

    A terminal says which keys were pressed, never which are held down: every key is a short tap, and chords cannot be
    played.

    Args:
        pacer: how often to look for keys.

    Raises:
        ValueError: if standard input and output are no terminal.
    """

    def __init__(self, pacer: Pacer | None = None) -> None:
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            raise ValueError(
                "There is neither a screen nor a terminal to play in. Start it in a terminal, or set "
                "SDL_VIDEODRIVER=dummy for a window that nobody sees."
            )
        self._pacer = pacer or Pacer(TICKS_PER_SECOND)
        self._keyboard: Any = _keyboard()
        self._shown: View | None = None
        self._text = ""
        self._size = shutil.get_terminal_size()
        sys.stdout.write(OPEN)

    def events(self) -> list[Event]:
        """See :class:`~rlenvs_play.device.Device`."""
        typed = self._keyboard.read()
        if typed is None:
            return [Closed()]
        return [event for name in key_names(typed) for event in (Pressed(name), Released(name))]

    def show(self, view: View, picture: Callable[[], Any]) -> None:
        """See :class:`~rlenvs_play.device.Device`."""
        size = shutil.get_terminal_size()
        if view == self._shown and size == self._size:
            return
        self._shown, self._size = view, size
        self._text = screen_text(view, picture(), size.columns, size.lines)
        lines = self._text.split("\n")[: size.lines]
        sys.stdout.write("\x1b[H" + "\x1b[K\r\n".join(lines) + "\x1b[K\x1b[J")
        sys.stdout.flush()

    def wait(self) -> float:
        """See :class:`~rlenvs_play.device.Device`."""
        return self._pacer.wait()

    def screenshot(self, path: Path) -> Path:
        """See :class:`~rlenvs_play.device.Device`."""
        path = path.with_suffix(".txt")
        path.write_text(self._text + "\n", encoding="utf-8")
        return path

    def close(self) -> None:
        """See :class:`~rlenvs_play.device.Device`."""
        sys.stdout.write(SHUT)
        sys.stdout.flush()
        self._keyboard.close()


class _PosixKeyboard:
    """Reads what was typed without waiting for the end of a line."""

    def __init__(self) -> None:
        import termios
        import tty

        self._file = sys.stdin.fileno()
        self._before = termios.tcgetattr(self._file)
        tty.setcbreak(self._file)

    def read(self) -> str | None:
        """What was typed since the last call; None if nobody can type any more."""
        typed = b""
        while select.select([self._file], [], [], 0)[0]:
            try:
                part = os.read(self._file, 1024)
            except OSError:
                return None
            if not part:
                return None
            typed += part
        return typed.decode(errors="ignore")

    def close(self) -> None:
        """Give the terminal back as it was."""
        import termios

        termios.tcsetattr(self._file, termios.TCSADRAIN, self._before)


class _WindowsKeyboard:
    """The same for the console of Windows, whose arrow keys come as two characters."""

    _SECOND = {"H": "\x1b[A", "P": "\x1b[B", "M": "\x1b[C", "K": "\x1b[D"}

    def read(self) -> str | None:
        """What was typed since the last call."""
        import msvcrt

        console: Any = msvcrt
        typed = ""
        while console.kbhit():
            character = console.getwch()
            typed += self._SECOND.get(console.getwch(), "") if character in ("\x00", "\xe0") else character
        return typed

    def close(self) -> None:
        """Nothing was changed."""


def _keyboard() -> Any:
    keyboards: dict[bool, type[Any]] = {True: _WindowsKeyboard, False: _PosixKeyboard}
    return keyboards[sys.platform == "win32"]()
