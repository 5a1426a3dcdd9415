"""A window on the screen for render mode `human`, through pygame.

Only pygame's display is started (never its mixer or its joysticks), when the first frame is shown.
"""

import os
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pygame


def _pygame() -> Any:
    """The pygame module, or an error that says how to get it."""
    try:
        import pygame
    except ImportError as error:
        from gymnasium.error import DependencyNotInstalled

        raise DependencyNotInstalled(
            'a window needs pygame, which is not installed: run `pip install "rlenvs[play]"`, '
            "or use the render modes `rgb_array` or `ansi`"
        ) from error
    return pygame


def has_screen() -> bool:
    """Whether a window would be seen by somebody: on Linux, whether a display server is known."""
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def choose_driver() -> None:
    """Where there is no screen and nobody chose a driver, let SDL draw into memory.

    Left alone it would look for one itself, and may load a software renderer with an LLVM of its own. A TensorFlow
    that is imported into the same process afterwards crashes.
    """
    if not has_screen():
        os.environ.setdefault("SDL_VIDEODRIVER", "dummy")


class Window:
    """Shows frames at a steady pace.

    A person who closes the window wants to look no longer; that does not end a training. From then on
    :meth:`show` returns at once (without waiting for the next frame's time) and `closed_by_user` is true, for
    callers that want to stop. A new window is a new object.

    Keys and mouse are left in pygame's queue for whoever plays; only the request to close is taken from it.
    """

    def __init__(self, title: str, fps: int) -> None:
        if fps < 1:
            raise ValueError(f"`fps`: expected at least 1 frame per second, got {fps!r}")
        self.title = title
        self.fps = fps
        self.closed_by_user = False
        self._surface: pygame.Surface | None = None
        self._clock: pygame.time.Clock | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is a window on the screen."""
        return self._surface is not None

    def show(self, frame: NDArray[np.uint8]) -> None:
        """Put a frame (height, width, 3) of uint8 on the screen, then wait until its time is over.

        Raises:
            gymnasium.error.DependencyNotInstalled: pygame is missing.
        """
        if self.closed_by_user:
            return
        pygame = _pygame()
        height, width = frame.shape[:2]
        surface = self._opened(width, height)
        picture = pygame.image.frombuffer(np.ascontiguousarray(frame).tobytes(), (width, height), "RGB")
        surface.blit(picture, (0, 0))
        pygame.display.flip()
        # Reading the queue also answers the desktop, which otherwise calls the program unresponsive.
        if pygame.event.get(pygame.QUIT):
            self.close()
            self.closed_by_user = True
            return
        if self._clock is None:
            self._clock = pygame.time.Clock()
        self._clock.tick(self.fps)

    def close(self) -> None:
        """Take the window off the screen; closing twice, or before the first frame, does nothing."""
        if self._surface is None:
            return
        self._surface = self._clock = None
        _pygame().display.quit()

    def _opened(self, width: int, height: int) -> Any:
        """The window's surface, opened if it is not there (another window may have taken the display)."""
        pygame = _pygame()
        is_current = pygame.display.get_init() and pygame.display.get_surface() is self._surface
        if self._surface is None or not is_current or self._surface.get_size() != (width, height):
            choose_driver()
            pygame.display.init()
            pygame.display.set_caption(self.title)
            self._surface = pygame.display.set_mode((width, height))
        return self._surface
