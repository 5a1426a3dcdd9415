"""The bar of a notebook: one line that changes, not too often, and begins anew."""

import gymnasium as gym
import pytest

import rlenvs  # noqa: F401  # registers the environments
from rlenvs_agents import NotebookBar, QLearning

display = pytest.importorskip("IPython.display")


@pytest.fixture
def lines(monkeypatch):
    """What is shown: one list of texts per line, in the order in which it read them."""
    shown = []

    class Handle:
        def __init__(self, what):
            self.texts = [what._repr_html_()]
            shown.append(self.texts)

        def update(self, what):
            self.texts.append(what._repr_html_())

    monkeypatch.setattr(display, "display", lambda what, display_id: Handle(what) if display_id else None)
    return shown


def bar_at(times, name="dqn <1>"):
    return NotebookBar(name, clock=iter(times).__next__)


def test_one_line_changes_in_place_and_not_too_often(lines):
    bar = bar_at([0.0, 0.05, 0.1, 2.0, 2.05])
    for done in (0, 10, 20, 30, 40):
        bar(done, 40)
    (texts,) = lines
    assert len(texts) == 3  # the empty bar, the one after two seconds, the last one
    assert 'value="30" max="40"' in texts[1]
    assert "30 of 40, 2 s, about 1 s left" in texts[1]
    assert "40 of 40, 2 s" in texts[2]
    assert "left" not in texts[2]
    assert "dqn &lt;1&gt;" in texts[0]
    assert repr(bar) == "dqn <1>: 40 of 40, 2 s"


def test_a_second_run_begins_a_new_line(lines):
    bar = bar_at([0.0, 1.0, 5.0, 9.0])
    for done in (5, 10, 5, 10):
        bar(done, 10)
    assert len(lines) == 2
    assert "10 of 10, 4 s" in lines[1][-1]


def test_learn_takes_it(lines):
    QLearning(gym.make("rlenvs/GridWorld-v0"), seed=0).learn(300, progress=NotebookBar())
    assert "300 of 300" in lines[0][-1]
