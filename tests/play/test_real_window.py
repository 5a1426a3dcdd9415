"""A real window on a virtual X server: real keys from outside, and what is on the screen."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import gymnasium as gym
import numpy as np
import pytest
from PIL import Image, ImageGrab

import rlenvs  # noqa: F401  # registers the ids
from rlenvs_play import replay
from rlenvs_play.panel import PANEL_WIDTH

MISSING = [program for program in ("Xvfb", "xdotool") if shutil.which(program) is None]
pytestmark = [
    pytest.mark.skipif(
        bool(MISSING),
        reason=f"{' and '.join(MISSING)} not installed; on Debian and Ubuntu: apt install xvfb xdotool",
    ),
]
PATIENCE = 60.0


def until(condition, what):
    """Wait until something is true; machines may be slow."""
    end = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.05)
    return found


@pytest.fixture(scope="module")
def screen():
    """A virtual screen that nobody else uses; the server chooses its number."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x900x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as numbers:
        number = numbers.readline().strip()
    assert number, "Xvfb did not start"
    yield f":{number}"
    server.terminate()
    server.wait(timeout=30)


class Game:
    """`rlenvs play` in a window of its own."""

    def __init__(self, screen, folder, *words):
        self.screen = screen
        self.session = folder / "session.json"
        env = {**os.environ, "DISPLAY": screen}
        env.pop("SDL_VIDEODRIVER", None)
        command = [sys.executable, "-m", "rlenvs_play", *words, "--record", str(self.session)]
        self.process = subprocess.Popen(
            command, env=env, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.window = until(self._focused, "the window")
        until(lambda: self.grab().max() > 0, "something on the screen")

    def _search(self):
        assert self.process.poll() is None, self.process.stderr.read()
        found = self.tool("search", "--onlyvisible", "--pid", str(self.process.pid), check=False)
        return found.split("\n")[0]

    def _focused(self):
        """The window, once it takes keys; while it opens, another one may be found that is gone at once."""
        window = self._search()
        return (
            window if window and self.tool("windowfocus", window, check=False) == "" and self._has_keys(window) else ""
        )

    def _has_keys(self, window):
        return self.tool("getwindowfocus", check=False) == window

    def tool(self, *words, check=True):
        env = {**os.environ, "DISPLAY": self.screen}
        done = subprocess.run(["xdotool", *words], env=env, capture_output=True, text=True, check=check)
        return done.stdout.strip()

    def press(self, *keys):
        for key in keys:
            self.tool("key", "--delay", "60", key)

    def grab(self):
        """What is on the screen where the window is, (height, width, 3)."""
        values = dict(line.split("=") for line in self.tool("getwindowgeometry", "--shell", self.window).split("\n"))
        left, top, width, height = (int(values[name]) for name in ("X", "Y", "WIDTH", "HEIGHT"))
        picture = ImageGrab.grab(bbox=(left, top, left + width, top + height), xdisplay=self.screen)
        return np.asarray(picture.convert("RGB"))

    def picture(self):
        """The part of the window that is the environment's."""
        return self.grab()[:, :-PANEL_WIDTH]

    def end(self):
        """What it printed, once it is over, and the exit status."""
        output, errors = self.process.communicate(timeout=PATIENCE)
        assert self.process.returncode == 0, errors
        return output


@pytest.fixture
def start(screen, tmp_path):
    games = []

    def begin(*words):
        games.append(Game(screen, tmp_path, *words))
        return games[-1]

    yield begin
    for game in games:
        if game.process.poll() is None:
            game.process.kill()
            game.process.wait()


def frame_after(env_id, seed, actions):
    env = gym.make(env_id, render_mode="rgb_array")
    env.reset(seed=seed)
    for action in actions:
        env.step(action)
    return np.asarray(env.render())


def enlarged(frame, height):
    factor = height // frame.shape[0]
    return frame.repeat(factor, axis=0).repeat(factor, axis=1)


def is_shown(game, frame):
    """Whether the window shows exactly this frame."""
    picture = game.picture()
    top = (picture.shape[0] - frame.shape[0] * (picture.shape[0] // frame.shape[0])) // 2
    large = enlarged(frame, picture.shape[0])
    return np.array_equal(picture[top : top + large.shape[0], : large.shape[1]], large)


@pytest.mark.parametrize(
    ("env_id", "keys", "actions"),
    [
        ("rlenvs/GridWorld-v0", ["Right", "s", "Down"], [3, 1, 1]),
        ("rlenvs/Snake-v0", ["Up", "Left", "w"], [0, 2, 0]),
        ("rlenvs/MDP-v0", ["0", "2", "0"], [0, 2, 0]),
        ("FrozenLake-v1", ["Down", "Right"], [1, 2]),
    ],
)
def test_real_keys_move_the_environment_and_its_frame_is_on_the_screen(env_id, keys, actions, start):
    game = start(env_id, "--seed", "7", "--pace", "turns")
    for done, key in enumerate(keys, start=1):
        game.press(key)
        frame = frame_after(env_id, 7, actions[:done])
        until(lambda frame=frame: is_shown(game, frame), f"the frame after {key}")
    game.press("Escape")
    assert "seed 7, you, " in game.end()
    (episode,) = json.loads(game.session.read_text())["episodes"]
    assert episode["actions"] == actions
    assert replay(game.session)[0].steps == len(actions)


def test_a_screenshot_is_what_is_on_the_screen(start, tmp_path):
    game = start("rlenvs/GridWorld-v0", "--seed", "1")
    game.press("Right")
    until(lambda: is_shown(game, frame_after("rlenvs/GridWorld-v0", 1, [3])), "the frame")
    shown = game.grab()
    game.press("F12")
    # The panel says where it was kept once the file is whole.
    until(lambda: not np.array_equal(game.grab(), shown), "the note")
    path = tmp_path / "rlenvs-GridWorld-v0-1.png"
    assert np.array_equal(np.asarray(Image.open(path).convert("RGB")), shown)


def test_snake_runs_and_ends_in_real_time(start):
    game = start("rlenvs/Snake-v0", "--seed", "3", "--episodes", "1", "--fps", "30")
    game.press("Up")
    assert "score -1" in game.end()
    (episode,) = json.loads(game.session.read_text())["episodes"]
    assert set(episode["actions"]) == {0}
    assert len(episode["actions"]) == 6


def test_an_agent_plays_and_hands_over(start):
    game = start("rlenvs/Snake-v0", "--seed", "3", "--agent", "cycle", "--fps", "30")
    first = game.picture()
    until(lambda: not np.array_equal(game.picture(), first), "a move of the agent")
    game.press("Tab")

    def stands_still():
        before = game.picture()
        time.sleep(0.5)  # in which the agent would make fifteen moves
        return np.array_equal(game.picture(), before)

    until(stands_still, "the game to wait for the first key of the person")
    game.press("Escape")
    assert "agent" in game.end()


def test_closing_the_window_ends_it(start):
    game = start("rlenvs/GridWorld-v0", "--seed", "1")
    game.press("Right")
    until(lambda: is_shown(game, frame_after("rlenvs/GridWorld-v0", 1, [3])), "the frame")
    script = Path(__file__).with_name("closing.py")
    subprocess.run([sys.executable, str(script), game.screen, game.window], check=True)
    assert "1 steps, left" in game.end()


def test_holding_and_mashing_keys_never_hangs_it(start):
    game = start("rlenvs/Snake-v0", "--seed", "1")
    keys = ["Up", "Left", "a", "s", "space", "Tab", "p", "n", "u", "m", "v", "o", "k", "h", "F2", "F5", "plus", "minus"]
    for key in keys:
        game.tool("keydown", key)
    game.tool("key", "--delay", "5", *keys, *reversed(keys))
    for key in keys:
        game.tool("keyup", key)
    assert game.process.poll() is None
    for _ in range(3):  # the first one may close the help
        if game.process.poll() is None:
            game.press("Escape")
            time.sleep(0.5)
    game.process.communicate(timeout=PATIENCE)
    assert game.process.returncode == 0


def test_a_window_of_another_size_shows_the_whole_picture(start):
    game = start("rlenvs/GridWorld-v0", "--seed", "1")
    before = game.grab()
    game.tool("windowsize", "--sync", game.window, "1100", "700")
    until(lambda: game.grab().shape == (700, 1100, 3) and game.grab()[350, 550:].max() > 200, "the new size")
    game.press("Right")
    until(lambda: game.process.poll() is None and game.grab().mean() > 0.5 * before.mean(), "the picture")
    game.press("Escape")
    assert "1 steps" in game.end()
