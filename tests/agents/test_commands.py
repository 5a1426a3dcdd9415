"""`rlenvs train`, `rlenvs eval` and `rlenvs compare`, as they are typed."""

import json
import re

import gymnasium as gym
import pytest

from rlenvs.cli import run as rlenvs
from rlenvs_agents import QLearning

GRID = "rlenvs/GridWorld-v0"


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_train_then_eval(here, capsys) -> None:
    assert rlenvs(["train", "--algo", "q-learning", "--env", GRID, "-n", "3000", "--seed", "0"]) == 0
    folder = capsys.readouterr().out.strip().splitlines()[-1]
    assert re.fullmatch(r"runs/rlenvs-GridWorld-v0/q-learning/0-\d{8}-\d{6}", folder)
    assert rlenvs(["eval", folder, "--episodes", "7", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["episodes"], record["mean_return"], record["std_return"]) == (7, 10, 0)
    assert record["exact_return"] == pytest.approx(10)
    assert record["mean_return_interval"] == [10, 10]
    assert rlenvs(["eval", folder, "--episodes", "1", "--seed", "4", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["seed"], record["mean_return_interval"]) == (4, None)
    assert rlenvs(["eval", folder]) == 0
    assert "distance from the optimum 0 at discount 0.99" in capsys.readouterr().out


def test_compare_prints_a_table_and_the_paths_last(here, capsys) -> None:
    assert rlenvs(["compare", GRID, "--algos", "q-learning", "-n", "500", "--seeds", "2", "--out", "report"]) == 0
    lines = capsys.readouterr().out.strip().splitlines()
    assert lines[-3:] == ["report/curves.png", "report/results.json", "report/report.html"]
    for name in ("optimum", "q-learning", "random"):
        assert any(line.strip().startswith(name) for line in lines)


def test_compare_never_replaces_a_folder_of_other_things(here, capsys) -> None:
    (here / "notes").mkdir()
    (here / "notes" / "kept.txt").write_text("kept")
    for out in ("notes", ".", "notes/kept.txt", "notes/kept.txt/report"):
        assert rlenvs(["compare", GRID, "--algos", "q-learning", "-n", "1000000", "--seeds", "1", "--out", out]) == 2
        told = capsys.readouterr()
        assert told.out == ""
        assert len(told.err.strip().splitlines()) == 1  # no progress: it is refused before the training
    assert [path.name for path in here.iterdir()] == ["notes"]
    assert (here / "notes" / "kept.txt").read_text() == "kept"


def test_compare_goes_on_in_its_own_folder_and_refuses_that_of_another_plan(here, capsys) -> None:
    words = ["compare", GRID, "--algos", "q-learning", "--seeds", "2", "--out", "report"]
    assert rlenvs([*words, "-n", "100"]) == 0
    (here / "report" / "runs" / "rlenvs-GridWorld-v0" / "q-learning" / "1.json").unlink()
    capsys.readouterr()
    assert rlenvs([*words, "-n", "100"]) == 0
    told = capsys.readouterr().err
    assert "seed 1" in told
    assert "seed 0" not in told
    assert rlenvs([*words, "-n", "200"]) == 2
    assert "`total_timesteps` was 100 and is now 200" in capsys.readouterr().err
    assert json.loads((here / "report" / "results.json").read_text())["total_timesteps"] == 100


def test_a_failed_run_is_told_and_the_exit_status_is_one(here, capsys, monkeypatch) -> None:
    def broken(*args, **kwargs):
        raise RuntimeError("broke")

    monkeypatch.setattr("rlenvs_agents.comparison.run.evaluate", broken)
    words = ["compare", GRID, "--algos", "q-learning", "-n", "50", "--seeds", "1", "--workers", "1", "--out", "report"]
    assert rlenvs(words) == 1
    told = capsys.readouterr()
    assert "! q-learning: 1 of 1 runs failed: RuntimeError: broke" in told.out
    assert "failed: q-learning on rlenvs/GridWorld-v0, seed 0: RuntimeError: broke" in told.err


def test_a_comparison_that_is_stopped_says_how_to_go_on(here, capsys, monkeypatch) -> None:
    def stopped(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("rlenvs_agents.comparison.run.evaluate", stopped)
    words = ["compare", GRID, "--algos", "q-learning", "-n", "50", "--seeds", "2", "--workers", "1", "--out", "report"]
    assert rlenvs(words) == 130
    told = capsys.readouterr().err
    assert told == "rlenvs: stopped: 0 of 2 runs are kept; the same command with --out report makes the rest.\n"
    monkeypatch.undo()
    monkeypatch.chdir(here)
    assert rlenvs([*words[:-4], "--workers", "1", "--out", "report"]) == 0
    (here / "report" / "runs" / "rlenvs-GridWorld-v0" / "q-learning" / "0.json").unlink()
    monkeypatch.setattr("rlenvs_agents.comparison.run.evaluate", stopped)
    capsys.readouterr()
    assert rlenvs(words) == 130
    assert "stopped: 1 of 2 runs are kept" in capsys.readouterr().err  # those of the earlier call count


def test_saving_never_replaces_a_folder_of_other_things(here) -> None:
    (here / "kept.txt").write_text("kept")
    agent = QLearning(gym.make(GRID), seed=0)
    with pytest.raises(FileExistsError, match="would be replaced"):
        agent.save(here)
    assert [path.name for path in here.iterdir()] == ["kept.txt"]
    for _ in range(2):
        agent.save(here / "agent")


def test_compare_as_json_is_one_object(here, capsys) -> None:
    words = ["compare", GRID, "--algos", "q-learning", "-n", "100", "--seeds", "3,5", "-k", "slip=0.1", "--json"]
    assert rlenvs(words) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["seeds"] == [3, 5]
    assert record["env_kwargs"] == {"slip": 0.1}
    assert len(record["files"]) == 3


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["compare", GRID, "--algos", "dqm"], "There is no algorithm 'dqm'. Did you mean 'dqn'?"),
        (["compare", GRID, "--seeds", "x"], "`--seeds` must be"),
        (["compare", GRID, "--seeds", "0"], "`--seeds` must be at least 1"),
        (["compare", GRID, "-n", "0", "--algos", "q-learning"], "`total_timesteps` must be at least 1"),
        (["compare", GRID, "-k", "slip"], "`--env-kwargs` takes name=value"),
        (["compare", "rlenvs/GridWorl-v0", "--algos", "q-learning"], "GridWorld"),
        (["train", "--algo", "sarsaa", "--env", GRID], "There is no algorithm 'sarsaa'"),
        (["train", "--algo", "q-learning", "--env", "Pendulum-v1", "-n", "10"], "Discrete action space"),
        (["train", "--algo", "q-learning", "--env", GRID, "-n", "10", "-p", "epsilon=1"], "has no setting 'epsilon'"),
        (["eval", "nowhere"], "nowhere"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_status_two(here, capsys, words, sentence) -> None:
    assert rlenvs(words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert sentence in said.err
    assert len(said.err.strip().splitlines()) == 1
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("command", ["train", "eval", "compare"])
def test_help_holds_an_example(capsys, command) -> None:
    assert rlenvs([command, "--help"]) == 0
    assert f"rlenvs {command} " in capsys.readouterr().out
