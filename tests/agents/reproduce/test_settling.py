"""From when on a policy is exactly optimal: on a grid whose answer is known, and where it never comes."""

from dataclasses import replace

import pytest

from rlenvs_agents.reproduce import Settings, settling
from rlenvs_agents.reproduce.settling import CASES, HOPEFUL, TEXTBOOK, settled_after

GRID = "rlenvs/GridWorld-v0"


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(settling, "LIMIT", 2_000)
    monkeypatch.setattr(settling, "LOOK", 50)


def test_a_hopeful_table_settles_where_a_textbook_one_has_not_begun():
    # Deterministic: greedy in a grid without chance. Six steps lead to the goal, so 50 cannot have tried all of it.
    steps = settled_after(GRID, replace(HOPEFUL, discount=0.9, initial_value=10.0), seed=0)
    assert 50 <= steps <= 500
    assert settled_after(GRID, replace(TEXTBOOK, discount=0.9), seed=0) == float("inf")


def test_what_was_optimal_once_and_is_not_any_more_has_not_settled():
    # The first table of the MDP happens to be optimal; a constant rate of 1 under noise keeps none.
    config = replace(TEXTBOOK, discount=0.9, learning_rate=1.0, exploration=1.0)
    assert settled_after("rlenvs/MDP-v0", config, seed=0) > 500


def test_the_row_compares_medians(monkeypatch):
    monkeypatch.setattr(settling, "CASES", {GRID: CASES[GRID]})
    finding = settling.run_settling(Settings(seeds=(0, 1)))
    assert finding.agrees is True
    assert finding.ours.startswith("GridWorld-v0 ")
    assert "/ more than 2000; goal at most half" in finding.ours
    assert len(finding.figures[GRID]["textbook"]) == 2
