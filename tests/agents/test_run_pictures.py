"""What is drawn of a run."""

import json

import gymnasium as gym
import pytest
from matplotlib.axes import Axes
from PIL import Image, ImageSequence

from rlenvs_agents import QLearning, evaluate, pictures, train
from rlenvs_agents.environments import make
from rlenvs_agents.evaluation import Truth
from rlenvs_agents.evaluation.values import MAX_ERROR, MEAN_ERROR, q_errors
from rlenvs_agents.loggers import read_lines
from rlenvs_agents.pictures import draw_curves, draw_run, film
from rlenvs_agents.run_folder import RunFolder

GRID = "rlenvs/GridWorld-v0"


def test_a_grid_has_curves_values_and_a_film(tmp_path) -> None:
    run = train("q-learning", GRID, 3000, out=tmp_path / "run")
    files = draw_run(run.path, run.agent)
    assert [file.name for file in files] == ["curves.png", "values.png", "episode.gif"]
    with Image.open(files[2]) as episode:
        assert episode.n_frames == 7  # the start and six steps to the goal
    lines = read_lines(run.path / "progress.csv")
    assert lines[0][MAX_ERROR] == pytest.approx(10)  # nothing is known, and the entry into the goal is worth 10
    assert lines[-1][MEAN_ERROR] < lines[0][MEAN_ERROR] / 2


def test_what_has_no_values_and_no_picture_has_curves(tmp_path) -> None:
    run = train("random", "rlenvs/Snake6x6-v0", 50, out=tmp_path / "run")
    assert [file.name for file in draw_run(run.path, run.agent)] == ["curves.png", "episode.gif"]


@pytest.mark.parametrize("env_id", [GRID, "rlenvs/MDP-v0", "rlenvs/Cliff-v0"])
def test_the_error_of_the_true_values_is_nought(env_id) -> None:
    env = make(env_id)
    truth, agent = Truth.of(env), QLearning(env, seed=0)
    exact = truth.solution(agent.discount).q_values

    class Knowing:
        discount = agent.discount

        def __init__(self, off):
            self.off = off

        def q_values(self, observations):
            assert len(observations) == len(exact)
            return exact + self.off

    assert set(q_errors(Knowing(0.0), truth).values()) == {0.0}
    assert list(q_errors(Knowing(-0.25), truth).values()) == pytest.approx([0.25, 0.25])
    assert q_errors(object(), truth) == {}


def test_the_film_is_the_first_game_of_the_score(tmp_path, monkeypatch) -> None:
    """Random actions included, where scores have some; to its end, unless it would be very long."""
    run = train("q-learning", "CartPole-v1", 2000, out=tmp_path / "run")
    config = json.loads((run.path / "config.json").read_text())
    (run.path / "config.json").write_text(json.dumps({**config, "scoring": {"episodes": 3, "epsilon": 0.5}}))
    folder = RunFolder.read(run.path)
    assert evaluate(run.agent, "CartPole-v1", episodes=1).lengths != (length := straying_length(run.agent))
    assert pictures_in(film(tmp_path / "a.gif", folder, run.agent)) == length + 1
    monkeypatch.setattr(pictures, "MOST_PIXELS", 10 * 600 * 400)
    assert pictures_in(film(tmp_path / "b.gif", folder, run.agent)) == 11


def straying_length(agent):
    return evaluate(agent, "CartPole-v1", episodes=1, epsilon=0.5).lengths[0]


def pictures_in(file):
    """A picture lasts 20 ms; equal ones are kept once, and last longer."""
    with Image.open(file) as episode:
        return sum(picture.info["duration"] for picture in ImageSequence.Iterator(episode)) / 20


def test_the_curves_name_what_they_show(tmp_path, monkeypatch) -> None:
    run = train("q-learning", GRID, 500, out=tmp_path / "run")
    config = json.loads((run.path / "config.json").read_text())
    labels = []
    plot = Axes.plot
    monkeypatch.setattr(Axes, "plot", lambda *a, **k: (labels.append(k["label"]), plot(*a, **k))[1])
    draw_curves(tmp_path / "a.png", RunFolder.read(run.path))
    assert labels[:3] == ["while learning, last 100 episodes", "best actions", "score, 100 episodes"]
    changed = {"scoring": {"episodes": 30, "epsilon": 0.01}, "env_kwargs": {"chain": "atari"}}
    (run.path / "config.json").write_text(json.dumps({**config, **changed}))
    labels.clear()
    draw_curves(tmp_path / "b.png", RunFolder.read(run.path))
    assert labels[:3] == ["while learning, last 100 games", "best actions, ε 0.01", "score, 100 games, ε 0.01"]


def test_what_cannot_be_drawn_for_want_of_a_library_is_left_out(tmp_path, monkeypatch) -> None:
    run = train("q-learning", "FrozenLake-v1", 300, out=tmp_path / "run")

    def missing(self):
        raise gym.error.DependencyNotInstalled("pygame is not installed")

    monkeypatch.setattr("gymnasium.envs.toy_text.frozen_lake.FrozenLakeEnv.render", missing)
    assert "episode.gif" not in [file.name for file in draw_run(run.path, run.agent)]
