"""EndOnLifeLoss: a termination for the agent, the same game for the environment."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_games import ScriptedGame, episode, episodes, rollout, same

from rlenvs.wrappers import AutoFire, EndOnLifeLoss, SkipStart


@given(script=episodes(), actions=st.lists(st.integers(0, 2), max_size=30), seed=st.integers(0, 3))
def test_equals_the_reference(script, actions, seed):
    game, twin = ScriptedGame(script), ScriptedGame(script)
    seen = rollout(EndOnLifeLoss(game), actions, seed)

    expected = []
    observation, info = twin.reset(seed=seed)
    expected.append((observation, info | {"game_over": False}))
    for action in actions:
        lives = info["lives"]
        observation, reward, terminated, truncated, info = twin.step(action)
        over, lost = terminated or truncated, info["lives"] < lives
        expected.append((observation, reward, terminated or lost, truncated, info | {"game_over": over}))
        if over:
            observation, info = twin.reset()
        if over or lost:
            expected.append((observation, info | {"game_over": False}))
    assert same(seen, expected)
    assert game.log == twin.log


def test_gymnasium_166_life_loss_restarts_the_game__ours_goes_on():
    game = ScriptedGame([episode(3, (0, 3, ""), (1.0, 2, ""), (0, 2, ""), (0, 1, ""), (0, 0, "terminated"))])
    env = EndOnLifeLoss(game)
    env.reset()
    env.step(0)
    observation, _, terminated, truncated, info = env.step(0)
    assert (terminated, truncated, info["lives"], info["game_over"]) == (True, False, 2, False)
    again, info = env.reset()
    assert len(game.resets) == 1
    assert np.array_equal(again, observation)
    assert info["lives"] == 2
    env.step(0)
    assert env.step(0)[2]
    env.reset()
    step = env.step(0)
    assert step[2]
    assert step[-1]["game_over"]
    env.reset()
    assert len(game.resets) == 2


def test_sb3_episodic_life_takes_a_step_nobody_chose__ours_takes_none():
    game = ScriptedGame([episode(3, (0, 2, ""))])
    env = EndOnLifeLoss(game)
    env.reset()
    env.step(1)
    env.reset()
    assert game.actions == [1]


def test_the_last_life_counts_even_where_the_game_goes_on_at_zero_lives():
    # SB3 leaves out a fall to 0; in Bank Heist and others 0 is the life in play.
    env = EndOnLifeLoss(ScriptedGame([episode(1, (0, 0, ""), (0, 0, ""), (0, 0, "terminated"))]))
    env.reset()
    assert env.step(0)[2]
    env.reset()
    assert not env.step(0)[2]
    assert env.step(0)[-1]["game_over"]


def test_a_seed_or_options_restart_the_game():
    game = ScriptedGame([episode(3, (0, 2, "")), episode(2, (0, 1, ""))])
    env = EndOnLifeLoss(game)
    for arguments in ({"seed": 1}, {"options": {"level": 1}}):
        env.reset(seed=0)
        env.step(0)
        env.reset(**arguments)
        assert game.resets[-1][1:] == (arguments.get("seed"), arguments.get("options"))


def test_a_reset_in_the_middle_of_a_life_restarts_the_game():
    game = ScriptedGame([episode(3, (0, 3, ""))])
    env = EndOnLifeLoss(game)
    env.reset()
    env.step(0)
    env.reset()
    assert len(game.resets) == 2


def test_a_time_limit_restarts_the_game_even_if_it_hits_with_the_lost_life():
    game = ScriptedGame([episode(3, (0, 2, "truncated"))])
    env = EndOnLifeLoss(game)
    env.reset()
    assert env.step(0)[2:4] == (True, True)
    env.reset()
    assert len(game.resets) == 2


def test_stepping_after_a_lost_life_needs_a_reset():
    env = EndOnLifeLoss(ScriptedGame([episode(3, (0, 2, ""))]))
    env.reset()
    env.step(0)
    with pytest.raises(gym.error.ResetNeeded, match="a life was lost"):
        env.step(0)


def test_the_first_observation_of_a_life_shares_nothing_with_the_last_one():
    env = EndOnLifeLoss(ScriptedGame([episode(3, (0, 2, ""), (0, 2, ""))], reuse_buffers=True))
    env.reset()
    last, *_, info = env.step(0)
    kept = last.copy()
    last[:] = -1  # a learner that normalises in place
    info["lives"] = 99
    first, new_info = env.reset()
    assert np.array_equal(first, kept)
    assert new_info["lives"] == 2
    assert not np.shares_memory(first, last)


def test_a_game_without_lives_is_refused_with_a_sentence():
    env = EndOnLifeLoss(ScriptedGame([episode(3)], lives_key=None))
    env.reset()
    with pytest.raises(ValueError, match=r'needs `info\["lives"\]`.*its keys: '):
        env.step(0)


@pytest.mark.parametrize("opening", [AutoFire, lambda env: SkipStart(env, 2)])
def test_the_opening_above_it_belongs_to_the_life_that_it_begins(opening):
    steps = [(0, 3, "")] * 3 + [(-1.0, 2, ""), (7.0, 2, ""), (0.0, 2, ""), (0.5, 2, "")]
    env = opening(EndOnLifeLoss(ScriptedGame([episode(3, *steps)])))
    env.reset()
    step = env.step(1)
    while not step[2]:
        step = env.step(1)
    assert step[1] == -1.0
    _, info = env.reset()
    assert info["skipped_reward"] == 7.0
    assert env.step(1)[1] >= 7.0


def test_a_life_lost_in_the_opening_above_it_goes_on_with_the_next_life():
    game = ScriptedGame([episode(3, (0, 2, ""), (2.0, 2, ""), (0, 2, ""))])
    env = AutoFire(EndOnLifeLoss(game))
    _, info = env.reset()
    assert (len(game.resets), game.actions, info["lives"], info["skipped_reward"]) == (1, [2, 2], 2, 2.0)


def test_reward_paid_with_the_last_step_is_not_announced_again():
    script = [episode(3, (0, 3, ""), (1.0, 2, ""), (4.0, 2, ""), (0, 2, ""))]
    env = EndOnLifeLoss(AutoFire(ScriptedGame(script)))
    env.reset()
    assert env.step(0)[1] == 5.0
    assert env.reset()[1]["skipped_reward"] == 0.0
    assert env.step(0)[1] == 0.0
