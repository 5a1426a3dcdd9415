"""Sections 3 and 5: tables that end up exactly optimal, on grids and frozen lakes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any

import gymnasium as gym
import numpy as np

import rlenvs  # noqa: F401  # registers the ids
from rlenvs_agents.algorithms import algorithm
from rlenvs_agents.evaluation import Truth
from rlenvs_agents.exploration import EpsilonGreedy, RandomExploration
from rlenvs_agents.reproduce.experiment import Experiment, Finding, Settings
from rlenvs_agents.schedules import Inverse, Linear
from rlenvs_agents.tabular import TabularConfig

OPTIMAL = 1e-9
"""Distances from the optimum up to this are rounding."""

OFF_POLICY = ("q-learning", "double-q-learning")
ON_POLICY = ("sarsa", "expected-sarsa")

# Averages, while exploration fades.
FADING = TabularConfig(
    learning_rate=Inverse(0.5, 0.01),
    learning_rate_clock="visits",
    exploration=EpsilonGreedy(Linear(1.0, 0.0, fraction=0.9)),
)
# SARSA learns the best among policies that explore: that must be so little that the best one stays the same.
HARDLY = TabularConfig(learning_rate=Linear(0.5, 0.0), exploration=0.02)
# The rate is low from the beginning, so that noise averages out where actions are worth nearly the same.
SLOW = TabularConfig(learning_rate=Linear(0.1, 0.0), exploration=0.3)
# Tries everything for ever, and averages; for targets that do not mind how the agent behaves.
PATIENT = TabularConfig(learning_rate=Inverse(1.0, 0.05), learning_rate_clock="visits", exploration=RandomExploration())


@dataclass(frozen=True, kw_only=True)
class Case:
    """One environment: how long, and with which settings."""

    env_id: str
    discount: float
    steps: Mapping[str, int]  # by algorithm
    configs: Mapping[str, TabularConfig]  # likewise
    tolerance: float = OPTIMAL
    pictured: bool = True

    def config(self, name: str) -> TabularConfig:
        """The settings of an algorithm, with the discount of the case."""
        return replace(self.configs[name], discount=self.discount)


def _case(
    env_id: str,
    discount: float,
    usual_steps: int,
    *,
    steps: Mapping[str, int] = MappingProxyType({}),
    configs: Mapping[str, TabularConfig] = MappingProxyType({}),
    pictured: bool = True,
) -> Case:
    names = OFF_POLICY + ON_POLICY
    return Case(
        env_id=env_id,
        discount=discount,
        steps={**dict.fromkeys(names, usual_steps), **steps},
        configs={**dict.fromkeys(names, FADING), **configs},
        pictured=pictured,
    )


def _on_policy(config: TabularConfig) -> dict[str, TabularConfig]:
    return dict.fromkeys(ON_POLICY, config)


CASES: Mapping[str, Case] = {
    "mdp": _case("rlenvs/MDP-v0", 0.9, 300_000, pictured=False),
    "grid-4x4": _case("rlenvs/GridWorld-v0", 0.9, 30_000),
    "grid-6x6": _case("rlenvs/GridWorld6x6-v0", 0.9, 200_000),
    # Two ways to the goal differ by 0.005 here.
    "grid-slippery": _case(
        "rlenvs/SlipperyGridWorld-v0",
        0.9,
        1_000_000,
        configs={**dict.fromkeys(OFF_POLICY, PATIENT), **_on_policy(SLOW)},
        steps={"q-learning": 1_500_000, "double-q-learning": 3_000_000},
    ),
    "grid-sutton-barto": _case("rlenvs/SuttonBarto-v0", 0.9, 50_000),
    # With any exploration at all SARSA's best way keeps off the cliff. Values of 0 are optimistic here: they suffice.
    "grid-cliff": _case(
        "rlenvs/Cliff-v0",
        0.9,
        200_000,
        configs={
            "double-q-learning": TabularConfig(learning_rate=0.5, exploration=RandomExploration()),
            **_on_policy(TabularConfig(learning_rate=0.5, exploration=0.0)),
        },
        steps={"double-q-learning": 300_000},
    ),
    "frozen-lake": _case(
        "FrozenLake-v1",
        0.99,
        400_000,
        configs=_on_policy(replace(HARDLY, initial_value=1.0)),
        steps=dict.fromkeys(ON_POLICY, 1_000_000),
    ),
}


def distance_after(case: Case, name: str, seed: int) -> tuple[float, Any]:
    """Distance from the optimum after learning, and the agent."""
    env = gym.make(case.env_id)
    truth = Truth.of(env)
    assert truth is not None  # noqa: S101  # all of them are finite
    agent = algorithm(name).agent_class()(env, case.config(name), seed=seed).learn(case.steps[name])
    return truth.measure(agent, case.discount).distance, agent


def run_case(name: str, settings: Settings) -> Finding:
    """Every algorithm, every seed."""
    case = CASES[name]
    distances: dict[str, list[float]] = {}
    pictures = []
    for rule in case.configs:
        found = [distance_after(case, rule, seed) for seed in settings.seeds]
        distances[rule] = [distance for distance, _ in found]
        if rule == "q-learning" and case.pictured:
            pictures += _pictures(f"{name}.png", found[0][1], settings)
    reached = {rule: sum(d <= case.tolerance for d in column) for rule, column in distances.items()}
    n = len(settings.seeds)
    return Finding(
        ours="; ".join(f"{rule} {count} of {n}" for rule, count in reached.items()) + " exactly optimal",
        exact=f"V*(start) = {_optimum(case):.6g}",
        agrees=all(count == n for count in reached.values()),
        figures={"distance": distances, "steps": dict(case.steps)},
        pictures=tuple(pictures),
    )


def _optimum(case: Case) -> float:
    truth = Truth.of(gym.make(case.env_id))
    assert truth is not None  # noqa: S101  # all of them are finite
    return truth.solution(case.discount).start_value


def _pictures(name: str, agent: Any, settings: Settings) -> list[Any]:
    file = settings.file(name)
    if file is None:
        return []
    from rlenvs_agents.reproduce.plots import draw_board

    truth = Truth.of(agent.env)
    assert truth is not None  # noqa: S101  # all of them are finite
    return [draw_board(file, agent.env, np.asarray(agent.q_values(truth.observations)), agent.discount)]


LARGE_STEPS = 3_000_000
LARGE = replace(SLOW, initial_value=1.0)
LARGE_TOLERANCE = 1e-3


def run_large_lake(settings: Settings) -> Finding:
    """Q-learning on the 8×8 lake."""
    case = Case(
        env_id="FrozenLake8x8-v1",
        discount=0.99,
        steps={"q-learning": LARGE_STEPS},
        configs={"q-learning": LARGE},
    )
    found = [distance_after(case, "q-learning", seed) for seed in settings.seeds]
    distances = [distance for distance, _ in found]
    return Finding(
        ours=f"V*(start) − V(start) at most {max(distances):.1e}; goal {LARGE_TOLERANCE:g} in every seed",
        exact=f"V*(start) = {_optimum(case):.6g}",
        agrees=max(distances) <= LARGE_TOLERANCE,
        figures={"distance": distances, "steps": LARGE_STEPS},
        pictures=tuple(_pictures("frozen-lake-8x8.png", found[0][1], settings)),
    )


_ROWS = (
    ("mdp", 1, "MDP: tables at γ 0.9", 60.0),
    ("grid-4x4", 3, "4×4 grid: tables at γ 0.9", 10.0),
    ("grid-6x6", 3, "6×6 grid with walls: tables at γ 0.9", 35.0),
    ("grid-slippery", 3, "slippery grid: tables at γ 0.9", 200.0),
    ("grid-sutton-barto", 3, "grid of Sutton and Barto: tables at γ 0.9", 15.0),
    ("grid-cliff", 3, "cliff: tables at γ 0.9", 40.0),
    ("frozen-lake", 5, "FrozenLake 4×4: tables at γ 0.99", 250.0),
)

EXPERIMENTS = (
    *(
        Experiment(
            id=f"{name}-tables",
            section=section,
            what=what,
            published="–",
            run=partial(run_case, name),
            deterministic=False,
            seconds=seconds,
        )
        for name, section, what, seconds in _ROWS
    ),
    Experiment(
        id="frozen-lake-8x8",
        section=5,
        what="FrozenLake 8×8: Q-learning at γ 0.99, 3 million steps",
        published="–",
        run=run_large_lake,
        deterministic=False,
        seconds=200,
    ),
)
