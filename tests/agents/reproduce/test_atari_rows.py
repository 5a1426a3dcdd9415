"""Rows of `rlenvs reproduce` that take too long to be run here: what would be run."""

import shutil
from dataclasses import fields

import pytest

from rlenvs_agents.algorithms import algorithm
from rlenvs_agents.presets import whole_preset
from rlenvs_agents.reproduce import atari, long_runs
from rlenvs_agents.reproduce.experiment import Settings
from rlenvs_agents.reproduce.long_runs import Learned, LongRun, learned


def config(row: atari.Row):
    known = whole_preset(row.algorithm, row.env_id, row.preset)
    return algorithm(row.algorithm).config({**known.settings, **row.settings})


@pytest.mark.parametrize("row", atari.ABLATED, ids=lambda row: row.id)
def test_an_ablation_differs_in_one_thing(row) -> None:
    as_it_is, changed = config(atari.ABLATED[0]), config(row)
    names = [field.name for field in fields(changed)]
    different = {name for name in names if getattr(changed, name) != getattr(as_it_is, name)}
    known = whole_preset(row.algorithm, row.env_id, row.preset).env_kwargs
    otherwise = {name for name, value in row.env_kwargs.items() if known[name] != value}
    assert different == set(row.settings)
    assert otherwise == set(row.env_kwargs)
    if row.id.endswith("twice-the-updates"):  # the target network must age by steps, not by updates
        assert different == {"train_every_steps", "target"}
        assert changed.target.every_updates * changed.train_every_steps == 2000
    else:
        assert len(different | otherwise) == (not row.id.endswith("as-it-is"))


def test_settings_are_not_chosen_on_the_seeds_that_are_told(monkeypatch, tmp_path) -> None:
    seen = []

    def noting(run, folder):
        seen.append((folder, run.seed))
        return Learned(1.0, [2.0, 3.0])

    monkeypatch.setattr(atari, "learned", noting)
    for row in (atari.ROWS[1], atari.ABLATED[0]):
        finding = atari.run(row, Settings(seeds=(0, 1), folder=tmp_path))
        assert finding.figures == {"mean_return": [1.0, 1.0], "last_training_games": [2.5, 2.5]}
    names = [("breakout-dqn", 0), ("breakout-dqn", 1), ("breakout-50k-as-it-is", 100), ("breakout-50k-as-it-is", 101)]
    assert seen == [(tmp_path / f"{name}-{seed}", seed) for name, seed in names]


RUN = LongRun("q-learning", "rlenvs/GridWorld-v0", "default", 2000, 3, {"discount": 0.9}, {"goal_reward": 20.0})


def test_a_long_run_is_not_made_again_and_goes_on_where_it_was_stopped(monkeypatch, tmp_path, capsys) -> None:
    whole = learned(RUN, tmp_path / "a")
    assert whole.score == 20.0
    assert len(whole.training) == 100
    calls = []
    monkeypatch.setattr(long_runs, "train", lambda *a, **k: calls.append("train"))
    assert learned(RUN, tmp_path / "a") == whole
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    (tmp_path / "b" / "evaluation.json").unlink()
    shutil.rmtree(tmp_path / "b" / "agent")
    shutil.rmtree(tmp_path / "b" / "best")
    assert learned(RUN, tmp_path / "b") == whole
    assert "Going on from step 1800" in capsys.readouterr().err
    assert calls == []


@pytest.mark.parametrize(
    ("change", "named"),
    [({"seed": 4}, "seed"), ({"settings": {}}, "config"), ({"steps": 3000}, "total_timesteps"),
     ({"env_kwargs": {}}, "env_kwargs"), ({"algorithm": "sarsa"}, "algorithm")],
)  # fmt: skip
def test_another_run_is_not_taken_for_it(change, named, tmp_path) -> None:
    learned(RUN._replace(steps=200), tmp_path / "a")
    with pytest.raises(ValueError, match=f"another run .*{named}.*; choose another `--out`"):
        learned(RUN._replace(**{"steps": 200, **change}), tmp_path / "a")
