"""What is drawn of a run."""

import pytest
from PIL import Image

from rlenvs_agents import QLearning, train
from rlenvs_agents.environments import make
from rlenvs_agents.evaluation import Truth
from rlenvs_agents.evaluation.values import MAX_ERROR, MEAN_ERROR, q_errors
from rlenvs_agents.loggers import read_lines
from rlenvs_agents.pictures import draw_run

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
