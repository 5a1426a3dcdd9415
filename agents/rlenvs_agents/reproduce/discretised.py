"""Section 5: CartPole and MountainCar with tables."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np

from rlenvs.wrappers import DiscretizeObservation
from rlenvs_agents.evaluation import evaluate
from rlenvs_agents.exploration import EpsilonGreedy
from rlenvs_agents.random_agent import RandomAgent
from rlenvs_agents.reproduce.experiment import Experiment, Finding, Settings, over_seeds
from rlenvs_agents.schedules import Linear
from rlenvs_agents.tabular import QLearning, Sarsa, TabularConfig, TileCoding

EPISODES = 100
FIFTY_DEGREES = float(np.radians(50))
# The published bins; the angle's range is the one in which an episode goes on.
CART_POLE_BINS = (1, 1, 6, 12)
CART_POLE_RANGES = (None, None, (-0.2095, 0.2095), (-FIFTY_DEGREES, FIFTY_DEGREES))
CART_POLE_STEPS = 500_000
CART_POLE = TabularConfig(
    discount=0.995, learning_rate=Linear(0.2, 0.0), exploration=EpsilonGreedy(Linear(1.0, 0.01, fraction=0.5))
)
MOUNTAIN_CAR_STEPS = 300_000
# Every step costs 1, so values of 0 are optimistic: they explore by themselves.
MOUNTAIN_CAR = TabularConfig(
    discount=1.0, learning_rate=Linear(0.5, 0.0), exploration=0.0, tiles=TileCoding(tilings=8, bins=16)
)
MOUNTAIN_CAR_BINS = 40
MOUNTAIN_CAR_TABLE_STEPS = 3_000_000
MOUNTAIN_CAR_TABLE = TabularConfig(discount=1.0, learning_rate=Linear(0.5, 0.01), exploration=0.0)


def cart_pole(max_episode_steps: int) -> gym.Env[Any, Any]:
    """CartPole in bins, cut at a number of steps."""
    env = gym.make("CartPole-v1", max_episode_steps=max_episode_steps)
    return DiscretizeObservation(env, CART_POLE_BINS, ranges=CART_POLE_RANGES)


def run_random(settings: Settings) -> Finding:
    """A policy that pushes either way."""
    env = gym.make("CartPole-v1", max_episode_steps=200)
    means = [
        evaluate(RandomAgent(env, seed=seed), env, seeds=_seeds(seed, 500), episodes=500).mean_return
        for seed in settings.seeds
    ]
    return Finding(ours=over_seeds(means), figures={"mean_return": means})


def run_cart_pole(settings: Settings) -> Finding:
    """Q-learning in 72 cells, evaluated at most 200 and at most 500 steps long."""
    short, full = [], []
    for seed in settings.seeds:
        agent = QLearning(cart_pole(500), CART_POLE, seed=seed).learn(CART_POLE_STEPS)
        short.append(evaluate(agent, cart_pole(200), episodes=EPISODES).mean_return)
        full.append(evaluate(agent, cart_pole(500), episodes=EPISODES).mean_return)
    return Finding(
        ours=f"{over_seeds(short)} of 200; {over_seeds(full)} of 500; goal 195 of 200 in every seed",
        exact="200; 500 at most",
        agrees=min(short) >= 195,
        figures={"of_200": short, "of_500": full, "steps": CART_POLE_STEPS},
    )


def run_mountain_car(settings: Settings) -> Finding:
    """SARSA on tiles."""
    means = []
    for seed in settings.seeds:
        env = gym.make("MountainCar-v0")
        agent = Sarsa(env, MOUNTAIN_CAR, seed=seed).learn(MOUNTAIN_CAR_STEPS)
        means.append(evaluate(agent, env, episodes=EPISODES).mean_return)
    return _mountain_car(means, MOUNTAIN_CAR_STEPS, -110)


def run_mountain_car_bins(settings: Settings) -> Finding:
    """Q-learning in 40 × 40 bins."""
    means = []
    for seed in settings.seeds:
        env = DiscretizeObservation(gym.make("MountainCar-v0"), MOUNTAIN_CAR_BINS)
        agent = QLearning(env, MOUNTAIN_CAR_TABLE, seed=seed).learn(MOUNTAIN_CAR_TABLE_STEPS)
        means.append(evaluate(agent, env, episodes=EPISODES).mean_return)
    return _mountain_car(means, MOUNTAIN_CAR_TABLE_STEPS, -120)


def _mountain_car(means: list[float], steps: int, goal: float) -> Finding:
    return Finding(
        ours=f"{over_seeds(means)}; goal {goal:g} in every seed",
        agrees=min(means) >= goal,
        figures={"mean_return": means, "steps": steps},
    )


def _seeds(seed: int, count: int) -> list[int]:
    """Seeds of episodes that differ from one seed of an agent to the next."""
    return list(range(seed * count, (seed + 1) * count))


EXPERIMENTS = (
    Experiment(
        id="cartpole-random",
        section=5,
        what="CartPole: a random policy",
        published="22.3",
        run=run_random,
        deterministic=False,
        seconds=2,
    ),
    Experiment(
        id="cartpole-q-learning",
        section=5,
        what="CartPole: Q-learning in (1, 1, 6, 12) bins, 500 000 steps",
        published="83.2",
        run=run_cart_pole,
        deterministic=False,
        seconds=40,
    ),
    Experiment(
        id="mountain-car-tiles",
        section=5,
        what="MountainCar: SARSA on 8 tilings of 16 × 16, 300 000 steps",
        published="–",
        run=run_mountain_car,
        deterministic=False,
        seconds=75,
    ),
    Experiment(
        id="mountain-car-bins",
        section=5,
        what="MountainCar: Q-learning in 40 × 40 bins, 3 million steps",
        published="–",
        run=run_mountain_car_bins,
        deterministic=False,
        seconds=400,
    ),
)
