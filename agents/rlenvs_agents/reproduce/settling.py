"""Sections 1, 3 and 5: after how many steps Q-learning is exactly optimal for good, beside a plain textbook loop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import gymnasium as gym
import numpy as np

import rlenvs  # noqa: F401  # registers the ids
from rlenvs_agents.evaluation import Truth
from rlenvs_agents.exploration import RandomExploration
from rlenvs_agents.reporting import Every
from rlenvs_agents.reproduce.experiment import Experiment, Finding, Settings
from rlenvs_agents.reproduce.optimal import OPTIMAL
from rlenvs_agents.schedules import Inverse
from rlenvs_agents.tabular import QLearning, TabularConfig

LIMIT = 100_000
LOOK = 100
"""Steps from one look at the policy to the next."""
GOAL = 0.5

# Values of 0, ε-greedy, both rates constant.
TEXTBOOK = TabularConfig(learning_rate=0.1, exploration=0.1)
# Whatever has not been tried looks better than what has: where steps cost 1, values of 0 are enough for that.
HOPEFUL = TabularConfig(learning_rate=1.0, exploration=0.0)
AVERAGING = TabularConfig(
    learning_rate=Inverse(1.0, 0.1), learning_rate_clock="visits", exploration=RandomExploration(), initial_value=0.0
)

CASES: Mapping[str, tuple[float, TabularConfig]] = {
    "rlenvs/MDP-v0": (0.9, AVERAGING),
    "rlenvs/GridWorld-v0": (0.9, replace(HOPEFUL, initial_value=10.0)),
    "rlenvs/GridWorld6x6-v0": (0.9, HOPEFUL),
    "rlenvs/SuttonBarto-v0": (0.9, HOPEFUL),
    "rlenvs/Cliff-v0": (0.9, HOPEFUL),
    "rlenvs/SlipperyGridWorld-v0": (0.9, AVERAGING),
    "FrozenLake-v1": (0.99, AVERAGING),
}


def settled_after(env_id: str, config: TabularConfig, seed: int) -> float:
    """Steps after which the greedy policy is exactly optimal at every look up to the limit; infinity if never."""
    env = gym.make(env_id)
    truth = Truth.of(env)
    assert truth is not None  # noqa: S101  # all of them are finite
    settled = [0.0]
    optimal: dict[bytes, bool] = {}  # by policy: most looks see one that was seen before

    def look(snapshot: Any) -> None:
        policy = truth.policy_of(snapshot.policy)
        key = policy.tobytes()
        if key not in optimal:
            optimal[key] = truth.measure_policy(policy, config.discount).distance <= OPTIMAL
        if not optimal[key]:
            settled[0] = snapshot.step + LOOK

    QLearning(env, config, seed=seed).learn(LIMIT, Every(LOOK, look))
    env.close()
    return settled[0] if settled[0] <= LIMIT else float("inf")


def run_settling(settings: Settings) -> Finding:
    """Medians over seeds, and their ratio."""
    figures: dict[str, Any] = {}
    parts, reached = [], []
    for env_id, (discount, config) in CASES.items():
        ours, plain = (
            [settled_after(env_id, replace(entry, discount=discount), seed) for seed in settings.seeds]
            for entry in (config, TEXTBOOK)
        )
        figures[env_id] = {"ours": ours, "textbook": plain}
        medians = [float(np.median(column)) for column in (ours, plain)]
        parts.append(f"{env_id.split('/')[-1]} {_steps(medians[0])} / {_steps(medians[1])}")
        reached.append(medians[0] <= GOAL * min(medians[1], LIMIT))
    return Finding(ours="; ".join(parts) + "; goal at most half", agrees=all(reached), figures=figures)


def _steps(median: float) -> str:
    return f"{median:.0f}" if median < LIMIT else f"more than {LIMIT}"


EXPERIMENTS = (
    Experiment(
        id="steps-to-optimal",
        section=3,
        what="Steps until Q-learning is exactly optimal for good, ours / a plain textbook loop (medians)",
        published="–",
        run=run_settling,
        deterministic=False,
        seconds=60,
    ),
)
