"""The window shows frames, keeps pace and closes without harm. No screen is needed."""

import builtins
import os
import time

import numpy as np
import pytest
from gymnasium.error import DependencyNotInstalled

from rlenvs.rendering import Window
from rlenvs.rendering.window import choose_driver

FRAME = np.full((20, 30, 3), (10, 120, 240), dtype=np.uint8)


@pytest.fixture(autouse=True)
def without_screen(monkeypatch):
    pygame = pytest.importorskip("pygame")
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    yield pygame
    pygame.display.quit()


def test_it_shows_the_frame_and_starts_the_display_only(without_screen):
    pygame = without_screen
    window = Window("test", fps=1000)
    assert not window.is_open
    window.show(FRAME)
    assert window.is_open
    surface = pygame.display.get_surface()
    assert surface.get_size() == (30, 20)
    assert tuple(surface.get_at((29, 19)))[:3] == (10, 120, 240)
    assert pygame.display.get_caption()[0] == "test"
    assert pygame.mixer.get_init() is None
    window.close()
    window.close()
    assert not window.is_open


def test_closing_before_the_first_frame_does_nothing():
    Window("test", fps=10).close()


def test_frames_come_at_the_pace_asked_for():
    window = Window("test", fps=50)
    window.show(FRAME)
    start = time.perf_counter()
    for _ in range(5):
        window.show(FRAME)
    # Only the lower bound is sure on a busy machine.
    assert time.perf_counter() - start >= 0.07


def test_a_window_closed_by_its_user_stays_closed_and_stops_nothing(without_screen):
    pygame = without_screen
    window = Window("test", fps=2)
    window.show(FRAME)
    pygame.event.post(pygame.event.Event(pygame.QUIT))
    window.show(FRAME)
    assert window.closed_by_user
    assert not window.is_open
    start = time.perf_counter()
    for _ in range(60):
        window.show(FRAME)
    assert time.perf_counter() - start < 15.0  # at 2 frames per second it would be 30 seconds
    assert not pygame.display.get_init()


def test_keys_are_left_for_others(without_screen):
    pygame = without_screen
    window = Window("test", fps=1000)
    window.show(FRAME)
    pygame.event.get()
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_UP))
    window.show(FRAME)
    assert [event.key for event in pygame.event.get(pygame.KEYDOWN)] == [pygame.K_UP]


def test_two_windows_share_the_display_without_an_error():
    first, second = Window("first", fps=1000), Window("second", fps=1000)
    first.show(FRAME)
    second.show(np.zeros((8, 9, 3), np.uint8))
    second.close()
    first.show(FRAME)
    assert first.is_open
    first.close()


def test_without_a_screen_it_draws_into_memory(monkeypatch, without_screen):
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("SDL_VIDEODRIVER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    window = Window("test", fps=1000)
    window.show(FRAME)
    assert without_screen.display.get_driver() == "dummy"
    window.close()


@pytest.mark.parametrize(("name", "chosen"), [("SDL_VIDEODRIVER", "x11"), ("DISPLAY", None), ("WAYLAND_DISPLAY", None)])
def test_a_screen_and_a_driver_that_somebody_chose_are_left_alone(name, chosen, monkeypatch):
    monkeypatch.setattr("sys.platform", "linux")
    for other in ("SDL_VIDEODRIVER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(name, "x11")
    choose_driver()
    assert os.environ.get("SDL_VIDEODRIVER") == chosen


def test_a_pace_below_one_is_refused():
    with pytest.raises(ValueError, match=r"`fps`: expected at least 1 frame per second, got 0"):
        Window("test", fps=0)


def test_without_pygame_the_error_names_the_extra(monkeypatch):
    real_import = builtins.__import__

    def refuse(name, *args, **kwargs):
        if name == "pygame":
            raise ImportError(name)
        return real_import(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(DependencyNotInstalled, match=r'pip install "rlenvs\[play\]"'):
        Window("test", fps=5).show(FRAME)
