"""AutoFire and SkipStart against a slow, obvious reference, on games that do awkward things."""

from __future__ import annotations

from itertools import pairwise

import gymnasium as gym
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_games import ScriptedGame, episode, episodes, quiet, rollout, same

from rlenvs.wrappers import AutoFire, ClipReward, SkipStart


class Reference:
    """What AutoFire and SkipStart must do, written down as it is said."""

    def __init__(self, game, moves, after_reset, after_life_loss, max_tries):
        self.game, self.moves, self.max_tries = game, moves, max_tries
        self.after_reset, self.after_life_loss = after_reset, after_life_loss

    def reset(self, seed=None):
        self.waiting = 0.0
        for attempt in range(self.max_tries):
            self.observation, info = self.game.reset(seed=seed if attempt == 0 else None)
            self.info = dict(info)
            self.lives = info.get("lives")
            self.ended = (False, False)
            self.waiting += self.play(list(self.moves) if self.after_reset else [])
            if not any(self.ended):
                return self.observation, self.info | {"skipped_reward": self.waiting}
        raise RuntimeError

    def step(self, action):
        own, lost = self.one(action)
        moves = self.moves if lost and self.after_life_loss and not any(self.ended) else []
        skipped = self.waiting + self.play(list(moves))
        self.waiting = 0.0
        return self.observation, own + skipped, *self.ended, self.info | {"skipped_reward": skipped}

    def one(self, action, keep=False):
        self.observation, reward, terminated, truncated, info = self.game.step(action)
        self.info = self.info | info if keep else dict(info)
        self.ended = (terminated, truncated)
        before, self.lives = self.lives, info.get("lives", self.lives)
        return reward, before is not None and self.lives < before

    def play(self, queue):
        total = 0.0
        while queue and not any(self.ended):
            reward, lost = self.one(queue.pop(0), keep=True)
            total += reward
            if lost and self.after_life_loss:
                queue = list(self.moves)
        return total


def agree(wrapped, reference, actions, seed):
    def run(env):
        try:
            return rollout(env, actions, seed)
        except RuntimeError:
            return "gave up"

    assert same(run(wrapped), run(reference))


@given(
    script=episodes(),
    actions=st.lists(st.integers(0, 2), max_size=20),
    seed=st.integers(0, 3),
    presses=st.integers(1, 3),
    after_reset=st.booleans(),
    after_life_loss=st.booleans(),
    lives_key=st.sampled_from(["lives", "lives", None]),
)
def test_auto_fire_equals_the_reference(script, actions, seed, presses, after_reset, after_life_loss, lives_key):
    game, twin = ScriptedGame(script, lives_key=lives_key), ScriptedGame(script, lives_key=lives_key)
    wrapped = AutoFire(game, presses=presses, after_reset=after_reset, after_life_loss=after_life_loss, max_tries=4)
    agree(wrapped, Reference(twin, [2] * presses, after_reset, after_life_loss, 4), actions, seed)
    assert game.log == twin.log


@given(
    script=episodes(),
    actions=st.lists(st.integers(0, 2), max_size=20),
    seed=st.integers(0, 3),
    steps=st.integers(0, 5),
    after_reset=st.booleans(),
    after_life_loss=st.booleans(),
)
def test_skip_start_equals_the_reference(script, actions, seed, steps, after_reset, after_life_loss):
    game, twin = ScriptedGame(script), ScriptedGame(script)
    wrapped = SkipStart(game, steps, after_reset=after_reset, after_life_loss=after_life_loss, max_tries=4)
    agree(wrapped, Reference(twin, [0] * steps, after_reset, after_life_loss, 4), actions, seed)
    assert game.log == twin.log


@given(
    script=episodes(),
    actions=st.lists(st.integers(0, 2), max_size=30),
    seed=st.integers(0, 3),
    steps=st.integers(0, 2),
)
def test_no_reward_is_lost_or_invented(script, actions, seed, steps):
    # Two wrappers above each other: whatever the game has paid, the agent gets exactly once (or still waits for).
    class Purse(gym.Wrapper):
        paid = 0.0

        def step(self, action):
            step = self.env.step(action)
            self.paid += step[1]
            return step

    purse = Purse(ScriptedGame(script))
    env = SkipStart(AutoFire(purse, max_tries=4), steps, max_tries=4)
    received = waiting = 0.0
    try:
        for result in rollout(env, actions, seed):
            if len(result) == 2:
                waiting += result[1]["skipped_reward"]
            else:
                received += result[1]
                waiting = 0.0
    except RuntimeError:
        return
    assert received + waiting == purse.paid


@pytest.mark.parametrize("steps", [0, 1])
def test_two_openings_above_each_other_announce_what_both_have_earned(steps):
    game = ScriptedGame([episode(3, (1.0, 3, ""), (2.0, 3, ""), (0.5, 3, ""))])
    env = SkipStart(AutoFire(game), steps)
    announced = [1.0, 3.0][steps]
    assert env.reset()[1]["skipped_reward"] == announced
    _, reward, *_, info = env.step(1)
    assert info["skipped_reward"] == announced
    assert reward == announced + [2.0, 0.5][steps]


