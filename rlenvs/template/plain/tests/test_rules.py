"""The rules, with chance chosen: no luck is needed to test them."""

import gymnasium as gym
import numpy as np
import pytest

from pearl_dive.actions import DOWN, GRAB, UP
from pearl_dive.environment import BAG, DEEPEST, FIND, SWEPT_AWAY

ENV = "pearl_dive:pearl_dive/PearlDive-v0"
DANGER = 0.02
LEAST = 1e-9  # to be just below or above a border


class Chance:
    """Stands for a generator: every number that it draws is ``u``."""

    def __init__(self, u):
        self.u = u

    def random(self):
        return self.u


def after(*actions):
    """Depth, pearls, reward and end after pairs of an action and its chance, from depth 1."""
    env = gym.make(ENV, danger=DANGER, disable_env_checker=True).unwrapped
    env.np_random = Chance(0.0)
    (depth, pearls), _ = env.reset()
    reward, is_over = 0.0, False
    for action, u in actions:
        env.np_random = Chance(u)
        (depth, pearls), reward, is_over, _, _ = env.step(action)
    return depth, pearls, reward, is_over


def sunk_to(depth):
    return [(DOWN, 0.5)] * (depth - 1)


@pytest.mark.parametrize(("u", "depth"), [(0.0, 1), (0.75 - LEAST, 1), (0.75, 2), (1 - LEAST, 2)])
def test_the_jump(u, depth):
    env = gym.make(ENV, disable_env_checker=True).unwrapped
    env.np_random = Chance(u)
    assert env.reset()[0].tolist() == [depth, 0]


@pytest.mark.parametrize("action", [DOWN, UP, GRAB])
@pytest.mark.parametrize("depth", range(1, DEEPEST + 1))
def test_the_current_grows_with_the_depth(depth, action):
    assert after(*sunk_to(depth), (action, DANGER * depth - LEAST)) == (SWEPT_AWAY, 0, -2.0, True)
    assert after(*sunk_to(depth), (action, DANGER * depth + LEAST))[2] == 0.0


@pytest.mark.parametrize("depth", range(1, DEEPEST + 1))
def test_a_grab(depth):
    assert after(*sunk_to(depth), (GRAB, 1 - FIND[depth] + LEAST)) == (depth, 1, 0.0, False)
    assert after(*sunk_to(depth), (GRAB, 1 - FIND[depth] - LEAST)) == (depth, 0, 0.0, False)


def test_a_full_bag_finds_nothing():
    assert after(*[(GRAB, 1 - LEAST)] * (BAG + 1)) == (1, BAG, 0.0, False)


def test_the_bottom_holds():
    assert after(*sunk_to(DEEPEST + 1)) == (DEEPEST, 0, 0.0, False)


@pytest.mark.parametrize(("pearls", "reward"), [(0, 0.0), (1, 1.0), (2, 3.0), (3, 6.0)])
def test_coming_up_pays_for_the_pearls(pearls, reward):
    assert after(*[(GRAB, 1 - LEAST)] * pearls, (UP, 0.5)) == (0, pearls, reward, True)


def test_many_at_once():
    env = gym.make_vec(ENV, num_envs=4)
    observations, _ = env.reset(seed=0)
    assert observations.shape == (4, 2)
    assert env.step(np.full(4, DOWN))[1].shape == (4,)
