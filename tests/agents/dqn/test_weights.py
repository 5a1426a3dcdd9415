"""Weights that are set by hand: acted with, saved, and learned on from; and memories that were left behind."""

import gymnasium as gym
import numpy as np
import pytest

from rlenvs_agents import DQN, DQNConfig

pytest.importorskip("tensorflow")

SMALL = {"hidden": (8,), "learning_starts": 20, "batch_size": 4, "buffer_size": 200, "train_every_steps": 2}
PICTURES = {**SMALL, "convolutions": ((4, 3, 1),)}
KINDS = {"dense": ("CartPole-v1", {}, SMALL), "pictures": ("rlenvs/Snake6x6-v0", {"observation": "planes"}, PICTURES)}


@pytest.fixture(params=KINDS)
def kind(request):
    env_id, arguments, settings = KINDS[request.param]
    return gym.make(env_id, **arguments), DQNConfig(**settings)


@pytest.mark.parametrize("steps", [0, 10, 60])
def test_weights_that_were_set_are_saved(kind, steps, tmp_path) -> None:
    env, config = kind
    agent = DQN(env, config, seed=0).learn(steps)
    updates = agent.updates
    mine = np.random.default_rng(1).normal(size=agent.weights.shape).astype(np.float32)
    agent.weights = mine
    assert (agent.weights == mine).all()
    agent.save(tmp_path / "agent")
    again = DQN.load(tmp_path / "agent", env)
    assert (again.weights == mine).all()
    assert agent.updates == again.updates == updates == (0 if steps < 20 else 20)
    agent.learn(30)
    again.learn(30)
    assert (agent.weights == again.weights).all()
    assert not (agent.weights == mine).all()
    assert agent.updates == again.updates > updates


def test_weights_that_were_read_and_set_again_change_nothing(kind) -> None:
    env, config = kind
    one, other = (DQN(env.spec.make(), config, seed=2) for _ in range(2))
    one.learn(50)
    other.learn(50)
    other.weights = other.weights
    assert (one.learn(30).weights == other.learn(30).weights).all()


def test_an_agent_without_its_memory_fills_one_before_it_learns(kind, tmp_path) -> None:
    env, config = kind
    agent = DQN(env, config, seed=0).learn(60)
    agent.save(tmp_path / "agent", memory=False)
    again = DQN.load(tmp_path / "agent", env)
    again.forget_episode()
    assert again.learn(20).updates == agent.updates
    assert again.learn(2).updates == agent.updates + 1
    again.save(tmp_path / "later")
    later = DQN.load(tmp_path / "later", env)
    again.learn(10)  # in the same environment, which the later one brings back
    assert (later.learn(10).weights == again.weights).all()
