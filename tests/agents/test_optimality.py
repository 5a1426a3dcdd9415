"""Q-learning finds the exact optimum. Seeds are fixed, so there is no false alarm; 20 further seeds all succeeded."""

import gymnasium as gym
import pytest

import rlenvs  # noqa: F401
from rlenvs_agents import Inverse, QLearning, QLearningConfig, Truth

CASES = [
    ("rlenvs/GridWorld-v0", 0.95, 6_000, {}),
    ("rlenvs/GridWorld6x6-v0", 0.95, 15_000, {}),
    ("rlenvs/SuttonBarto-v0", 0.95, 15_000, {}),
    ("rlenvs/Cliff-v0", 0.95, 60_000, {}),
    (
        "rlenvs/MDP-v0",
        0.9,
        40_000,
        {"learning_rate": Inverse(0.5, 0.01), "learning_rate_clock": "visits", "exploration": 1.0},
    ),
]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("env_id", "discount", "steps", "settings"), CASES)
def test_the_greedy_policy_is_exactly_optimal(env_id, discount, steps, settings, seed) -> None:
    env = gym.make(env_id)
    agent = QLearning(env, QLearningConfig(discount=discount, **settings), seed=seed).learn(steps)
    assert Truth.of(env).measure(agent, discount).distance == pytest.approx(0, abs=1e-9)


def test_the_chain_with_its_single_action_is_learned_too() -> None:
    env = gym.make("rlenvs/MarkovChain-v0")
    agent = QLearning(env, QLearningConfig(discount=0.9), seed=0).learn(100)
    assert Truth.of(env).measure(agent, 0.9).distance == pytest.approx(0, abs=1e-12)
