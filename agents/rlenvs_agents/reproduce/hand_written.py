"""Section 5: the policies that nobody had to learn."""

from __future__ import annotations

import gymnasium as gym
import numpy as np

from rlenvs_agents.evaluation import evaluate
from rlenvs_agents.policy_search.hand_written import cart_pole_lean, mountain_car_momentum
from rlenvs_agents.reproduce.experiment import Experiment, Finding, Settings

LEAN = {"mean": 41.698, "std": 8.389445512070509, "min": 24.0, "max": 63.0}


def run_lean(settings: Settings) -> Finding:  # noqa: ARG001  # nothing is left to chance
    """500 episodes of at most 200 steps, episode i reset with seed i."""
    env = gym.make("CartPole-v1", max_episode_steps=200)
    returns = np.array(evaluate(cart_pole_lean, env, episodes=500).returns)
    env.close()
    found = {"mean": returns.mean(), "std": returns.std(), "min": returns.min(), "max": returns.max()}
    found = {name: float(value) for name, value in found.items()}
    text = f"{found['mean']} / {found['std']} / {found['min']:.0f} / {found['max']:.0f}"
    return Finding(ours=text, agrees=found == LEAN, figures=found)


def run_momentum(settings: Settings) -> Finding:  # noqa: ARG001  # likewise
    """100 episodes of MountainCar, episode i reset with seed i."""
    env = gym.make("MountainCar-v0")
    played = evaluate(mountain_car_momentum, env, episodes=100)
    env.close()
    return Finding(ours=f"{played.mean_return:.2f}", figures={"mean": played.mean_return, "std": played.std_return})


EXPERIMENTS = (
    Experiment(
        id="cartpole-lean",
        section=5,
        what="CartPole: push toward the lean, 500 episodes (mean / std / min / max)",
        published="41.698 / 8.389445512070509 / 24 / 63",
        run=run_lean,
        deterministic=True,
        seconds=1,
    ),
    Experiment(
        id="mountain-car-momentum",
        section=5,
        what="MountainCar: push the way it rolls, 100 episodes (mean)",
        published="–",
        run=run_momentum,
        deterministic=True,
        seconds=1,
    ),
)
