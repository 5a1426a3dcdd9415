"""`rlenvs bench`: what is measured, with a clock of our own."""

import json

import gymnasium as gym
import pytest

from rlenvs.cli import run, speed, vector_speed


class Clock:
    """Time that passes only when steps are made."""

    def __init__(self):
        self.now = 0.0

    def contestant(self, name, seconds_per_step, reference=None, target=None):
        def prepare():
            def runner(steps):
                self.now += steps * seconds_per_step
                return steps

            return runner

        return speed.Contestant(name, prepare, reference, target)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(speed, "perf_counter", lambda: clock.now)
    return clock


def test_ratio_and_verdict(clock):
    contestants = [
        clock.contestant("slow", 2e-5),
        clock.contestant("fast", 5e-6, "slow", 4.0),
        clock.contestant("lame", 1e-5, "slow", 2.5),
    ]
    rows = {row.name: row for row in speed.measure(contestants, speed.Effort(rounds=3, seconds=0.1))}
    assert rows["slow"].steps_per_second == pytest.approx(50_000)
    assert rows["slow"].ratio is None
    assert rows["fast"].ratio == pytest.approx(4.0)
    assert (rows["lame"].ratio, rows["lame"].reached) == (pytest.approx(2.0), False)


def test_one_slow_round_does_not_change_the_ratio(clock):
    calls = []

    def prepare():
        def runner(steps):
            calls.append(steps)
            # The third timed round is ten times slower.
            clock.now += steps * (1e-4 if len(calls) == 5 else 1e-5)
            return steps

        return runner

    contestants = [clock.contestant("reference", 2e-5), speed.Contestant("bumpy", prepare, "reference", 1.0)]
    rows = speed.measure(contestants, speed.Effort(rounds=5, seconds=0.1))
    assert rows[1].ratio == pytest.approx(2.0)


def test_contestants_take_turns(clock):
    order = []

    def contestant(name):
        def runner(steps):
            order.append(name)
            clock.now += steps * 1e-5
            return steps

        return speed.Contestant(name, lambda: runner)

    speed.measure([contestant("a"), contestant("b")], speed.Effort(rounds=3, seconds=0.1))
    assert order[-6:] == ["a", "b"] * 3


def test_command_prints_every_section(clock, monkeypatch, capsys):
    sections = (
        speed.Section("First", (clock.contestant("one", 1e-5), clock.contestant("two", 2e-6, "one", 2.5))),
        speed.Section("Second", (clock.contestant("three", 1e-5),)),
    )
    monkeypatch.setattr(speed, "SECTIONS", sections[:1])
    monkeypatch.setattr(vector_speed, "VECTOR_SECTIONS", sections[1:])
    assert run(["bench", "--quick", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["section"], row["name"]) for row in rows] == [("First", "one"), ("First", "two"), ("Second", "three")]
    assert rows[1]["ratio"] == pytest.approx(5.0)
    assert run(["bench", "--quick"]) == 0
    assert "reached" in capsys.readouterr().out


@pytest.mark.parametrize("section", speed.SECTIONS, ids=lambda section: section.title)
def test_every_contestant_runs_and_every_reference_is_there(section):
    names = [contestant.name for contestant in section.contestants]
    assert len(set(names)) == len(names)
    for contestant in section.contestants:
        assert contestant.reference is None or contestant.reference in names
        assert contestant.prepare()(10) >= 10


def test_targets_are_those_of_the_project():
    targets = {c.name: (c.reference, c.target) for section in speed.SECTIONS for c in section.contestants if c.target}
    for name in ("GridWorld", "MDP", "MarkovChain"):
        assert targets[f"rlenvs/{name}-v0"] == ("FrozenLake-v1", 2.5)
        assert gym.spec(f"rlenvs/{name}-v0")
    assert targets["rlenvs/Snake-v0"] == ("CartPole-v1", 1.0)
