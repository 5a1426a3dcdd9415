"""A stack as one picture."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest
from gymnasium import spaces

from rlenvs.wrappers import FrameStack, ShowStack, stack_picture


def test_older_frames_are_grey_and_what_is_new_is_pink():
    stack = np.zeros((4, 2, 2), np.uint8)
    stack[:, 0, 0] = 90  # stands still
    stack[0, 0, 1] = 90  # was there long ago
    stack[3, 1, 0] = 200  # has just come
    picture = stack_picture(stack)
    assert picture.dtype == np.uint8
    assert picture[0, 0].tolist() == [90, 90, 90]
    assert picture[0, 1].tolist() == [30, 30, 30]
    assert picture[1, 0].tolist() == [200, 0, 200]
    assert picture[1, 1].tolist() == [0, 0, 0]


def test_last_axis_floats_and_scale():
    stack = np.random.default_rng(0).integers(0, 255, (4, 5, 6)).astype(np.uint8)
    picture = stack_picture(stack)
    assert np.array_equal(stack_picture(np.moveaxis(stack, 0, -1), axis=-1), picture)
    assert np.abs(stack_picture(stack / 255).astype(int) - picture).max() <= 1
    assert np.array_equal(stack_picture(stack, scale=3)[1::3, 2::3], picture)
    assert stack_picture(stack, scale=3).shape == (15, 18, 3)
    assert np.abs(stack_picture(stack, gain=0.5).astype(int) * 2 - picture).max() <= 1


def test_the_array_is_not_changed():
    stack = np.full((4, 3, 3), 7, np.uint8)
    stack_picture(stack)[...] = 0
    assert (stack == 7).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"stack": np.zeros((4, 4))}, "must have 3 axes"),
        ({"stack": np.zeros((1, 4, 4))}, "at least 2 frames"),
        ({"stack": np.zeros((4, 4, 4)), "scale": 0}, "`scale` must be"),
    ],
)
def test_bad_arguments_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        stack_picture(**arguments)


class Noise(gym.Env):
    observation_space = spaces.Box(0, 255, (9, 8), np.uint8)
    action_space = spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return self.step(0)[0], {}

    def step(self, action):
        return self.np_random.integers(0, 255, (9, 8)).astype(np.uint8), 0.0, False, False, {}


def test_show_stack_renders_what_the_agent_sees():
    env = ShowStack(FrameStack(Noise(), 4), scale=2, gain=1.0)
    assert env.render_mode == "rgb_array"
    assert env.metadata["render_modes"] == ["rgb_array"]
    with pytest.raises(gym.error.ResetNeeded, match="before render"):
        env.render()
    observation, _ = env.reset(seed=0)
    assert np.array_equal(env.render(), stack_picture(observation, scale=2))
    observation = env.step(0)[0]
    kept = stack_picture(observation, scale=2)
    observation[...] = 0
    assert np.array_equal(env.render(), kept)


def test_show_stack_refuses_what_it_cannot_draw():
    with pytest.raises(TypeError, match="stacks of grey pictures"):
        ShowStack(gym.make("CartPole-v1"))
