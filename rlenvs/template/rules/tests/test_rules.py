"""The rules, with chance chosen: no luck is needed to test them."""

import pytest

from pearl_dive.actions import DOWN, GRAB, UP
from pearl_dive.rules import BAG, DEEPEST, FIND, SWEPT_AWAY, jump, move

DANGER = 0.02
LEAST = 1e-9  # to be just below or above a border


def moved(depth, pearls, action, u):
    """Depth, pearls, reward and end after one action."""
    dive = [depth, pearls]
    reward, is_over = move(dive, action, DANGER, u)
    return (*dive, reward, is_over)


@pytest.mark.parametrize(("u", "depth"), [(0.0, 1), (0.75 - LEAST, 1), (0.75, 2), (1 - LEAST, 2)])
def test_the_jump(u, depth):
    dive = [9, 9]
    jump(dive, u)
    assert dive == [depth, 0]


@pytest.mark.parametrize("action", [DOWN, UP, GRAB])
@pytest.mark.parametrize("depth", range(1, DEEPEST + 1))
def test_the_current_grows_with_the_depth(depth, action):
    assert moved(depth, 2, action, DANGER * depth - LEAST) == (SWEPT_AWAY, 0, -2.0, True)
    assert moved(depth, 2, action, DANGER * depth + LEAST)[2] >= 0.0


@pytest.mark.parametrize("depth", range(1, DEEPEST + 1))
def test_a_grab(depth):
    assert moved(depth, 1, GRAB, 1 - FIND[depth] + LEAST) == (depth, 2, 0.0, False)
    assert moved(depth, 1, GRAB, 1 - FIND[depth] - LEAST) == (depth, 1, 0.0, False)


def test_a_full_bag_finds_nothing():
    assert moved(3, BAG, GRAB, 1 - LEAST) == (3, BAG, 0.0, False)


def test_the_bottom_holds():
    assert moved(DEEPEST, 0, DOWN, 0.5) == (DEEPEST, 0, 0.0, False)


@pytest.mark.parametrize(("pearls", "reward"), [(0, 0.0), (1, 1.0), (2, 3.0), (3, 6.0)])
def test_coming_up_pays_for_the_pearls(pearls, reward):
    assert moved(1, pearls, UP, 0.5) == (0, pearls, reward, True)
    assert moved(2, pearls, UP, 0.5) == (1, pearls, 0.0, False)
