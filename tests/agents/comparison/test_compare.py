"""The comparison, end to end on a tiny budget."""

import json

import pytest

from rlenvs_agents import algorithms, compare
from rlenvs_agents.comparison.plan import Job, Plan
from rlenvs_agents.comparison.run import Checkpoint, Run, settings_of
from rlenvs_agents.comparison.shared import Shared, shared_by
from rlenvs_agents.comparison.summary import scale_of, threshold_step
from rlenvs_agents.comparison.table import columns_of, notes_of
from rlenvs_agents.comparison.text import table_lines
from rlenvs_agents.evaluation import Scoring

GRID = "rlenvs/GridWorld-v0"


class Follower:
    def __init__(self) -> None:
        self.jobs, self.steps, self.runs = [], [], []

    def planned(self, jobs, total_timesteps) -> None:
        self.jobs = list(jobs)

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
    assert follower.jobs == result.plan.jobs
    [section] = result.sections
    assert [line.name for line in section.lines] == ["optimum", "q-learning", "value-iteration", "random"]
    optimum, learned, planned, random = section.lines
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


def test_what_is_not_installed_says_how_to_install_it(monkeypatch) -> None:
    monkeypatch.setattr(algorithms, "_installed", lambda module: module not in ("stable_baselines3", "tensorflow"))
    result = compare(GRID, ["q-learning", "dqn", "sb3-ppo"], total_timesteps=50, seeds=[0], episodes=1, workers=1)
    by_name = {line.name: line for line in result.sections[0].lines}
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
    assert (result.sections[0].scale.optimum is not None) == exact
    text = "\n".join(table_lines(result))
    assert ("distance from" in text) == exact
    assert ("goal reached" in text or "goal" in text) == (env_id in ("rlenvs/MarkovChain-v0", "rlenvs/Cliff-v0"))
    assert result.runs[0].error is None
    assert len(result.write(tmp_path / "out")) == 3


@pytest.fixture(scope="module")
def grid():
    return compare(GRID, ["q-learning"], total_timesteps=300, seeds=[0, 1, 2], episodes=1, workers=1)


@pytest.mark.parametrize("width", [60, 80, 100, 140, 200])
def test_the_table_fits_and_loses_no_figure(grid, width: int) -> None:
    result = grid
    lines = list(table_lines(result, width))
    assert max(map(len, lines)) <= width
    text = "\n".join(lines)
    [section] = result.sections
    for line in section.lines:
        for column in columns_of(result.plan, section.lines, section.scale):
            for figure in column.cell(line).split():
                assert figure in text, f"{column.heading} of {line.name}"


def test_a_column_is_explained_in_a_line_of_its_own() -> None:
    result = compare(GRID, ["q-learning"], total_timesteps=40, seeds=[0], episodes=1, workers=1)
    text = "\n".join(table_lines(result))
    for heading in ("algorithm", "distance from optimum", "return", "goal reached", "steps to the goal", "steps/s"):
        assert f"\n  {heading}: " in text


def test_the_threshold_is_reached_at_the_first_good_checkpoint() -> None:
    plan = Plan(env_ids=(GRID,), algorithms=("q-learning",), episodes=1)
    scale = scale_of(plan, GRID)
    assert scale.threshold == 10
    assert scale.reached_at == pytest.approx(10 - 0.01 * (10 + 0.7951685958862531))
    points = (Checkpoint(0, -1.0, 8.7), Checkpoint(10, 9.9, 0.1), Checkpoint(20, 0.0, 7.7), Checkpoint(30, 10.0, 0.0))
    assert threshold_step(Run(job=Job(GRID, "q-learning", 0), checkpoints=points), scale) == 10
    assert threshold_step(Run(job=Job(GRID, "q-learning", 0), checkpoints=points[:1]), scale) is None


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"algorithms": ["q-lerning"]}, "Did you mean 'q-learning'"),
        ({"algorithms": []}, "`algorithms`"),
        ({"reference": "sarsa"}, "`reference`"),
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


@pytest.mark.parametrize("env_ids", [[], [GRID, GRID]])
def test_bad_environments_are_named(env_ids) -> None:
    with pytest.raises(ValueError, match="`env_ids`"):
        compare(env_ids, ["q-learning"], workers=1)


