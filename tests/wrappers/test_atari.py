"""make_atari on real games: Breakout, Pong, Space Invaders, and the table behind it."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.envs.registration import EnvSpec

from rlenvs.wrappers import (
    AutoFire,
    ClipReward,
    EndOnLifeLoss,
    FrameStack,
    PreprocessScreen,
    SkipStart,
    make_atari,
)
from rlenvs.wrappers.atari_games import GAMES, game_start

ale_py = pytest.importorskip("ale_py")
pytest.importorskip("cv2")
gym.register_envs(ale_py)

NOOP, FIRE = 0, 1


def layers(env):
    found = []
    while isinstance(env, gym.Wrapper):
        found.append(type(env))
        env = env.env
    return [layer for layer in found if layer.__module__.startswith("rlenvs")][::-1]


def layer(env, kind):
    while not isinstance(env, kind):
        env = env.env
    return env


@pytest.mark.parametrize(
    ("name", "start"), [("Breakout", [AutoFire]), ("SpaceInvaders", [SkipStart]), ("ALE/Pong-v5", [])]
)
def test_the_chain_and_its_order(name, start):
    env = make_atari(name, life_loss_ends=True, clip_reward=True)
    assert layers(env) == [PreprocessScreen, EndOnLifeLoss, *start, ClipReward, FrameStack]
    assert layers(make_atari(name)) == [PreprocessScreen, *start, FrameStack]
    assert env.observation_space == gym.spaces.Box(0, 255, (4, 84, 84), np.uint8)
    observation, info = env.reset(seed=0)
    assert env.observation_space.contains(observation)
    assert info["raw_reward"] == 0.0


def test_breakout_stands_still_without_fire_and_loses_its_balls_with_it():
    def lives_after(env, steps):
        env.reset(seed=0)
        for _ in range(steps):
            info = env.step(NOOP)[-1]
        return info["lives"]

    assert lives_after(make_atari("Breakout", start="none", sticky=0.0), 300) == 5
    # Fired once, the second ball never comes; fired after every lost life, they all come.
    once = make_atari("Breakout", start="none", sticky=0.0)
    once = AutoFire(once, after_life_loss=False)
    assert lives_after(once, 300) == 4
    assert lives_after(make_atari("Breakout", sticky=0.0), 150) == 0


def test_auto_fire_on_a_real_game_equals_firing_by_hand():
    def bare():
        return PreprocessScreen(gym.make("ALE/Breakout-v5", frameskip=1, obs_type="grayscale"))

    env, game = AutoFire(bare()), bare()
    generator, lost = np.random.default_rng(0), 0
    observation, info = env.reset(seed=3)
    game.reset(seed=3)
    expected, waiting, _, _, expected_info = game.step(FIRE)
    assert np.array_equal(observation, expected)
    lives = expected_info["lives"]
    for _ in range(400):
        action = int(generator.integers(4))
        observation, reward, terminated, truncated, info = env.step(action)
        expected, own, *ends, expected_info = game.step(action)
        total, waiting = own + waiting, 0.0
        if expected_info["lives"] < lives and not any(ends):
            expected, extra, *ends, expected_info = game.step(FIRE)
            total, lost = total + extra, lost + 1
        lives = expected_info["lives"]
        assert np.array_equal(observation, expected)
        assert (reward, [terminated, truncated]) == (total, ends)
        assert {key: info[key] for key in expected_info} == expected_info
        if terminated:
            break
    assert lost >= 3


def test_space_invaders_ignores_the_player_for_the_steps_that_are_skipped():
    def picture_after(action, steps):
        env = make_atari("SpaceInvaders", start="none", sticky=0.0)
        env.reset(seed=0)
        return [env.step(action)[0][-1] for _ in range(steps)]

    still, held = picture_after(NOOP, 40), picture_after(2, 40)  # 2: RIGHT
    assert same_until(still, held) == 32
    assert game_start("SpaceInvaders").steps == 40


def same_until(a, b):
    return next((k for k, (x, y) in enumerate(zip(a, b, strict=True)) if not np.array_equal(x, y)), len(a))


@pytest.mark.parametrize("game", ["MsPacman", "UpNDown"])
def test_the_player_is_ignored_for_as_long_as_the_table_says(game):
    env = gym.make(f"ALE/{game}-v5", frameskip=4, obs_type="grayscale", repeat_action_probability=0.0)
    steps = game_start(game).steps

    def screens(action):
        env.reset(seed=0)
        return [env.step(action)[0] for _ in range(steps)]

    still = screens(NOOP)
    for action in range(1, env.action_space.n):
        assert same_until(still, screens(action)) == steps


def test_space_invaders_skips_40_steps_of_4_frames():
    env = make_atari("SpaceInvaders")
    _, info = env.reset(seed=0)
    assert info["episode_frame_number"] == 160
    lives, frames = info["lives"], 160
    for _ in range(600):
        info = env.step(NOOP)[-1]
        expected = frames + 4 + (160 if info["lives"] < lives and info["lives"] > 0 else 0)
        if info["lives"] < lives:
            assert info["episode_frame_number"] == expected
            return
        lives, frames = info["lives"], info["episode_frame_number"]
    pytest.fail("no life was lost")


def test_gymnasium_166_on_breakout_the_next_life_is_the_same_game():
    env = make_atari("Breakout", life_loss_ends=True, sticky=0.0)
    _, info = env.reset(seed=0)
    lives = [info["lives"]]
    frames = 0
    while True:
        _, _, terminated, _, info = env.step(NOOP)
        assert info["episode_frame_number"] > frames
        frames = info["episode_frame_number"]
        if terminated and info["game_over"]:
            break
        if terminated:
            lives.append(env.reset()[1]["lives"])
    assert lives == [5, 4, 3, 2, 1]
    assert env.reset()[1]["lives"] == 5


def test_the_stack_holds_the_newest_frames_only_and_starts_after_the_opening():
    env = make_atari("Breakout")
    observation, _ = env.reset(seed=0)
    assert all(np.array_equal(frame, observation[-1]) for frame in observation)
    following = env.step(2)[0]
    assert np.array_equal(following[:3], observation[1:])
    assert not np.array_equal(following[3], observation[3])


def test_clipping_keeps_the_score():
    env = make_atari("SpaceInvaders", clip_reward=True)
    env.reset(seed=0)
    env.action_space.seed(0)
    rewards = []
    for _ in range(600):
        _, reward, terminated, _, info = env.step(env.action_space.sample())
        rewards.append((reward, info["raw_reward"]))
        if terminated:
            break
    assert max(raw for _, raw in rewards) > 1
    assert {reward for reward, _ in rewards} <= {0.0, 1.0}
    assert all(reward == min(raw, 1.0) for reward, raw in rewards)


def test_sticky_actions_are_those_of_the_id_unless_given():
    def stickiness(*args, **arguments):
        return make_atari(*args, **arguments).spec.kwargs["repeat_action_probability"]

    assert stickiness("Breakout") == 0.25
    assert stickiness("Breakout", sticky=0.0) == 0.0
    assert stickiness("BreakoutNoFrameskip-v4") == 0.0
    # FIRE is held twice where one press can be swallowed.
    assert layer(make_atari("Breakout"), AutoFire)._saved_kwargs["presses"] == 2
    assert layer(make_atari("BreakoutNoFrameskip-v4"), AutoFire)._saved_kwargs["presses"] == 1


def test_a_step_is_four_frames_and_a_game_ends_after_the_frames_given():
    env = make_atari("Pong", max_num_frames_per_episode=200)
    _, info = env.reset(seed=0)
    assert make_atari("Pong").spec.kwargs["max_num_frames_per_episode"] == 27_000 * 4
    for step in range(1, 51):
        *_, truncated, info = env.step(0)
        assert info["episode_frame_number"] == 4 * step
    assert truncated


@pytest.mark.parametrize("name", ["Breakout", "SpaceInvaders", "Pong"])
def test_the_spec_rebuilds_the_same_game_from_json(name):
    env = make_atari(name, life_loss_ends=True, clip_reward=True, sticky=0.1, stack=3, size=42, frame_skip=3)
    twin = gym.make(EnvSpec.from_json(env.spec.to_json()))
    assert layers(twin) == layers(env)
    env.action_space.seed(1)
    a, b = env.reset(seed=7), twin.reset(seed=7)
    for _ in range(150):
        assert np.array_equal(a[0], b[0])
        assert a[1:] == b[1:]
        if len(a) == 5 and (a[2] or a[3]):
            a, b = env.reset(), twin.reset()
        else:
            action = env.action_space.sample()
            a, b = env.step(action), twin.step(action)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("fire", (AutoFire, {"presses": 2})),
        ("skip", (SkipStart, {"steps": 40})),
        (7, (SkipStart, {"steps": 7})),
        ([0, 30], (SkipStart, {"steps": [0, 30]})),
    ],
)
def test_the_start_can_be_chosen(start, expected):
    kind, arguments = expected
    found = layer(make_atari("Pong", start=start), kind)._saved_kwargs
    assert {key: found[key] for key in arguments} == arguments


def test_every_entry_of_the_table_is_a_game_and_gives_a_reason():
    for game, entry in GAMES.items():
        assert f"ALE/{game}-v5" in gym.registry
        assert entry.reason.endswith(".")
        assert (entry.start == "skip") == (entry.steps > 0)
        make_atari(game)  # FIRE and NOOP exist where the table asks for them
    assert game_start("Pinball").start == "none"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"frameskip": 4}, "`frameskip` cannot be given: .*use `frame_skip`"),
        ({"repeat_action_probability": 0.1}, "use `sticky`"),
        ({"max_episode_steps": 100}, "it would count frames; use `max_num_frames_per_episode`"),
        ({"obs_type": "rgb"}, "the chain begins with grey pictures"),
        ({"sticky": 1.5}, "`sticky` must be a probability"),
        ({"start": "wait"}, "`start` must be"),
        ({"start": -3}, "`steps` must be"),
        ({"stack": 0}, "`size` must be a whole number"),
    ],
)
def test_bad_arguments_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        make_atari("Pong", **arguments)


def test_unknown_games_get_gymnasiums_suggestion():
    with pytest.raises(gym.error.NameNotFound, match="Did you mean: `Breakout`"):
        make_atari("Breakot")
