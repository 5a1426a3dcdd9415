"""Section 1: the toy MDP."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np

from rlenvs.planning import q_value_iteration, solve
from rlenvs_agents.evaluation import Truth
from rlenvs_agents.exploration import RandomExploration
from rlenvs_agents.reporting import Every
from rlenvs_agents.reproduce.experiment import Experiment, Finding, Settings, over_seeds
from rlenvs_agents.schedules import Inverse
from rlenvs_agents.tabular import QLearning, QLearningConfig

ENV = "rlenvs/MDP-v0"
SWEEPS = 50
STEPS = 10_000
LONG = 6_000_000
EVERY = 50
PUBLISHED = [[18.91891892, 17.02702702, 13.62162162], [0, -np.inf, -4.87971488], [-np.inf, 50.13365013, -np.inf]]
RANDOM = RandomExploration()
TEXTBOOK = QLearningConfig(discount=0.9, learning_rate=Inverse(0.05, 0.005), exploration=RANDOM)
# The rate falls about as fast as the values can follow: 1 − γ.
PATIENT = QLearningConfig(
    discount=0.95, learning_rate=Inverse(1.0, 0.05), learning_rate_clock="visits", exploration=RANDOM
)


def model_of(env_id: str) -> Any:
    """The model of a finite environment."""
    env = gym.make(env_id)
    try:
        return env.unwrapped.model  # type: ignore[attr-defined]  # finite
    finally:
        env.close()


def run_q_values(settings: Settings) -> Finding:  # noqa: ARG001  # nothing is left to chance
    """50 sweeps from 0."""
    values = q_value_iteration(model_of(ENV), 0.9, sweeps=SWEEPS)
    exact = solve(ENV, 0.9).q_values
    return Finding(
        ours=_text(values), exact=_text(exact), agrees=_text(values) == _text(np.array(PUBLISHED)),
        figures={"q_values": values.tolist()},
    )  # fmt: skip


def run_policy(settings: Settings) -> Finding:  # noqa: ARG001  # likewise
    """The greedy policy after 50 sweeps, at both discounts."""
    policies = [q_value_iteration(model_of(ENV), g, sweeps=SWEEPS).argmax(axis=1).tolist() for g in (0.9, 0.95)]
    exact = [solve(ENV, g).policy.tolist() for g in (0.9, 0.95)]
    agrees = policies == [[0, 0, 1], [0, 2, 1]]
    return Finding(ours=f"{policies[0]}, {policies[1]}", exact=f"{exact[0]}, {exact[1]}", agrees=agrees)


def run_textbook(settings: Settings) -> Finding:
    """10 000 steps of Q-learning, and the picture."""
    runs = [_watched(seed) for seed in settings.seeds]
    last = [float(values[-1]) for _, values in runs]
    exact = float(solve(ENV, 0.9).q_values[0, 0])
    file, pictures = settings.file("mdp-q-learning.png"), []
    if file is not None:
        from rlenvs_agents.reproduce.plots import draw_convergence

        sweeps = [q_value_iteration(model_of(ENV), 0.9, sweeps=n)[0, 0] for n in range(1, SWEEPS + 1)]
        curve = np.array([0.0, *sweeps])
        pictures.append(draw_convergence(file, curve, runs, exact, "$Q(s_0, a_0)$"))
    return Finding(
        ours=f"{over_seeds(last)}, {min(last):.2f} … {max(last):.2f}", exact=f"{exact:.4f}", figures={"last": last},
        pictures=tuple(pictures),
    )  # fmt: skip


def run_patient(settings: Settings) -> Finding:
    """Q-learning at γ 0.95, where the best action is better by 0.06 under noise of 18."""
    env = gym.make(ENV)
    truth = Truth.of(env)
    assert truth is not None  # noqa: S101  # the environment is finite
    agents = [QLearning(env, PATIENT, seed=seed).learn(LONG) for seed in settings.seeds]
    distances = [truth.measure(agent, 0.95).distance for agent in agents]
    optimal = sum(distance <= 1e-9 for distance in distances)
    values = [float(agent.q_values([0])[0, 0]) for agent in agents]
    return Finding(
        ours=f"optimal in {optimal} of {len(distances)}; Q(s0, a0) {over_seeds(values)}",
        exact=f"{truth.solution(0.95).q_values[0, 0]:.4f}",
        agrees=optimal == len(distances),
        figures={"distance": distances, "q": values, "steps": LONG},
    )


def _watched(seed: int) -> tuple[Any, Any]:
    """Steps and Q(s0, a0) at them."""
    steps, values = [], []

    def note(snapshot: Any) -> None:
        steps.append(snapshot.step)
        values.append(float(snapshot.policy.q_values([0])[0, 0]))

    QLearning(gym.make(ENV), TEXTBOOK, seed=seed).learn(STEPS, Every(EVERY, note))
    return np.array(steps), np.array(values)


def _text(values: Any) -> str:
    """Action values as they were printed, with eight digits."""
    return "; ".join(" ".join(f"{value:.8f}".rstrip("0").rstrip(".") for value in row) for row in values)


EXPERIMENTS = (
    Experiment(
        id="mdp-q-values",
        section=1,
        what="MDP: Q-value iteration, γ 0.9, 50 sweeps",
        published=_text(PUBLISHED),
        run=run_q_values,
        deterministic=True,
        seconds=1,
    ),
    Experiment(
        id="mdp-policy",
        section=1,
        what="MDP: greedy policy at γ 0.9 and 0.95",
        published="[0, 0, 1], [0, 2, 1]",
        run=run_policy,
        deterministic=True,
        seconds=1,
    ),
    Experiment(
        id="mdp-q-learning",
        section=1,
        what="MDP: Q(s0, a0) after 10 000 steps of Q-learning, γ 0.9",
        published="17.4 … 18.8",
        run=run_textbook,
        deterministic=False,
        seconds=5,
        needs={"matplotlib": "agents"},
    ),
    Experiment(
        id="mdp-q-learning-long",
        section=1,
        what="MDP: Q-learning at γ 0.95 finds the policy through the fire, 6 million steps",
        published="–",
        run=run_patient,
        deterministic=False,
        seconds=150,
    ),
)
