"""The rules, by numbers worked out by hand, and the exact solution."""

import gymnasium as gym
import pytest
from rlenvs.planning import solve

from pearl_dive import BEST_RETURN
from pearl_dive.actions import DOWN, GRAB, UP
from pearl_dive.model import BAG, DEEPEST, LOST, dive_of, outcomes, state_of

ENV = "pearl_dive:pearl_dive/PearlDive-v0"


def test_states_have_numbers_of_their_own():
    dives = [(depth, pearls) for depth in range(DEEPEST + 1) for pearls in range(BAG + 1)]
    states = [state_of(*dive) for dive in dives]
    assert sorted([LOST, *states]) == list(range(len(dives) + 1))
    assert [dive_of(state) for state in states] == dives


@pytest.mark.parametrize("action", [DOWN, UP, GRAB])
@pytest.mark.parametrize("pearls", range(BAG + 1))
@pytest.mark.parametrize("depth", range(1, DEEPEST + 1))
def test_chances_sum_to_one(depth, pearls, action):
    chances = [chance for chance, _, _ in outcomes(depth, pearls, action, 0.05)]
    assert min(chances) >= 0
    assert sum(chances) == pytest.approx(1)


def test_a_grab_at_depth_3():
    chances = {state: chance for chance, state, _ in outcomes(3, 1, GRAB, 0.02)}
    assert chances == pytest.approx({LOST: 0.06, state_of(3, 1): 0.49, state_of(3, 2): 0.45})


def test_a_full_bag_finds_nothing():
    assert {state for _, state, _ in outcomes(3, BAG, GRAB, 0.02)} == {LOST, state_of(3, BAG)}


def test_the_bottom_holds():
    assert {state for _, state, _ in outcomes(DEEPEST, 0, DOWN, 0.02)} == {LOST, state_of(DEEPEST, 0)}


def test_coming_up_pays_for_the_pearls():
    assert outcomes(1, 2, UP, 0.02) == [(0.02, LOST, -2.0), (0.98, state_of(0, 2), 3.0)]
    assert outcomes(2, 2, UP, 0.02)[1] == (0.96, state_of(1, 2), 0.0)


def test_without_danger_every_bag_gets_full():
    assert solve(gym.make(ENV, danger=0.0), discount=1.0).start_value == pytest.approx(6.0)


def test_the_threshold_is_the_optimum():
    assert solve(ENV, discount=1.0, horizon=50).start_value == pytest.approx(BEST_RETURN, abs=1e-9)
