"""The comparison, end to end on a tiny budget."""

import json
import multiprocessing

import numpy as np
import pytest

from rlenvs_agents import algorithms, compare
from rlenvs_agents.comparison import run as run_module
from rlenvs_agents.comparison.plan import Job, Plan
from rlenvs_agents.comparison.run import Checkpoint, Run
from rlenvs_agents.comparison.statistics import interval, mean_of
from rlenvs_agents.comparison.summary import scale_of, threshold_step
from rlenvs_agents.comparison.table import columns_of
from rlenvs_agents.comparison.text import table_lines

GRID = "rlenvs/GridWorld-v0"


class Follower:
    def __init__(self) -> None:
        self.steps, self.runs = [], []

    def progressed(self, job, step) -> None:
        self.steps.append((job, step))

    def finished(self, run) -> None:
        self.runs.append(run)


def test_a_comparison_in_worker_processes_writes_its_files(tmp_path) -> None:
    follower = Follower()
    result = compare(
        GRID,
        ["q-learning", "value-iteration"],
        total_timesteps=3000,
        seeds=[0, 1],
        episodes=5,
        workers=2,
        watcher=follower,
    )
    assert [run.error for run in result.runs] == [None] * 4
    assert [run.job for run in result.runs] == result.plan.jobs
    assert len(follower.runs) == 4
    assert {step for _, step in follower.steps} >= {3000}
    assert [line.name for line in result.lines] == ["optimum", "q-learning", "value-iteration", "random"]
    optimum, learned, planned, random = result.lines
    assert optimum.distance.mean == planned.distance.mean == pytest.approx(0, abs=1e-9)
    assert learned.distance.mean == pytest.approx(0, abs=1e-9)
    assert random.distance.mean == pytest.approx(8.5116795417253)
    assert 0 < learned.threshold_steps.mean <= 3000
    assert result.runs[0].checkpoints[0].step == 0
    assert result.runs[0].checkpoints[-1].step == 3000
    files = result.write(tmp_path / "report")
    assert [file.name for file in files] == ["curves.png", "results.json", "report.html"]
    assert [path.name for path in tmp_path.iterdir()] == ["report"]
    record = json.loads(files[1].read_text(encoding="utf-8"))
    assert record["table"][1]["distance"]["mean"] == pytest.approx(0, abs=1e-9)
    assert len(record["runs"]) == 4
    html = files[2].read_text(encoding="utf-8")
    assert "data:image/png;base64," in html
    assert "http" not in html  # nothing is fetched from elsewhere
    assert files[0].read_bytes().startswith(b"\x89PNG")


def test_workers_and_this_process_come_to_the_same() -> None:
    settings = {"total_timesteps": 400, "seeds": [3], "episodes": 2}
    here, there = (compare("rlenvs/MDP-v0", ["q-learning"], workers=n, **settings).runs[0] for n in (1, 2))
    assert here.checkpoints == there.checkpoints
    assert here.evaluation == there.evaluation


def test_one_failed_run_does_not_lose_the_others(monkeypatch) -> None:
    original = run_module.evaluate

    def fragile(agent, *args, **kwargs):
        if agent.seed == 1:
            raise RuntimeError("seed 1\nbroke")
        return original(agent, *args, **kwargs)

    monkeypatch.setattr(run_module, "evaluate", fragile)
    result = compare(GRID, ["q-learning"], total_timesteps=100, seeds=[0, 1, 2], episodes=2, workers=1)
    assert [run.error for run in result.runs] == [None, "RuntimeError: seed 1 broke", None]
    line = result.lines[1]
    assert line.status == "1 of 3 runs failed: RuntimeError: seed 1 broke"
    assert line.n_runs == line.mean_return.n == 2


class Killer(Follower):
    """Ends the process of the first run that makes a step."""

    def __init__(self) -> None:
        super().__init__()
        self.killed = None

    def progressed(self, job, step) -> None:
        if self.killed is None and step > 0:
            self.killed = job
            [victim, *_] = [child for child in multiprocessing.active_children() if child.is_alive()]
            victim.kill()


def test_a_process_that_dies_does_not_lose_the_others() -> None:
    killer = Killer()
    result = compare(
        GRID, ["q-learning"], total_timesteps=20_000, seeds=[0, 1, 2], episodes=1, workers=2, watcher=killer
    )
    errors = [run.error for run in result.runs if run.error]
    assert killer.killed is not None
    assert errors == ["the process ended with exit status -9"]
    assert len(result.runs) == len(killer.runs) == 3


