"""Hitting times and stationary distributions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_mdps import SEEDS, ending_mdps

from rlenvs.core import FiniteMDP
from rlenvs.planning import expected_hitting_times, random_policy, stationary_distribution


def markov(rows, terminal=()) -> FiniteMDP:
    rows = np.array(rows, dtype=float)
    return FiniteMDP(rows[:, None], np.zeros((len(rows), 1)), terminal=terminal)


@settings(max_examples=40)
@given(ending_mdps(), SEEDS)
def test_hitting_times_sum_the_chances_to_be_still_going(mdp: FiniteMDP, seed: int) -> None:
    policy = random_policy(mdp)
    chain = np.einsum("sa,sat->st", policy, mdp.transition)
    going, expected = (~mdp.terminal).astype(float), np.zeros(mdp.n_states)
    for _ in range(3000):
        expected += going
        going = np.where(mdp.terminal, 0, chain @ going)
    np.testing.assert_allclose(expected_hitting_times(mdp), expected, rtol=1e-9)
    np.testing.assert_allclose(expected_hitting_times(mdp, policy), expected, rtol=1e-9)


def test_no_certain_end_is_infinite() -> None:
    mdp = markov([[0, 0.5, 0.5, 0], [0, 1, 0, 0], [0, 0, 0.5, 0.5], [0, 0, 0, 1]], terminal=[3])
    np.testing.assert_array_equal(expected_hitting_times(mdp), [np.inf, np.inf, 2, 0])
    np.testing.assert_array_equal(expected_hitting_times(markov([[1]])), [np.inf])


def test_the_policy_decides(toy: FiniteMDP) -> None:
    assert np.isinf(expected_hitting_times(toy)).all()
    table = np.zeros((2, 2, 2))
    table[0, 0, 0] = table[0, 1, 1] = 1
    mdp = FiniteMDP(table, np.zeros((2, 2)), terminal=[1])
    np.testing.assert_array_equal(expected_hitting_times(mdp), [2, 0])
    np.testing.assert_array_equal(expected_hitting_times(mdp, [1, 0]), [1, 0])
    np.testing.assert_array_equal(expected_hitting_times(mdp, [0, 0]), [np.inf, 0])


def test_two_state_stationary_distribution() -> None:
    np.testing.assert_allclose(stationary_distribution(markov([[0.9, 0.1], [0.3, 0.7]])), [0.75, 0.25], atol=1e-15)


def test_transient_states_and_periods() -> None:
    np.testing.assert_allclose(stationary_distribution(markov([[0, 1, 0], [0, 0, 1], [0, 1, 0]])), [0, 0.5, 0.5])


@settings(max_examples=40)
@given(st.integers(1, 12), SEEDS)
def test_stationary_distribution_does_not_move(n_states: int, seed: int) -> None:
    rows = np.random.default_rng(seed).exponential(size=(n_states, n_states))
    rows /= rows.sum(axis=1, keepdims=True)
    share = stationary_distribution(markov(rows))
    np.testing.assert_allclose(share @ rows, share, rtol=0, atol=1e-13)
    assert share.sum() == pytest.approx(1)


def test_the_only_end_takes_everything(chain: FiniteMDP) -> None:
    np.testing.assert_array_equal(stationary_distribution(chain), [0, 0, 0, 1])


def test_several_classes_are_named() -> None:
    mdp = markov([[0.2, 0.4, 0.4, 0, 0], [0, 0, 0, 1, 0], [0, 0, 1, 0, 0], [0, 1, 0, 0, 0], [0, 0, 0, 0, 1]], [4])
    with pytest.raises(ValueError, match=r"3 classes.*\{1, 3\}, \{2\}, \{4\}"):
        stationary_distribution(mdp)
