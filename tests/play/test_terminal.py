"""Playing in a terminal: keys from what terminals send, views as text, and a whole game in a real pseudo-terminal."""

import os
import re
import select
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlenvs_play.keys import KEYS
from rlenvs_play.terminal_keys import key_names
from rlenvs_play.terminal_text import blocks, screen_text
from rlenvs_play.view import ActionLine, Card, View

POSIX = "pseudo-terminals are a thing of POSIX systems"
pty = pytest.importorskip("pty", reason=POSIX)
fcntl = pytest.importorskip("fcntl", reason=POSIX)
termios = pytest.importorskip("termios", reason=POSIX)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("\x1b[A\x1b[D", ["up", "left"]),
        ("\x1bOA", ["up"]),
        ("\x1b[1;2C", ["right"]),
        ("w \r", ["w", "space", "enter"]),
        ("\x1b", ["escape"]),
        ("\x1bOP\x1b[24~\x1b[15~", ["f1", "f12", "f5"]),
        ("\x7f", ["backspace"]),
        ("+é", ["plus"]),
        ("W", ["w"]),
    ],
)
def test_names_of_keys(typed, names):
    assert key_names(typed) == names


@given(st.text(alphabet=st.characters(max_codepoint=300) | st.just("\x1b"), max_size=30))
def test_whatever_is_typed_gives_known_keys_only(typed):
    assert set(key_names(typed)) <= KEYS


VIEW = View(
    title="Game-v0",
    picture=(1, "state"),
    numbers=(("score", "1"),),
    status="you play",
    actions=(ActionLine(("left",), "left", "2.5", best=True), ActionLine(("up",), "up", possible=False)),
    commands=(("h", "all keys"),),
    note="hello",
    card=Card("Paused", ("p: go on",)),
)


def test_text_holds_everything_that_is_shown():
    text = screen_text(VIEW, "THE\nPICTURE", 80, 24)
    for word in ("Game-v0", "score 1", "you play", "THE\nPICTURE", "*left: left 2.5*", "(up: up, impossible)",
                 "h: all keys", "hello", "Paused", "p: go on"):  # fmt: skip
        assert word in text


def test_pixels_become_blocks_that_fit():
    text = blocks(np.zeros((400, 600, 3), np.uint8), 60, 20)
    lines = text.split("\n")
    assert len(lines) <= 20
    assert {line.count("▀") for line in lines} == {60}
    red = blocks(np.array([[[255, 0, 0]], [[0, 0, 255]]], np.uint8), 10, 10)
    assert "38;2;255;0;0;48;2;0;0;255m▀" in red


class Typist:
    """A program in a pseudo-terminal, and somebody who types."""

    def __init__(self, *words):
        self.file, other = pty.openpty()
        env = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
        env.pop("SDL_VIDEODRIVER", None)
        env["TERM"] = "xterm"
        command = [sys.executable, "-m", "rlenvs_play", *words]
        self.process = subprocess.Popen(
            command,
            stdin=other,
            stdout=other,
            stderr=subprocess.PIPE,
            env=env,
            start_new_session=True,
            preexec_fn=self.sit_down,
        )
        os.close(other)
        self.seen = ""

    @staticmethod
    def sit_down():
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that Ctrl-C reaches it
        signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may ignore it

    def wait_for(self, pattern, seconds=60):
        """Read until something is seen; what was seen up to there does not count again."""
        end = time.monotonic() + seconds
        while not (found := re.search(pattern, self.seen)):
            assert time.monotonic() < end, f"{pattern} not seen in:\n{self.seen[-3000:]}"
            if select.select([self.file], [], [], 0.2)[0]:
                try:
                    self.seen += os.read(self.file, 65536).decode(errors="replace")
                except OSError:
                    assert self.process.poll() is None, self.process.stderr.read().decode()
                    continue
        self.seen = self.seen[found.end() :]

    def type(self, text):
        os.write(self.file, text.encode())

    def end(self):
        """The rest of the output, the messages, and the exit status."""
        rest, end = self.seen, time.monotonic() + 60
        while time.monotonic() < end:
            if not select.select([self.file], [], [], 0.2)[0]:
                continue
            try:
                rest += os.read(self.file, 65536).decode(errors="replace")
            except OSError:  # the other side has been closed
                break
        self.close()
        return rest, self.process.stderr.read().decode(), self.process.returncode

    def close(self):
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.file)


def test_without_a_screen_a_grid_world_is_played_in_the_terminal(tmp_path):
    typist = Typist("rlenvs/GridWorld-v0", "--seed", "5", "--record", str(tmp_path / "session.json"))
    typist.wait_for("steps 0")
    for step in range(1, 4):
        typist.type("\x1b[C")
        typist.wait_for(f"steps {step}")
    typist.type("u")
    typist.wait_for("steps 2")
    typist.type("v")
    typist.wait_for("Exact values")
    for step, key in enumerate(("\x1b[C", "\x1b[B", "s", "s"), start=3):
        typist.type(key)
        typist.wait_for(f"steps {step}")
    typist.wait_for("The episode is over")
    typist.type("\x1b")
    rest, messages, status = typist.end()
    assert status == 0
    assert "There is no screen" in messages
    assert "seed 5, you, score 10, 6 steps, terminated" in rest
    assert "\x1b[?1049l" in rest  # the screen from before is back
    assert (tmp_path / "session.json").is_file()


def test_pixels_are_played_in_the_terminal_too():
    typist = Typist("CartPole-v1", "--terminal", "--seed", "5", "--pace", "turns")
    typist.wait_for("▀")
    typist.type("\x1b[C")
    typist.wait_for("steps 1")
    typist.type("\x1b")
    _, _, status = typist.end()
    assert status == 0


def test_control_c_gives_the_terminal_back():
    typist = Typist("rlenvs/Snake-v0", "--terminal")
    typist.wait_for("Ready")
    typist.type("\x03")
    rest, _, status = typist.end()
    assert status == 130
    assert "\x1b[?1049l" in rest


def test_without_a_terminal_it_says_so():
    env = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    done = subprocess.run(
        [sys.executable, "-m", "rlenvs_play", "rlenvs/Snake-v0", "--terminal"],
        capture_output=True, text=True, check=False, env=env, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 2
    assert "neither a screen nor a terminal" in done.stderr
    assert "Traceback" not in done.stderr