def test_what_is_not_installed_says_how_to_install_it(monkeypatch) -> None:
    monkeypatch.setattr(algorithms, "_installed", lambda module: module not in ("stable_baselines3", "tensorflow"))
    result = compare(GRID, ["q-learning", "dqn", "sb3-ppo"], total_timesteps=50, seeds=[0], episodes=1, workers=1)
    by_name = {line.name: line for line in result.lines}
    assert by_name["sb3-ppo"].status == 'not installed: pip install "rlenvs[sb3]"'
    assert by_name["dqn"].status == 'not installed: pip install "rlenvs[agents]"'
    assert by_name["q-learning"].status == ""
    text = "\n".join(table_lines(result))
    assert '! sb3-ppo: not installed: pip install "rlenvs[sb3]"' in text
    json.dumps(result.to_json(), allow_nan=False)


@pytest.mark.parametrize("env_id", ["rlenvs/MDP-v0", "rlenvs/MarkovChain-v0", "rlenvs/Snake-v0", "rlenvs/Cliff-v0"])
def test_every_kind_of_environment(env_id: str, tmp_path) -> None:
    result = compare(env_id, ["q-learning"], total_timesteps=60, seeds=[0, 1], episodes=2, workers=1)
    exact = "Snake" not in env_id
    assert (result.scale.optimum is not None) == exact
    text = "\n".join(table_lines(result))
    assert ("distance from" in text) == exact
    assert ("goal reached" in text or "goal" in text) == (env_id in ("rlenvs/MarkovChain-v0", "rlenvs/Cliff-v0"))
    assert result.runs[0].error is None
    assert len(result.write(tmp_path / "out")) == 3


@pytest.mark.parametrize("width", [60, 80, 100, 140, 200])
def test_the_table_fits_and_loses_no_figure(width: int) -> None:
    result = compare(GRID, ["q-learning"], total_timesteps=300, seeds=[0, 1, 2], episodes=1, workers=1)
    lines = list(table_lines(result, width))
    assert max(map(len, lines)) <= width
    text = "\n".join(lines)
    for line in result.lines:
        for column in columns_of(result.plan, result.lines, result.scale):
            for figure in column.cell(line).split():
                assert figure in text, f"{column.heading} of {line.name}"


def test_a_column_is_explained_in_a_line_of_its_own() -> None:
    result = compare(GRID, ["q-learning"], total_timesteps=40, seeds=[0], episodes=1, workers=1)
    text = "\n".join(table_lines(result))
    for heading in ("algorithm", "distance from optimum", "return", "goal reached", "steps to the goal", "steps/s"):
        assert f"\n  {heading}: " in text


def test_the_threshold_is_reached_at_the_first_good_checkpoint() -> None:
    plan = Plan(env_id=GRID, algorithms=("q-learning",), episodes=1)
    scale = scale_of(plan)
    assert scale.threshold == 10
    assert scale.reached_at == pytest.approx(10 - 0.01 * (10 + 0.7951685958862531))
    points = (Checkpoint(0, -1.0, 8.7), Checkpoint(10, 9.9, 0.1), Checkpoint(20, 0.0, 7.7), Checkpoint(30, 10.0, 0.0))
    assert threshold_step(Run(job=Job("q-learning", 0), checkpoints=points), scale) == 10
    assert threshold_step(Run(job=Job("q-learning", 0), checkpoints=points[:1]), scale) is None


def test_intervals() -> None:
    assert mean_of([]) is None
    assert (mean_of([2.0]).mean, mean_of([2.0]).low, mean_of([2.0]).n) == (2, None, 1)
    same = mean_of([3.0, 3.0, 3.0])
    assert (same.low, same.high) == (3, 3)
    # Of two values the mean of a resample is either one with chance 1/4, so the 95 % interval spans both.
    two = mean_of([0.0, 1.0])
    assert (two.mean, two.low, two.high) == (0.5, 0, 1)
    low, high = interval(np.random.default_rng(0).normal(size=(100, 3)))
    assert high - low == pytest.approx(np.full(3, 2 * 1.96 / 10), rel=0.25)  # the seed is fixed: no false alarm


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"algorithms": ["q-lerning"]}, "Did you mean 'q-learning'"),
        ({"algorithms": []}, "`algorithms`"),
        ({"seeds": [1, 1]}, "`seeds`"),
        ({"seeds": [-1]}, "`seeds`"),
        ({"total_timesteps": 0}, "`total_timesteps`"),
        ({"discount": 2}, "`discount`"),
        ({"settings": {"q-learning": {"lerning_rate": 1}}}, "Did you mean 'learning_rate'"),
        ({"env_kwargs": {"slipp": 1}}, "does not take"),
    ],
)
def test_bad_input_is_named_before_anything_runs(settings, word) -> None:
    with pytest.raises(ValueError, match=word):
        compare(GRID, **{"algorithms": ["q-learning"], "workers": 1, **settings})
