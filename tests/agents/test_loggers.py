"""The table and TensorBoard's events of a run."""

import csv
import shutil
import subprocess
import sys
from types import ModuleType

import pytest

from rlenvs_agents import resume, train
from rlenvs_agents.loggers import CsvLogger, TensorBoardLogger, open_logs

GRID = "rlenvs/GridWorld-v0"


@pytest.fixture
def events(monkeypatch):
    """Reads a folder with TensorBoard's own reader, by tag: steps and values."""
    monkeypatch.setitem(sys.modules, "tensorboard.compat.notf", ModuleType("notf"))  # it would load TensorFlow
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")

    def read(folder):
        found = accumulator.EventAccumulator(str(folder))
        found.Reload()
        return {tag: [(e.step, e.value) for e in found.Scalars(tag)] for tag in found.Tags()["scalars"]}

    return read


class Noting:
    """A logger of one's own."""

    def __init__(self) -> None:
        self.steps, self.closed = [], False

    def write(self, step, figures) -> None:
        self.steps.append(step)

    def close(self) -> None:
        self.closed = True


def lines(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_a_run_folder_holds_events_under_the_names_of_sb3(tmp_path, events) -> None:
    own = Noting()
    train("q-learning", GRID, 500, out=tmp_path / "run", loggers=[own])
    assert own.steps[0] == 0
    assert own.steps[-1] == 500
    assert own.closed
    [file] = (tmp_path / "run").glob("events.out.tfevents*")
    told = events(tmp_path / "run")
    assert {"rollout/ep_rew_mean", "rollout/ep_len_mean", "time/fps", "eval/mean_reward"} <= set(told)
    assert told["rollout/exploration_rate"][0][1] > 0.9
    assert told["rollout/exploration_rate"][-1][1] == 0.0
    table = lines(tmp_path / "run" / "progress.csv")
    for tag in ("rollout/ep_rew_mean", "eval/mean_reward"):
        pairs = [(int(row["time/total_timesteps"]), float(row[tag])) for row in table if row[tag]]
        assert [step for step, _ in told[tag]] == [step for step, _ in pairs]
        assert [value for _, value in told[tag]] == pytest.approx([value for _, value in pairs], rel=1e-6)
    assert told["eval/mean_reward"][-1][0] == 500
    assert file.stat().st_size > 0


def test_what_was_told_of_later_steps_is_void_when_a_run_is_resumed(tmp_path, events) -> None:
    first = open_logs(tmp_path, "progress.csv")
    for step in (0, 10, 20, 30):
        first.write(step, {"train/loss": float(step), "gone": 1.0 if step == 30 else None})
    first.close()
    second = open_logs(tmp_path, "progress.csv", resume_at=20)
    second.write(30, {"train/loss": -1.0})
    second.write(40, {"train/loss": None, "new": 2.0})
    second.close()
    told = events(tmp_path)
    assert told["train/loss"] == [(0, 0), (10, 10), (20, 20), (30, -1)]
    assert told["new"] == [(40, 2)]
    assert told.get("gone", []) == []
    table = lines(tmp_path / "progress.csv")
    assert [(row["time/total_timesteps"], row["train/loss"]) for row in table] == [
        ("0", "0"),
        ("10", "10"),
        ("20", "20"),
        ("30", "-1"),
        ("40", ""),
    ]


def test_nothing_is_told_twice_when_a_run_begins_again(tmp_path, events) -> None:
    run = tmp_path / "run"
    train("q-learning", GRID, 500, out=run)
    once = [step for step, _ in events(run)["eval/mean_reward"]]
    for name in ("checkpoints", "best", "agent"):
        shutil.rmtree(run / name, ignore_errors=True)
    (run / "evaluation.json").unlink()
    resume(run)
    assert [step for step, _ in events(run)["eval/mean_reward"]] == once
    assert [int(row["time/total_timesteps"]) for row in lines(run / "progress.csv")] == once
    assert once == sorted(set(once))


def test_a_line_that_was_cut_off_is_left_out(tmp_path) -> None:
    path = tmp_path / "progress.csv"
    path.write_text("time/total_timesteps,train/loss\n0,1\n10,2\n20")
    CsvLogger(path, resume_at=100).write(30, {"train/loss": 4.0})
    assert path.read_text().split() == ["time/total_timesteps,train/loss", "0,1", "10,2", "30,4"]


def test_without_tensorboard_there_is_the_table(tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "tensorboard.compat.proto", None)
    logs = open_logs(tmp_path, "progress.csv")
    logs.write(0, {"train/loss": 1.0})
    logs.close()
    assert [path.name for path in tmp_path.iterdir()] == ["progress.csv"]


def test_events_are_on_disk_before_the_file_is_closed(tmp_path, events) -> None:
    logger = TensorBoardLogger(tmp_path)
    logger.write(5, {"train/loss": 0.5})
    assert events(tmp_path) == {"train/loss": [(5, 0.5)]}
    logger.close()


def test_writing_events_loads_no_tensorflow(tmp_path) -> None:
    code = (
        "import sys, pathlib; from rlenvs_agents.loggers import open_logs;"
        "logs = open_logs(pathlib.Path(sys.argv[1]), 'progress.csv'); logs.write(0, {'a': 1.0}); logs.close();"
        "print('tensorflow' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
    assert len(list(tmp_path.glob("events.out.tfevents*"))) == 1
