"""PreprocessScreen: AtariPreprocessing's values where those are right."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest
from gymnasium import spaces
from gymnasium.wrappers import AtariPreprocessing
from scripted_games import ScriptedGame

from rlenvs.wrappers import ClipReward, PreprocessScreen, make_atari

cv2 = pytest.importorskip("cv2")


class Screen(gym.Env):
    """Frame number t is filled with 10 * t, and one bright pixel wanders; the game ends after ``length`` frames."""

    def __init__(self, length=1000, shape=(210, 160)):
        self.observation_space = spaces.Box(0, 255, shape, np.uint8)
        self.action_space = spaces.Discrete(2)
        self.length = length

    def frame(self, time):
        picture = np.full(self.observation_space.shape, 10 * time % 200, np.uint8)
        picture[time % 210, time % 160] = 255
        return picture

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.time = 0
        return self.frame(0), {"lives": 3}

    def step(self, action):
        self.time += 1
        return self.frame(self.time), 1.5, self.time == self.length, False, {"lives": 3, f"frame{self.time}": True}


def shrunk(picture):
    return cv2.resize(picture, (84, 84), interpolation=cv2.INTER_AREA)


def test_equals_the_reference():
    env, game = PreprocessScreen(Screen(length=11)), Screen(length=11)
    observation, info = env.reset()
    assert np.array_equal(observation, shrunk(game.frame(0)))
    for last, frames in ((4, 4), (8, 4), (11, 3)):
        observation, reward, terminated, _, info = env.step(0)
        assert np.array_equal(observation, shrunk(np.maximum(game.frame(last - 1), game.frame(last))))
        assert (reward, terminated) == (1.5 * frames, last == 11)
        assert info == {"lives": 3} | {f"frame{t}": True for t in range(last - frames + 1, last + 1)}


def test_atari_preprocessing_shows_old_frames_at_the_end__ours_the_last_ones():
    # One frame left: nothing to pool it with but itself.
    env = PreprocessScreen(Screen(length=5))
    env.reset()
    env.step(0)
    assert np.array_equal(env.step(0)[0], shrunk(Screen().frame(5)))


@pytest.mark.parametrize("skip", [1, 2, 4])
def test_equals_atari_preprocessing_on_real_games(skip):
    gym.register_envs(pytest.importorskip("ale_py"))

    def bare():
        return gym.make("ALE/Breakout-v5", frameskip=1, obs_type="grayscale")

    ours = PreprocessScreen(bare(), skip=skip)
    theirs = AtariPreprocessing(bare(), noop_max=0, frame_skip=skip)
    assert ours.observation_space == theirs.observation_space
    assert np.array_equal(ours.reset(seed=5)[0], theirs.reset(seed=5)[0])
    generator = np.random.default_rng(0)
    for _ in range(300):
        action = int(generator.integers(4))
        a, b = ours.step(action), theirs.step(action)
        assert a[1:4] == b[1:4]
        if a[2]:
            break
        assert np.array_equal(a[0], b[0])
        assert a[4] == b[4]


def test_what_wrappers_below_say_about_rewards_adds_up():
    class Half(ClipReward):
        def changed(self, reward, observation, **ends):
            return reward / 2

    env = PreprocessScreen(Half(Screen(length=7)))
    env.reset()
    assert [env.step(0)[1::3] for _ in range(2)] == [(3.0, {**info(4)}), (2.25, {**info(3, 5)})]


def info(frames, first=1):
    return {"raw_reward": 1.5 * frames, "lives": 3} | {f"frame{t}": True for t in range(first, first + frames)}


def test_colour_becomes_grey():
    env = PreprocessScreen(Screen(shape=(20, 30, 3)), size=[6, 4])
    assert env.observation_space.shape == (4, 6)
    observation, _ = env.reset()
    assert observation.dtype == np.uint8
    assert env.observation_space.contains(observation)


def test_without_shrinking_the_games_own_array_is_not_handed_out():
    env = PreprocessScreen(Screen(shape=(84, 84)), skip=1)
    picture = np.zeros((84, 84), np.uint8)
    env.env.frame = lambda _: picture
    assert not np.shares_memory(env.reset()[0], picture)
    assert not np.shares_memory(env.step(0)[0], picture)


def test_frames_are_not_skipped_twice():
    gym.register_envs(pytest.importorskip("ale_py"))
    with pytest.raises(ValueError, match="`frameskip=1`, got 4"):
        PreprocessScreen(gym.make("ALE/Pong-v5"))


def test_other_observations_are_refused():
    with pytest.raises(TypeError, match="needs pictures"):
        PreprocessScreen(ScriptedGame([]))


@pytest.mark.parametrize("arguments", [{"skip": 0}, {"skip": 1.5}, {"size": 0}, {"size": [84]}, {"size": "84"}])
def test_bad_arguments_are_refused(arguments):
    with pytest.raises(ValueError, match=f"`{next(iter(arguments))}` must be"):
        PreprocessScreen(Screen(), **arguments)


def test_the_pace_is_that_of_steps() -> None:
    """A game has 60 frames a second; ale-py says 30, whatever is skipped."""
    pytest.importorskip("ale_py")
    assert make_atari("Pong").metadata["render_fps"] == 15
    assert make_atari("Pong", frame_skip=2).metadata["render_fps"] == 30
    slow = Screen()
    assert "render_fps" not in PreprocessScreen(slow, skip=2).metadata
    slow.metadata = {"render_modes": [], "render_fps": 3}
    assert PreprocessScreen(slow, skip=2).metadata == {"render_modes": [], "render_fps": 2}
    assert slow.metadata["render_fps"] == 3
