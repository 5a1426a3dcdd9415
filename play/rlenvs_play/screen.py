"""Whether there is a screen, and whether pygame is installed once."""

from __future__ import annotations

import os
from importlib.metadata import PackageNotFoundError, version

from rlenvs.rendering.window import has_screen

REMEDY = "pip uninstall -y pygame pygame-ce && pip install pygame-ce"


def installed(distributions: tuple[str, ...] = ("pygame", "pygame-ce")) -> list[str]:
    """Which of the distributions are installed, with their versions."""
    found = []
    for name in distributions:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return found


def check_pygame() -> None:
    """Make sure that there is one pygame.

    Raises:
        ImportError: if pygame and pygame-ce are both installed: they overwrite each other's files, and which one is
            imported is chance.
        ModuleNotFoundError: if there is none.
    """
    found = installed()
    if len(found) > 1:
        raise ImportError(
            f"{' and '.join(found)} are both installed. They put their files into the same folder and overwrite each "
            f"other. Remedy: {REMEDY}"
        )
    import pygame  # noqa: F401


def can_open_window() -> bool:
    """Whether a window can be opened: there is a screen, or somebody chose a driver that needs none."""
    return has_screen() or bool(os.environ.get("SDL_VIDEODRIVER"))


def silence_sound() -> None:
    """Make sure that no environment that starts all of pygame opens a sound device."""
    os.environ.setdefault("SDL_AUDIODRIVER", "dummy")
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
