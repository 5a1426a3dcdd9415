"""Interleaved measurements of speed: contestants, rounds, ratios."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from time import perf_counter

import gymnasium as gym

import rlenvs  # noqa: F401  # registers the ids

Runner = Callable[[int], int]
"""Makes about that many steps and returns how many it made."""

FIRST_STEPS = 2_000
N_ACTIONS = 4_096


@dataclass(frozen=True)
class Contestant:
    """Something that makes steps.

    Attributes:
        name: what the table calls it.
        prepare: makes the runner; not timed.
        reference: name of another contestant of the section that it is compared with.
        target: the ratio that is asked for.
    """

    name: str
    prepare: Callable[[], Runner]
    reference: str | None = None
    target: float | None = None


@dataclass(frozen=True)
class Section:
    """A table of contestants that are timed together."""

    title: str
    contestants: tuple[Contestant, ...]


@dataclass(frozen=True)
class Effort:
    """How many rounds, and how long a contestant runs in each of them (seconds)."""

    rounds: int
    seconds: float


@dataclass(frozen=True)
class Row:
    """One contestant's result."""

    name: str
    steps_per_second: float
    reference: str | None
    ratio: float | None
    target: float | None
    reached: bool | None


def single(env_id: str) -> Runner:
    """Steps of one environment through ``gym.make``, resets included, actions drawn beforehand."""
    env = gym.make(env_id)
    env.action_space.seed(0)
    actions = [int(env.action_space.sample()) for _ in range(N_ACTIONS)]
    env.reset(seed=0)

    def run(steps: int) -> int:
        step, reset = env.step, env.reset
        done = 0
        while done < steps:
            for action in actions:
                _, _, terminated, truncated, _ = step(action)
                if terminated or truncated:
                    reset()
            done += N_ACTIONS
        return done

    return run


def _single(env_id: str, reference: str | None = None, target: float | None = None) -> Contestant:
    return Contestant(env_id, partial(single, env_id), reference, target)


SECTIONS: tuple[Section, ...] = (
    Section(
        "One environment through gym.make, random actions, resets included",
        (
            _single("FrozenLake-v1"),
            _single("CartPole-v1"),
            _single("rlenvs/GridWorld-v0", "FrozenLake-v1", 2.5),
            _single("rlenvs/MDP-v0", "FrozenLake-v1", 2.5),
            _single("rlenvs/MarkovChain-v0", "FrozenLake-v1", 2.5),
            _single("rlenvs/Snake-v0", "CartPole-v1", 1.0),
        ),
    ),
)


def measure(contestants: Sequence[Contestant], effort: Effort) -> list[Row]:
    """Time the contestants round by round, each once per round, so that a slow moment of the machine meets all."""
    runners = {contestant.name: contestant.prepare() for contestant in contestants}
    steps = {}
    for name, run in runners.items():
        run(FIRST_STEPS)
        steps[name] = max(1, round(effort.seconds * _rate(run, FIRST_STEPS)))
    rounds = [{name: _rate(run, steps[name]) for name, run in runners.items()} for _ in range(effort.rounds)]
    return [_row(contestant, rounds) for contestant in contestants]


def _rate(run: Runner, steps: int) -> float:
    start = perf_counter()
    done = run(steps)
    return done / (perf_counter() - start)


def _row(contestant: Contestant, rounds: Sequence[dict[str, float]]) -> Row:
    name, reference, target = contestant.name, contestant.reference, contestant.target
    ratio = None if reference is None else median(rates[name] / rates[reference] for rates in rounds)
    reached = None if ratio is None or target is None else ratio >= target
    return Row(name, max(rates[name] for rates in rounds), reference, ratio, target, reached)
