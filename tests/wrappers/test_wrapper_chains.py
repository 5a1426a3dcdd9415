"""An id and plain arguments name a game with its whole chain of wrappers."""

import gymnasium as gym
import pytest

from rlenvs.wrappers import ClipReward, EndOnLifeLoss, FrameStack
from rlenvs.wrappers.chains import for_scores, made_with_chain

TRAINING = {"chain": "atari", "life_loss_ends": True, "clip_reward": True, "sticky": 0.0}


def layers(env):
    while isinstance(env, gym.Wrapper):
        yield type(env)
        env = env.env


def test_scores_are_of_whole_games_and_plain_rewards() -> None:
    pytest.importorskip("ale_py")
    training, scores = (set(layers(made_with_chain("ALE/Pong-v5", kw))) for kw in (TRAINING, for_scores(TRAINING)))
    assert training - scores == {ClipReward, EndOnLifeLoss}
    assert FrameStack in scores


def test_without_a_chain_nothing_changes() -> None:
    arguments = {"life_loss_ends": True}
    assert for_scores(arguments) == arguments
    assert made_with_chain("CartPole-v1", {}).spec.id == "CartPole-v1"


def test_a_chain_that_there_is_not() -> None:
    with pytest.raises(ValueError, match="`chain` must be one of atari, got 'atarii'"):
        made_with_chain("ALE/Pong-v5", {"chain": "atarii"})
