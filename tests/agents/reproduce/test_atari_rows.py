"""Rows of `rlenvs reproduce` that take too long to be run here: what would be run."""

from dataclasses import fields

import pytest

from rlenvs_agents.algorithms import algorithm
from rlenvs_agents.presets import whole_preset
from rlenvs_agents.reproduce import atari
from rlenvs_agents.reproduce.experiment import Settings


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


def test_settings_are_not_chosen_on_the_seeds_that_are_told(monkeypatch) -> None:
    seen = []
    monkeypatch.setattr(atari, "_trained", lambda row, seed: (seen.append((row.id, seed)), (0.0, 0.0))[1])
    for row in (atari.ROWS[1], atari.ABLATED[0]):
        atari.run(row, Settings(seeds=(0, 1)))
    assert seen == [
        ("breakout-dqn", 0), ("breakout-dqn", 1), ("breakout-50k-as-it-is", 100), ("breakout-50k-as-it-is", 101)
    ]  # fmt: skip
