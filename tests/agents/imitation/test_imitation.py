"""Imitation: what is taught, and whether it is learned."""

from typing import Any

import gymnasium as gym
import numpy as np
import pytest

import rlenvs  # noqa: F401
from rlenvs_agents.imitation import Imitation, ImitationConfig
from rlenvs_agents.policy_search.hand_written import cart_pole_lean

pytest.importorskip("tensorflow")


def test_the_first_loss_is_the_cross_entropy_with_the_teacher() -> None:
    """One lane, one step: the loss is −log of the probability that the untrained network gives to the teacher's."""
    env = gym.make("CartPole-v1")
    agent = Imitation(env, ImitationConfig(lanes=1), seed=0, teacher=cart_pole_lean)
    first, _ = env.reset(seed=agent.streams.number("environment"))
    before = agent.action_probabilities(first)[0]
    agent.learn(1)
    assert agent.losses == pytest.approx([-np.log(before[cart_pole_lean(first)])], rel=1e-5)


def test_it_learns_to_lean_and_goes_on_after_loading(tmp_path: Any) -> None:
    env = gym.make("CartPole-v1")
    config = ImitationConfig(learning_rate=0.02)
    agent = Imitation(env, config, seed=0, teacher=cart_pole_lean).learn_updates(300)
    assert agent.updates == len(agent.losses) == 300
    assert np.mean(agent.losses[-50:]) < 0.25 < agent.losses[0]
    again = Imitation.load(agent.save(tmp_path / "agent"), env)
    batch = np.random.default_rng(0).normal(size=(200, 4)).astype(np.float32) * 0.1
    taught = [cart_pole_lean(row) for row in batch.tolist()]
    actions = again.predict(batch, deterministic=True)[0]
    assert (actions == taught).mean() > 0.8
    with pytest.raises(ValueError, match="`teacher` must be given"):
        again.learn(50)
    again.teacher = agent
    again.learn(200)
    assert len(again.losses) == again.updates - 300 > 0


def test_an_agent_can_teach_and_masks_hold() -> None:
    class Teacher:
        def predict(self, observations: Any, *, deterministic: bool, action_masks: Any) -> Any:
            assert deterministic
            assert action_masks.shape == (len(observations), 3)
            return action_masks.argmax(axis=1), None

    env = gym.make("rlenvs/MDP-v0")
    config = ImitationConfig(lanes=4, hidden=(8,), learning_rate=0.05)
    agent = Imitation(env, config, seed=0, teacher=Teacher()).learn(1200)
    masks = np.array([[1, 1, 1], [1, 0, 1], [0, 1, 0]])
    assert agent.predict([0, 1, 2], deterministic=True, action_masks=masks)[0].tolist() == [0, 0, 1]


def test_a_teacher_must_be_able_to_teach() -> None:
    with pytest.raises(TypeError, match="`teacher` must have `predict`"):
        Imitation(gym.make("CartPole-v1"), teacher=3)
