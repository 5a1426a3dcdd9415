"""What DQN tells of itself, under SB3's names."""

import gymnasium as gym
import pytest

from rlenvs_agents import DQN, DQNConfig, Every
from rlenvs_agents.schedules import Linear


def test_the_rates_are_those_of_the_schedules(tmp_path) -> None:
    told = []
    config = DQNConfig(
        hidden=(8,), learning_starts=20, learning_rate=Linear(0.01, 0.0), exploration=Linear(1.0, 0.5, fraction=0.5)
    )
    env = gym.make("CartPole-v1")
    agent = DQN(env, config, seed=0)
    agent.learn(100, [Every(10, lambda snapshot: told.append((snapshot.step, snapshot.metrics)))])
    assert told[0] == (0, {})
    assert set(told[1][1]) == {"rollout/exploration_rate"}
    for step, metrics in told[3:]:
        assert metrics["rollout/exploration_rate"] == pytest.approx(max(0.5, 1 - step / 100))
        assert metrics["train/learning_rate"] == pytest.approx(0.01 * (1 - step / 100))
        assert {"train/loss", "train/mean_q"} <= set(metrics)
    agent.save(tmp_path / "agent")
    assert DQN.load(tmp_path / "agent", env).metrics == agent.metrics
