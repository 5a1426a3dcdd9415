"""The rewards that are not policy-preserving: the book's two, and clipping."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest
from scripted_games import ScriptedGame, episode, rollout

from rlenvs.wrappers import AnglePenalty, ClipReward, EarlyFailurePenalty, ShapeReward


def test_only_potential_based_shaping_is_marked_as_policy_preserving():
    assert ShapeReward.policy_preserving
    assert not any(wrapper.policy_preserving for wrapper in (AnglePenalty, EarlyFailurePenalty, ClipReward))


def test_angle_penalty():
    env, plain = AnglePenalty(gym.make("CartPole-v1")), gym.make("CartPole-v1")
    assert np.array_equal(env.reset(seed=0)[0], plain.reset(seed=0)[0])
    terminated = False
    while not terminated:
        observation, reward, terminated, _, info = env.step(1)
        angle = float(plain.step(1)[0][2])
        assert reward == 1.0 - min(abs(angle), 0.7)
        assert info["raw_reward"] == 1.0
        assert observation[2] == angle


def test_angle_penalty_is_limited():
    env = AnglePenalty(gym.make("Pendulum-v1"), limit=0.25, index=2)
    env.reset(seed=0)
    _, reward, *_, info = env.step(np.array([2.0], np.float32))
    env.unwrapped.state = np.array([0.0, 5.0])
    _, reward, *_, info = env.step(np.array([0.0], np.float32))
    assert reward == info["raw_reward"] - 0.25


@pytest.mark.parametrize(("length", "expected"), [(1, 0.0), (149, 1.0), (150, 1.0), (151, 1.0)])
def test_early_failure_penalty_at_its_border(length, expected):
    expected = 1.0 - 200.0 if length < 150 else 1.0
    steps = [(1.0, 3, "")] * (length - 1) + [(1.0, 3, "terminated")]
    results = rollout(EarlyFailurePenalty(ScriptedGame([episode(3, *steps)])), [0] * length)
    rewards = [result[1] for result in results if len(result) == 5]
    assert rewards == [1.0] * (length - 1) + [expected]
    assert [result[-1]["raw_reward"] for result in results if len(result) == 5] == [1.0] * length


def test_a_truncation_is_no_failure_and_each_episode_counts_anew():
    script = [episode(3, (1.0, 3, ""), (1.0, 3, "truncated")), episode(3, (1.0, 3, ""), (1.0, 3, "terminated"))]
    env = EarlyFailurePenalty(ScriptedGame(script), penalty=9, before=3)
    rewards = [result[1] for result in rollout(env, [0] * 4) if len(result) == 5]
    assert rewards == [1.0, 1.0, 1.0, -8.0]


def test_gymnasiums_clip_reward_loses_the_score__ours_keeps_it():
    steps = [(reward, 3, "") for reward in (7.0, -3.0, 0.5, -1.0)]
    results = rollout(ClipReward(ScriptedGame([episode(3, *steps)])), [0] * 4)[1:]
    assert [result[1] for result in results] == [1.0, -1.0, 0.5, -1.0]
    assert [result[-1]["raw_reward"] for result in results] == [7.0, -3.0, 0.5, -1.0]


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: AnglePenalty(gym.make("FrozenLake-v1")), TypeError, "from a vector"),
        (lambda: AnglePenalty(gym.make("CartPole-v1"), index=4), ValueError, "`index` must be in 0 … 3, got 4"),
        (lambda: AnglePenalty(gym.make("CartPole-v1"), limit=0), ValueError, "`limit` must be positive"),
        (lambda: EarlyFailurePenalty(gym.make("CartPole-v1"), before=0), ValueError, "`before` must be"),
        (lambda: ClipReward(gym.make("CartPole-v1"), 1, 1), ValueError, "`low` must be below `high`"),
    ],
)
def test_bad_arguments_are_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()
