"""The window: draws, and reads keys. pygame is imported here and nowhere else, when the window opens."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from rlenvs_play.keys import key_name
from rlenvs_play.pacer import Pacer
from rlenvs_play.painter import Painter
from rlenvs_play.screen import check_pygame, silence_sound
from rlenvs_play.signals import Closed, Event, FocusLost, Pressed, Released
from rlenvs_play.strips import Image
from rlenvs_play.view import View

UNSEEN = ("offscreen", "dummy")
"""SDL's drivers that show nothing."""


class PlayWindow:
    """A device with a window. Only pygame's display is started, nothing of its sound.

    Args:
        title: of the window.
        painter: makes pixels of views.
        pacer: how often to look for keys.

    Raises:
        ImportError: if pygame is missing, or installed twice.
    """

    def __init__(self, title: str, painter: Painter, pacer: Pacer | None = None) -> None:
        silence_sound()
        check_pygame()
        import pygame

        self._pygame: Any = pygame
        self._title = title
        self._painter = painter
        self._pacer = pacer or Pacer()
        self._surface: Any = None
        self._shown: View | None = None
        self._canvas: Image | None = None

    def events(self) -> list[Event]:
        """See :class:`~rlenvs_play.device.Device`."""
        if self._surface is None:
            return []
        found = (self._event(event) for event in self._pygame.event.get())
        return [event for event in found if event is not None]

    def show(self, view: View, picture: Callable[[], Any]) -> None:
        """See :class:`~rlenvs_play.device.Device`."""
        if view == self._shown:
            return
        self._canvas = self._painter.paint(view, _pixels(picture()))
        self._shown = view
        self._flip()

    def wait(self) -> float:
        """See :class:`~rlenvs_play.device.Device`."""
        return self._pacer.wait()

    def screenshot(self, path: Path) -> Path:
        """See :class:`~rlenvs_play.device.Device`."""
        from PIL import Image as Pillow

        if self._canvas is not None:
            Pillow.fromarray(self._canvas).save(path)
        return path

    def close(self) -> None:
        """See :class:`~rlenvs_play.device.Device`."""
        if self._surface is not None:
            self._surface = None
            self._pygame.display.quit()

    def _event(self, event: Any) -> Event | None:
        pygame = self._pygame
        if event.type == pygame.QUIT:
            return Closed()
        if event.type in (pygame.KEYDOWN, pygame.KEYUP):
            name = key_name(pygame.key.name(event.key))
            if name is None:
                return None
            return Pressed(name) if event.type == pygame.KEYDOWN else Released(name)
        if event.type == pygame.WINDOWFOCUSLOST:
            return FocusLost()
        if event.type in (pygame.WINDOWEXPOSED, pygame.WINDOWSIZECHANGED, pygame.WINDOWRESTORED):
            self._flip()
        return None

    def _flip(self) -> None:
        """Put the canvas on the screen; in a window of another size, as large as fits and in the middle."""
        if self._canvas is None:
            return
        pygame = self._pygame
        height, width = self._canvas.shape[:2]
        surface = self._opened(width, height)
        picture = pygame.image.frombuffer(np.ascontiguousarray(self._canvas), (width, height), "RGB")
        if surface.get_size() != (width, height):
            fit = min(surface.get_width() / width, surface.get_height() / height)
            size = (max(1, round(width * fit)), max(1, round(height * fit)))
            picture = pygame.transform.smoothscale(picture, size)
            surface.fill((0, 0, 0))
        left = (surface.get_width() - picture.get_width()) // 2
        top = (surface.get_height() - picture.get_height()) // 2
        surface.blit(picture, (left, top))
        pygame.display.flip()

    def _opened(self, width: int, height: int) -> Any:
        """The window's surface; an environment that shut the display down has the window opened again."""
        pygame = self._pygame
        if self._surface is not None and pygame.display.get_init() and pygame.display.get_surface() is not None:
            return pygame.display.get_surface()
        try:
            self._start_display()
            pygame.display.set_caption(self._title)
            self._surface = pygame.display.set_mode((width, height), pygame.RESIZABLE)
        except pygame.error as error:
            raise OSError(
                f"The window cannot be opened: {error}. Play in the terminal instead, with --terminal."
            ) from error
        return self._surface

    def _start_display(self) -> None:
        """Where the screen does not answer, SDL draws into memory unless a driver was chosen: nobody would see it."""
        pygame = self._pygame
        pygame.display.init()
        if pygame.display.get_driver() in UNSEEN and not os.environ.get("SDL_VIDEODRIVER"):
            pygame.display.quit()
            raise pygame.error("the screen does not answer")


def _pixels(picture: Any) -> Image:
    """A picture as the painter wants it: (height, width, 3) uint8; grey ones get three channels."""
    array = np.asarray(picture)
    if array.ndim == 2:
        array = np.repeat(array[:, :, None], 3, axis=2)
    if array.ndim != 3 or array.shape[2] not in (3, 4):
        raise ValueError(f"render() must give a picture (height, width, 3) of uint8, got shape {array.shape}.")
    return np.ascontiguousarray(array[:, :, :3], dtype=np.uint8)
