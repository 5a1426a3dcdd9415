"""Updates per second of the table agents through `learn`, by processor time, best of several rounds."""

import time

import gymnasium as gym
import pytest

import rlenvs  # noqa: F401
from rlenvs_agents import DoubleQLearning, ExpectedSarsa, QLearning, Sarsa, TabularConfig

pytestmark = pytest.mark.benchmark

AT_LEAST = 100_000
ROUNDS = 15
STEPS = 20_000


@pytest.mark.parametrize("observation", ["index", "grid"])
@pytest.mark.parametrize("algorithm", [QLearning, Sarsa, ExpectedSarsa, DoubleQLearning])
def test_a_hundred_thousand_updates_a_second(algorithm, observation, record_property):
    settings = {} if observation == "grid" else {"observation": observation}
    env = gym.make("rlenvs/GridWorld-v0", **settings)
    agent = algorithm(env, TabularConfig(exploration=0.1), seed=0).learn(STEPS)
    speeds = []
    for _ in range(ROUNDS):
        since = time.process_time()
        agent.learn(STEPS)
        speeds.append(STEPS / (time.process_time() - since))
    record_property("updates_per_second", max(speeds))
    assert max(speeds) >= AT_LEAST, speeds