def test_a_preset_holds_for_all_sides() -> None:
    plan = {"preset": "zoo", "total_timesteps": 60, "seeds": [0], "episodes": 2, "workers": 1}
    result = compare("CartPole-v1", ["dqn", "random"], **plan)
    assert (result.plan.discount, result.plan.preset) == (0.99, "zoo")
    assert settings_of(result.plan, "CartPole-v1", "dqn")["train_every_steps"] == 256
    assert any("preset zoo" in note for note in notes_of(result.plan))
    assert result.to_json()["preset"] == "zoo"
    assert compare("CartPole-v1", ["dqn"], discount=0.9, **plan).plan.discount == 0.9


def test_one_discount_may_be_given_for_presets_that_differ_in_it() -> None:
    sides = {"env_ids": ["CartPole-v1"], "algorithms": ["dqn", "sb3-ppo"], "preset": "zoo"}
    with pytest.raises(ValueError, match=r"same `discount` .* one by one, or give `discount` for all"):
        shared_by(**sides)
    assert shared_by(**sides, given=("discount",)).env_kwargs == {}


def test_unequal_settings_are_told() -> None:
    told = [notes_of(Plan(env_ids=(env,), algorithms=("dqn", "sb3-dqn"))) for env in ("CartPole-v1", GRID)]
    assert any("settings of dqn were chosen for CartPole-v1, those of sb3-dqn for no" in note for note in told[0])
    assert len(told[1]) == len(told[0]) - 1


def test_a_preset_of_a_task_brings_environment_and_scores() -> None:
    task = shared_by(["ALE/Breakout-v5", "ALE/Pong-v5"], ["dqn", "sb3-dqn", "random"], "atari")
    assert task.env_kwargs == {"chain": "atari", "life_loss_ends": True, "clip_reward": True}
    assert task.scoring == Scoring(episodes=30, epsilon=0.01)
    assert shared_by([GRID], ["random"], "zoo") == shared_by([GRID], ["dqn"], "default") == Shared()


@pytest.mark.parametrize(
    ("env_ids", "names", "preset", "word"),
    [
        (["CartPole-v1"], ["dqn", "q-learning"], "zoo", "must be one of default for q-learning on CartPole-v1"),
        (["CartPole-v1", GRID], ["dqn"], "zoo", f"one of default for dqn on {GRID}"),
        (
            ["CartPole-v1", "MountainCar-v0"],
            ["dqn"],
            "zoo",
            "the same `discount` for all, got 0.99 for dqn on CartPole-v1 and 0.98 for dqn on MountainCar-v0",
        ),
        (["CartPole-v1", "ALE/Breakout-v5"], ["dqn"], "zoo", "the same `env_kwargs` for all"),
    ],
)
def test_presets_for_different_tasks_are_refused(env_ids, names, preset, word) -> None:
    with pytest.raises(ValueError, match=word):
        compare(env_ids, names, preset=preset, workers=1)


@pytest.fixture(scope="module")
def several():
    envs = [GRID, "rlenvs/Snake6x6-v0", "rlenvs/MarkovChain-v0"]
    return compare(envs, ["q-learning", "sarsa"], total_timesteps=20, seeds=[0, 1], episodes=2, workers=1)


def test_several_environments(several, tmp_path) -> None:
    assert [section.env_id for section in several.sections] == list(several.plan.env_ids)
    assert len(several.runs) == 12
    assert {run.job.env_id for run in several.sections[1].runs} == {"rlenvs/Snake6x6-v0"}
    files = [file.name for file in several.write(tmp_path / "out")]
    assert files == [
        "curves-rlenvs-GridWorld-v0.png",
        "curves-rlenvs-MarkovChain-v0.png",
        "curves-rlenvs-Snake6x6-v0.png",
        "summary.png",
        "results.json",
        "report.html",
    ]
    html = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert html.count("data:image/png;base64,") == 4
    assert "http" not in html
    record = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    assert list(record["environments"]) == record["envs"] == list(several.plan.env_ids)
    assert [entry["name"] for entry in record["standings"]] == ["q-learning", "sarsa"]


@pytest.mark.parametrize("width", [60, 80, 140])
def test_tables_of_several_environments_fit(several, width: int) -> None:
    lines = list(table_lines(several, width))
    assert max(map(len, lines)) <= width
    for heading in (*several.plan.env_ids, "all environments"):
        assert heading in lines
    assert sum(line.strip().startswith("training time, s:") for line in lines) == 1  # said once, not per table


def test_the_same_environment_alone_or_among_others_gives_the_same_runs(several) -> None:
    alone = compare(GRID, ["sarsa"], total_timesteps=20, seeds=[1], episodes=2, workers=1).runs[0]
    [among] = [run for run in several.runs if run.job == alone.job]
    assert (among.checkpoints, among.evaluation) == (alone.checkpoints, alone.evaluation)
