"""The update rules against numbers computed by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlenvs_agents.tabular.updates import (
    double_q_learning,
    expected_sarsa,
    greedy_action,
    greedy_probabilities,
    q_learning,
    returns,
    sarsa,
    td_error,
    with_bonus,
)

LEFT = [1.0, 2.0, 3.0]
ENTERED = [10.0, 40.0, 20.0]
VALUES = st.lists(st.floats(-100, 100), min_size=3, max_size=3)


@pytest.mark.parametrize(
    ("possible", "discount", "expected"),
    [
        (None, 0.5, 5 + 0.5 * 40 - 2),
        ((0, 2), 0.5, 5 + 0.5 * 20 - 2),
        (None, 0.0, 5 - 2),
    ],
)
def test_q_learning(possible, discount, expected):
    assert q_learning(LEFT, 1, 5.0, discount, ENTERED, possible) == expected


def test_sarsa():
    assert sarsa(LEFT, 2, 5.0, 0.5, ENTERED, 0) == 5 + 0.5 * 10 - 3
    assert sarsa(LEFT, 2, 5.0, 0.0, ENTERED, 0) == 5 - 3


def test_expected_sarsa():
    assert expected_sarsa(LEFT, 0, 5.0, 0.5, ENTERED, [0.5, 0.25, 0.25]) == 5 + 0.5 * (5 + 10 + 5) - 1


def test_expected_sarsa_does_not_look_at_impossible_actions():
    assert expected_sarsa(LEFT, 0, 5.0, 0.5, [10.0, -math.inf, 20.0], [0.5, 0.0, 0.5]) == 5 + 0.5 * 15 - 1


@pytest.mark.parametrize(("possible", "expected"), [(None, 5 + 0.5 * 7 - 2), ((0, 2), 5 + 0.5 * 8 - 2)])
def test_double_q_learning_chooses_by_one_and_values_by_the_other(possible, expected):
    assert double_q_learning(LEFT, 1, 5.0, 0.5, [9.0, 7.0, 8.0], ENTERED, possible) == expected


def test_greedy_action_takes_the_lowest_of_equals():
    assert greedy_action([1.0, 3.0, 3.0]) == 1
    assert greedy_action([5.0, 3.0, 3.0], (1, 2)) == 1


@pytest.mark.parametrize(
    ("possible", "rate", "expected"),
    [
        (None, 0.3, [0.1, 0.8, 0.1]),
        ((0, 2), 0.5, [0.25, 0.0, 0.75]),
        (None, 1.0, [1 / 3, 1 / 3, 1 / 3]),
        (None, 0.0, [0.0, 1.0, 0.0]),
    ],
)
def test_greedy_probabilities(possible, rate, expected):
    assert greedy_probabilities(ENTERED, possible, rate) == pytest.approx(expected, abs=1e-15)


@given(VALUES, VALUES, st.floats(0, 1), st.floats(-10, 10))
def test_expected_sarsa_lies_between_its_two_ends(q_tm1, q_t, rate, reward):
    # Greedy behaviour makes it Q-learning; any other lowers it.
    error = expected_sarsa(q_tm1, 0, reward, 0.9, q_t, greedy_probabilities(q_t, None, rate))
    assert error <= q_learning(q_tm1, 0, reward, 0.9, q_t) + 1e-9
    greedy = expected_sarsa(q_tm1, 0, reward, 0.9, q_t, greedy_probabilities(q_t, None, 0.0))
    assert greedy == pytest.approx(q_learning(q_tm1, 0, reward, 0.9, q_t))


@given(VALUES, VALUES, st.floats(-10, 10))
def test_double_q_learning_with_twice_the_same_estimate_is_q_learning(q_tm1, q_t, reward):
    assert double_q_learning(q_tm1, 2, reward, 0.9, q_t, q_t) == q_learning(q_tm1, 2, reward, 0.9, q_t)


def test_with_bonus():
    assert with_bonus([1.0, 2.0, -math.inf], [0, 3, 0], 8.0) == [9.0, 4.0, -math.inf]


def test_td_error():
    assert td_error(2.0, 5.0, 0.5, 10.0) == 8.0


def test_returns():
    # The reference example: [10, 0, -50] at 0.8.
    assert returns([10, 0, -50], 0.8) == [-22.0, -40.0, -50.0]
    assert returns([1.0, 1.0], 0.5, last=4.0) == [2.5, 3.0]
    assert returns([], 0.5) == []
