"""The environment as Gymnasium makes it: id, pictures, keys."""

import subprocess
import sys

import gymnasium as gym
import numpy as np
import pytest

ENV = "pearl_dive:pearl_dive/PearlDive-v0"


def test_importing_the_package_registers_the_environment():
    code = "import gymnasium, pearl_dive; print(*gymnasium.registry)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "pearl_dive/PearlDive-v0" in done.stdout.split(), done.stderr


def test_pictures_change_with_the_state():
    env = gym.make(ENV, render_mode="rgb_array")
    env.reset(seed=0)
    before = env.render()
    env.step(0)
    after = env.render()
    assert before.dtype == np.uint8
    assert before.shape == after.shape
    assert (before != after).any()


def test_text_shows_the_diver_and_the_bag():
    env = gym.make(ENV, render_mode="ansi")
    env.reset(seed=0)
    text = env.render()
    assert text.count("D") == 1
    assert text.endswith("bag 0 of 3")


def test_every_action_has_a_key():
    env = gym.make(ENV)
    keys = env.unwrapped.get_keys_to_action()
    assert sorted(keys.values()) == list(range(env.action_space.n))


@pytest.mark.parametrize("danger", [-0.1, 0.3, float("nan"), "much"])
def test_arguments_are_checked(danger):
    with pytest.raises(ValueError, match="`danger`"):
        gym.make(ENV, danger=danger)
