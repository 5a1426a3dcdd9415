"""One run that fails does not lose the others."""

import pytest

from rlenvs_agents import compare
from rlenvs_agents.comparison import run as run_module
from rlenvs_agents.comparison.folder import ComparisonFolder

GRID = "rlenvs/GridWorld-v0"
FRAGILE = "fragile:Fragile-v0"
SMALL = {"total_timesteps": 100, "seeds": [0, 1, 2], "episodes": 2}


def fragile(tmp_path, how, **settings):
    kwargs = {"marker": str(tmp_path / "marker"), "how": how}
    return compare(FRAGILE, ["q-learning"], env_kwargs=kwargs, workers=2, **{**SMALL, **settings})


def test_a_process_that_dies_does_not_lose_the_others(tmp_path) -> None:
    result = fragile(tmp_path, "kill")
    assert sorted(run.error or "" for run in result.runs) == ["", "", "the process ended with exit status -9"]
    assert [run.job for run in result.runs] == result.plan.jobs
    assert all(run.steps == 100 for run in result.runs if run.error is None)


def test_an_error_in_a_process_does_not_lose_the_others_and_is_made_good_by_the_next_call(tmp_path) -> None:
    out = tmp_path / "out"
    result = fragile(tmp_path, "raise", out=out)
    [failed] = result.failed
    assert failed.error == "RuntimeError: the board broke"
    assert result.sections[0].lines[0].status == "1 of 3 runs failed: RuntimeError: the board broke"
    told = out / "runs" / "fragile-Fragile-v0" / "q-learning" / f"{failed.job.seed}.error.txt"
    assert "_come_to_grief" in told.read_text(encoding="utf-8")
    assert told.read_text(encoding="utf-8").startswith("Traceback")
    again = fragile(tmp_path, "raise", out=out)
    assert again.failed == ()
    assert not told.exists()
    assert [a == b for a, b in zip(result.runs, again.runs, strict=True)].count(True) == 2


def test_a_failed_run_is_counted_in_its_line(monkeypatch) -> None:
    original = run_module.evaluate

    def broken(agent, *args, **kwargs):
        if agent.seed == 1:
            raise RuntimeError("seed 1\nbroke")
        return original(agent, *args, **kwargs)

    monkeypatch.setattr(run_module, "evaluate", broken)
    result = compare(GRID, ["q-learning"], workers=1, **SMALL)
    assert [run.error for run in result.runs] == [None, "RuntimeError: seed 1 broke", None]
    line = result.sections[0].lines[1]
    assert line.status == "1 of 3 runs failed: RuntimeError: seed 1 broke"
    assert line.n_runs == line.mean_return.n == result.standings[0].n_runs == 2


class Stopping:
    """Presses Ctrl-C when the second run is over."""

    def __init__(self, after: int = 2) -> None:
        self.jobs, self.left = [], after

    def planned(self, jobs, total_timesteps) -> None:
        self.jobs = list(jobs)

    def progressed(self, job, step) -> None:
        pass

    def finished(self, run) -> None:
        self.left -= 1
        if not self.left:
            raise KeyboardInterrupt


@pytest.mark.parametrize("workers", [1, 2])
def test_a_comparison_that_was_stopped_goes_on_and_ends_like_one_that_was_not(tmp_path, workers) -> None:
    first = Stopping()
    with pytest.raises(KeyboardInterrupt):
        compare(GRID, ["q-learning", "sarsa"], workers=workers, out=tmp_path / "a", watcher=first, **SMALL)
    assert len(first.jobs) == 6
    second = Stopping(after=9)
    resumed = compare(GRID, ["q-learning", "sarsa"], workers=1, out=tmp_path / "a", watcher=second, **SMALL)
    assert len(second.jobs) == 4
    whole = compare(GRID, ["q-learning", "sarsa"], workers=1, **SMALL)
    assert [(r.job, r.checkpoints, r.evaluation) for r in resumed.runs] == [
        (r.job, r.checkpoints, r.evaluation) for r in whole.runs
    ]
    third = Stopping(after=9)
    compare(GRID, ["q-learning", "sarsa"], workers=1, out=tmp_path / "a", watcher=third, **SMALL)
    assert third.jobs == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"total_timesteps": 200}, "`total_timesteps` was 100 and is now 200"),
        ({"seeds": [0]}, r"`seeds` was \[0, 1, 2\] and is now \[0\]"),
        ({"discount": 0.9}, "another comparison: `discount` was 0.95 and is now 0.9. Use the same"),
        ({"env_kwargs": {"slip": 0.1}}, "`env_kwargs.slip` was nothing and is now 0.1"),
        (
            {"settings": {"q-learning": {"bonus": 0.5}}},
            f"`settings.{GRID}.q-learning.bonus` was nothing and is now 0.5",
        ),
    ],
)
def test_another_plan_in_the_same_folder_is_refused(tmp_path, change, sentence) -> None:
    compare(GRID, ["q-learning"], workers=1, out=tmp_path / "a", **{**SMALL, "total_timesteps": 100})
    before = {path: path.read_bytes() for path in (tmp_path / "a").rglob("*.json")}
    with pytest.raises(ValueError, match=sentence):
        compare(GRID, ["q-learning"], workers=1, out=tmp_path / "a", **{**SMALL, **change})
    assert {path: path.read_bytes() for path in (tmp_path / "a").rglob("*.json")} == before


def test_a_damaged_run_is_named(tmp_path) -> None:
    result = compare(GRID, ["q-learning"], workers=1, out=tmp_path / "a", **SMALL)
    file = tmp_path / "a" / "runs" / "rlenvs-GridWorld-v0" / "q-learning" / "1.json"
    for text in ('{"env"', "{}"):
        file.write_text(text)
        with pytest.raises(ValueError, match=r"1\.json is damaged"):
            ComparisonFolder(tmp_path / "a", result.plan).begin()