@given(script=episodes(), actions=st.lists(st.integers(0, 2), max_size=30))
def test_raw_reward_passes_through(script, actions):
    # Clipped below or above the presses: the raw reward is what the game has paid, with the presses' share.
    below = AutoFire(ClipReward(ScriptedGame(script), -0.5, 0.5), max_tries=4)
    plain = AutoFire(ScriptedGame(script), max_tries=4)
    try:
        clipped, raw = rollout(below, actions, 0), rollout(plain, actions, 0)
    except RuntimeError:
        return
    for a, b in zip(clipped, raw, strict=True):
        assert a[-1]["raw_reward"] == (b[1] if len(b) == 5 else 0.0)


def test_nothing_is_changed_in_the_games_own_infos():
    game = ScriptedGame([quiet()])
    kept = []

    class Keeper(gym.Wrapper):
        def step(self, action):
            step = self.env.step(action)
            kept.append((step[-1], dict(step[-1])))
            return step

        def reset(self, **kwargs):
            observation, info = self.env.reset(**kwargs)
            kept.append((info, dict(info)))
            return observation, info

    rollout(SkipStart(AutoFire(Keeper(game)), 2), [0, 1, 2])
    assert all(info == copy for info, copy in kept)
    assert len({id(info) for info, _ in kept}) == len(kept)


def test_a_game_that_always_ends_while_firing_is_given_up_with_a_sentence():
    game = ScriptedGame([episode(3, (0.0, 3, "terminated"))])
    with pytest.raises(RuntimeError, match="7 episodes in a row ended"):
        AutoFire(game, max_tries=7).reset(seed=5)
    assert len(game.resets) == 7


def test_a_game_that_loses_a_life_with_every_press_for_ever_is_given_up_with_a_sentence():
    steps = [(0.0, 1000 - n, "") for n in range(500)]
    with pytest.raises(RuntimeError, match="after_life_loss=False"):
        AutoFire(ScriptedGame([episode(1001, *steps)])).reset()


def test_sb3_noop_reset_replays_the_seed__ours_does_not():
    # Gymnasium's AtariPreprocessing and SB3's NoopReset reset with the same seed again, and meet the same end.
    game = ScriptedGame([episode(3, (1.0, 3, "terminated")), quiet()])
    observation, info = SkipStart(game, 3).reset(seed=0, options={"level": 2})
    assert game.resets == [("reset", 0, {"level": 2}), ("reset", None, {"level": 2})]
    assert observation.tolist() == [1, 3, 0]
    assert info["skipped_reward"] == 1.0


def test_options_reach_every_reset_whole_even_if_the_game_takes_them_apart():
    game = ScriptedGame([episode(3, (0.0, 3, "truncated")), quiet()])
    options = {"eaten": 1, "level": 2}
    AutoFire(game).reset(options=options)
    assert [entry[2] for entry in game.resets] == [{"eaten": 1, "level": 2}] * 2
    assert options == {"eaten": 1, "level": 2}


def test_minigrid_509_a_wrapper_drops_the_seed__ours_hands_it_down_once():
    game = ScriptedGame([quiet()])
    env = AutoFire(SkipStart(game, 1))
    env.reset(seed=11)
    env.reset()
    assert [entry[1] for entry in game.resets] == [11, None]


def test_a_life_lost_during_the_opening_starts_it_over():
    game = ScriptedGame([episode(3, (0, 3, ""), (0, 2, ""), (0, 2, ""))])
    SkipStart(game, 3).reset()
    assert game.actions == [0] * 5  # two, the second of which loses a life, and three


def test_a_bonus_life_is_no_lost_life():
    game = ScriptedGame([episode(1, (0, 2, ""), (0, 2, ""), (0, 1, ""))])
    env = AutoFire(game, after_reset=False)
    env.reset()
    for _ in range(3):
        env.step(0)
    assert game.actions == [0, 0, 0, 2]


def test_no_press_after_the_end_even_if_it_cost_a_life():
    game = ScriptedGame([episode(1, (0, 1, ""), (-1.0, 0, "terminated"))])
    env = AutoFire(game)
    env.reset()
    _, reward, terminated, _, _ = env.step(1)
    assert (reward, terminated, game.actions) == (-1.0, True, [2, 1])


def test_skipping_draws_from_a_generator_of_its_own():
    plain, wrapped = gym.make("CartPole-v1"), SkipStart(gym.make("CartPole-v1"), [0, 9], action=0)
    plain.reset(seed=3)
    wrapped.reset(seed=3)
    assert plain.np_random.bit_generator.state == wrapped.np_random.bit_generator.state


def test_random_skips_are_seeded_cover_the_range_and_go_on_between_episodes():
    def lengths(seed):
        game = ScriptedGame([quiet()])
        env = SkipStart(game, [2, 5])
        env.reset(seed=seed)
        for _ in range(59):
            env.reset()
        marks = [k for k, entry in enumerate(game.log) if not isinstance(entry, int)] + [len(game.log)]
        return [b - a - 1 for a, b in pairwise(marks)]

    first = lengths(1)
    assert first == lengths(1) != lengths(2)
    assert set(first) == {2, 3, 4, 5}


@pytest.mark.parametrize("steps", [-1, [3], [4, 2], [1, 2, 3], 2.5, [0.5, 2], True, "40"])
def test_bad_numbers_of_steps_are_refused(steps):
    with pytest.raises(ValueError, match="`steps` must be"):
        SkipStart(ScriptedGame([quiet()]), steps)


def test_observations_do_not_share_memory_where_the_game_gives_fresh_ones():
    env = SkipStart(ScriptedGame([quiet()]), 2)
    first, _ = env.reset()
    second = env.step(0)[0]
    assert not np.shares_memory(first, second)
