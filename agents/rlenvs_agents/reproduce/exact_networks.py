"""Sections 1, 3 and 5: deep Q-networks that end up exactly optimal, on the MDP, on grids and on the frozen lake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import gymnasium as gym

import rlenvs  # noqa: F401  # registers the ids
from rlenvs_agents.algorithms import algorithm
from rlenvs_agents.dqn.config import DQNConfig, HardTarget
from rlenvs_agents.evaluation import Truth
from rlenvs_agents.reproduce.experiment import TENSORFLOW, Experiment, Finding, Settings
from rlenvs_agents.reproduce.optimal import OPTIMAL
from rlenvs_agents.schedules import Linear

# Behaviour is random for ever, all of it is remembered, and the rate falls to zero, so that chance averages out.
PATIENT = DQNConfig(
    hidden=(64,),
    loss="squared",
    max_gradient_norm=None,
    learning_rate=Linear(3e-3, 0.0),
    target=HardTarget(100),
    buffer_size=200_000,
    batch_size=128,
    learning_starts=500,
    train_every_steps=16,
    updates_per_train=4,
    exploration=1.0,
)

# Who only tumbles about falls off the cliff before the goal is seen.
BOLDER = replace(PATIENT, hidden=(128,), exploration=0.5)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One environment: how long, and with which settings."""

    env_id: str
    discount: float
    steps: int
    config: DQNConfig = PATIENT

    def distance(self, seed: int) -> float:
        """V*(start) − V(start) of the greedy policy after learning."""
        env = gym.make(self.env_id)
        truth = Truth.of(env)
        assert truth is not None  # noqa: S101  # all of them are finite
        settings = replace(self.config, discount=self.discount)
        agent = algorithm("dqn").load()(env, settings, seed=seed).learn(self.steps)
        env.close()
        return truth.measure(agent, self.discount).distance


CASES: Mapping[str, Case] = {
    "mdp": Case(env_id="rlenvs/MDP-v0", discount=0.9, steps=20_000),
    "grid-4x4": Case(env_id="rlenvs/GridWorld-v0", discount=0.9, steps=10_000),
    "grid-6x6": Case(env_id="rlenvs/GridWorld6x6-v0", discount=0.9, steps=20_000),
    "grid-sutton-barto": Case(env_id="rlenvs/SuttonBarto-v0", discount=0.9, steps=10_000),
    "grid-slippery": Case(env_id="rlenvs/SlipperyGridWorld-v0", discount=0.9, steps=60_000),
    "grid-cliff": Case(env_id="rlenvs/Cliff-v0", discount=0.9, steps=60_000, config=BOLDER),
    "frozen-lake": Case(env_id="FrozenLake-v1", discount=0.99, steps=60_000),
}


def run(settings: Settings) -> Finding:
    """Every environment, every seed."""
    distances = {name: [case.distance(seed) for seed in settings.seeds] for name, case in CASES.items()}
    reached = {name: sum(distance <= OPTIMAL for distance in column) for name, column in distances.items()}
    n = len(settings.seeds)
    return Finding(
        ours="; ".join(f"{name} {count} of {n}" for name, count in reached.items()) + " exactly optimal",
        exact="0 from V*(start)",
        agrees=all(count == n for count in reached.values()),
        figures={"distance": distances, "steps": {name: case.steps for name, case in CASES.items()}},
    )


EXPERIMENTS = (
    Experiment(
        id="exact-dqn",
        section=5,
        what="MDP and grids at γ 0.9, FrozenLake 4×4 at γ 0.99: deep Q-network",
        published="–",
        run=run,
        deterministic=False,
        seconds=80,
        needs=TENSORFLOW,
    ),
)
