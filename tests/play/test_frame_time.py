"""How steady the window is: 60 ticks a second on Snake. The figures: `pytest -m benchmark tests/play`, alone."""

import os
import time

import gymnasium as gym
import numpy as np
import pytest

import rlenvs  # noqa: F401  # registers the ids
from rlenvs_play import Settings, play
from rlenvs_play.painter import Painter
from rlenvs_play.signals import Closed
from rlenvs_play.window import PlayWindow

PERIOD = 1 / 60


class Watched(PlayWindow):
    """A window that notes when its ticks came, and closes after some seconds."""

    def __init__(self, ticks):
        super().__init__("frame time", Painter())
        self.ticks = ticks
        self.seconds = []
        self.busy = []
        self._since = time.process_time()

    def events(self):
        return [Closed()] if len(self.seconds) >= self.ticks else super().events()

    def wait(self):
        self.busy.append(time.process_time() - self._since)
        self.seconds.append(super().wait())
        self._since = time.process_time()
        return self.seconds[-1]


def watched_snake(fps, ticks):
    """Seconds between ticks, and seconds of work in each, without those of the start."""
    window = Watched(ticks)
    env = gym.make("rlenvs/Snake-v0", render_mode="rgb_array")
    play(env, agent="cycle", seed=0, device=window, settings=Settings(fps=fps))
    return np.array(window.seconds[30:]), np.array(window.busy[30:])


def test_snake_at_its_own_pace_leaves_most_of_every_tick_free(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    _, busy = watched_snake(fps=8, ticks=150)
    # Processor time, which a busy machine stretches far less than the clock; a quarter of it is usual even then.
    assert busy.mean() < 0.5 * PERIOD


@pytest.mark.benchmark
@pytest.mark.parametrize("fps", [8, 60])
def test_frame_time_is_steady_on_snake(fps, monkeypatch, capsys):
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    if os.getloadavg()[0] > (os.cpu_count() or 1):
        pytest.skip("the machine is busy with other work, so that times mean nothing")
    ticks, busy = watched_snake(fps, ticks=600)
    with capsys.disabled():
        print(  # noqa: T201  # the figure is what this is for
            f"\n{fps} steps/s: median {1e3 * np.median(ticks):.2f} ms, mean {1e3 * ticks.mean():.2f}, "
            f"99 % {1e3 * np.quantile(ticks, 0.99):.2f}, busy {1e3 * busy.mean():.2f} ms a tick, "
            f"at most {1e3 * busy.max():.1f}"
        )
    assert abs(np.median(ticks) - PERIOD) < 0.001
    assert abs(ticks.mean() - PERIOD) < 0.001
    assert np.quantile(ticks, 0.95) < 1.25 * PERIOD
    assert np.quantile(busy, 0.95) < PERIOD
