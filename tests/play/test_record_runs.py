"""`rlenvs record RUN` and `rlenvs play ENV --agent RUN`: the folder of a run names its environment and its agent."""

import gymnasium as gym
import pytest

from rlenvs.cli import run as rlenvs
from rlenvs_play.runs import environment_of


@pytest.fixture
def trained(tmp_path):
    agents = pytest.importorskip("rlenvs_agents")
    agents.train("q-learning", "rlenvs/GridWorld-v0", 3000, env_kwargs={"goal_reward": 20.0}, out=tmp_path / "run")
    return tmp_path / "run"


def test_the_run_plays_in_its_own_environment(trained, tmp_path, capsys) -> None:
    film = tmp_path / "a.gif"
    assert rlenvs(["record", str(trained), "--out", str(film), "--episodes", "2"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("episode 1: seed 0, agent, score 20, 6 steps")
    assert film.read_bytes().startswith(b"GIF8")


def test_it_is_played_with_the_arguments_of_the_run_too(trained, capsys) -> None:
    words = ["play", "rlenvs/GridWorld-v0", "--agent", str(trained), "--episodes", "1", "--fps", "500", "--seed", "0"]
    assert rlenvs(words) == 0
    assert rlenvs([*words, "-k", "goal_reward=30.0"]) == 0
    assert [line.split(", ")[2] for line in capsys.readouterr().out.splitlines()] == ["score 20", "score 30"]


def test_another_agent_and_other_arguments_may_be_named(trained, tmp_path, capsys) -> None:
    words = ["record", str(trained), "--agent", "optimal", "-k", "goal_reward=30.0", "--out", str(tmp_path / "a.json")]
    assert rlenvs(words) == 0
    assert "score 30, 6 steps" in capsys.readouterr().out


def test_a_folder_of_other_things_is_no_run(tmp_path, capsys) -> None:
    (tmp_path / "notes.txt").write_text("kept")
    assert environment_of(str(tmp_path)) is None
    assert environment_of("rlenvs/GridWorld-v0") is None
    with pytest.raises(gym.error.Error):
        gym.spec(str(tmp_path))
    assert rlenvs(["record", str(tmp_path), "--out", str(tmp_path / "a.json")]) == 2
    assert f"name its environment: rlenvs record ENV --agent {tmp_path}" in " ".join(capsys.readouterr().err.split())


def test_a_damaged_run_is_said_in_one_sentence(trained, tmp_path, capsys) -> None:
    (trained / "config.json").write_text("{}")
    assert rlenvs(["record", str(trained), "--out", str(tmp_path / "a.json")]) == 2
    assert "config.json is damaged" in capsys.readouterr().err
