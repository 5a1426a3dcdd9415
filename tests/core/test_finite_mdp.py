"""FiniteMDP: the same problem in every form, and errors that name the place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array, csr_array

from rlenvs.core import FiniteMDP, Outcomes


def arrays(seed: int, n_states: int, n_actions: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Transition (S, A, S) with zeros, reward (S, A, S), mask (S, A)."""
    rng = np.random.default_rng(seed)
    weights = rng.random((n_states, n_actions, n_states)) * (rng.random((n_states, n_actions, n_states)) < 0.5)
    weights[..., 0] += weights.sum(axis=-1) == 0
    mask = rng.random((n_states, n_actions)) < 0.7
    mask[:, 0] = True
    return weights / weights.sum(axis=-1, keepdims=True), rng.normal(size=weights.shape), mask


problems = st.tuples(st.integers(0, 2**32 - 1), st.integers(1, 7), st.integers(1, 4))


def same(left: FiniteMDP, right: FiniteMDP) -> None:
    for name in ("transition", "reward", "terminal", "action_mask", "start", "expected_reward", "cumulative"):
        np.testing.assert_array_equal(getattr(left, name), getattr(right, name), err_msg=name)


@settings(max_examples=60)
@given(problems, st.booleans())
def test_dense_sparse_and_outcomes_are_one_mdp(problem: tuple[int, int, int], ends: bool) -> None:
    transition, reward, mask = arrays(*problem)
    n_states, n_actions = mask.shape
    rest = {"start": 0, "terminal": [n_states - 1] if ends and n_states > 1 else [], "action_mask": mask}
    dense = FiniteMDP(transition, reward, **rest)
    flat = (n_states * n_actions, n_states)
    stacked = FiniteMDP(csr_array(transition.reshape(flat)), coo_array(reward.reshape(flat)), **rest)
    by_action = FiniteMDP([csr_array(transition[:, a]) for a in range(n_actions)], reward, **rest)
    lists = FiniteMDP(transition.tolist(), reward.tolist(), **rest)
    offsets = np.arange(n_states * n_actions + 1) * n_states
    successors = np.tile(np.arange(n_states), n_states * n_actions)
    outcomes = Outcomes(offsets, successors, transition.ravel(), reward.ravel())
    listed = FiniteMDP.from_outcomes(outcomes, n_states, n_actions, **rest)
    for other in (stacked, by_action, lists, listed):
        same(dense, other)


@settings(max_examples=60)
@given(problems)
def test_what_is_read_is_what_was_given(problem: tuple[int, int, int]) -> None:
    transition, reward, mask = arrays(*problem)
    mdp = FiniteMDP(transition, reward, action_mask=mask)
    np.testing.assert_array_equal(mdp.transition[mask], transition[mask])
    possible = mask[..., None] & (transition > 0)
    np.testing.assert_allclose(mdp.reward, np.where(possible, reward, 0), rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(mdp.expected_reward, (transition * reward).sum(axis=-1) * mask, rtol=0, atol=1e-13)
    loops = np.broadcast_to(np.eye(mdp.n_states)[:, None], transition.shape)
    np.testing.assert_array_equal(mdp.transition[~mask], loops[~mask])
    assert mdp.outcomes.probability.min() > 0
    again = FiniteMDP(mdp.transition, mdp.reward, action_mask=mask)
    np.testing.assert_array_equal(again.transition, mdp.transition)
    for state, actions in mdp.P.items():
        for action, row in actions.items():
            assert sum(p for p, *_ in row) == pytest.approx(1)
            assert {s: p for p, s, _, _ in row} == {
                int(s): mdp.transition[state, action, s] for s in np.flatnonzero(mdp.transition[state, action])
            }


def test_rewards_by_state_and_action() -> None:
    mdp = FiniteMDP([[[0.5, 0.5], [0, 1]], [[1, 0], [1, 0]]], [[1, 2], [3, 4]])
    np.testing.assert_array_equal(mdp.expected_reward, [[1, 2], [3, 4]])
    np.testing.assert_array_equal(mdp.reward[0], [[1, 1], [0, 2]])


def test_one_successor_with_two_rewards() -> None:
    outcomes = Outcomes(np.array([0, 3, 3]), np.array([1, 0, 1]), np.array([0.25, 0.5, 0.25]), np.array([4.0, 1, 8]))
    mdp = FiniteMDP.from_outcomes(outcomes, 2, 1, terminal=[1])
    assert mdp.row(0, 0) == [(0.25, 1, 4.0, True), (0.5, 0, 1.0, False), (0.25, 1, 8.0, True)]
    np.testing.assert_array_equal(mdp.transition[0, 0], [0.5, 0.5])
    np.testing.assert_array_equal(mdp.reward[0, 0], [1, 6])
    assert mdp.expected_reward[0, 0] == 3.5
    np.testing.assert_array_equal(mdp.cumulative, [0.25, 0.75, 1, 1])


def test_terminal_states_absorb_whatever_is_given() -> None:
    mdp = FiniteMDP([[[0, 1]], [[0.3, 0.3]]], [[5], [np.nan]], terminal=[1], action_mask=[[1], [0]])
    assert mdp.P[1] == {0: [(1.0, 1, 0.0, True)]}
    np.testing.assert_array_equal(mdp.action_mask, [[True], [True]])


def test_nobody_can_write() -> None:
    given_transition = np.array([[[0.5, 0.5]], [[0, 1]]])
    mdp = FiniteMDP(given_transition, np.zeros((2, 1)))
    held = (mdp.terminal, mdp.action_mask, mdp.start, mdp.start_states, mdp.cumulative, *mdp.outcomes)
    for array in held:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    given_transition[0] = 0  # the caller's own
    assert mdp.transition[0, 0].tolist() == [0.5, 0.5]


def test_the_callers_sparse_matrix_stays_as_it_was() -> None:
    data, indices, offsets = np.array([0.5, 0.25, 0.25, 1.0]), np.array([1, 0, 1, 1]), np.array([0, 3, 4])
    matrix = csr_array((data.copy(), indices.copy(), offsets.copy()), shape=(2, 2))
    mdp = FiniteMDP(matrix, np.zeros((2, 1)))
    np.testing.assert_array_equal(mdp.transition[0, 0], [0.25, 0.75])
    for held, before in ((matrix.data, data), (matrix.indices, indices), (matrix.indptr, offsets)):
        np.testing.assert_array_equal(held, before)
        held[0] = held[0]


def test_start_as_state_and_as_distribution() -> None:
    table = np.ones((3, 1, 3)) / 3
    assert FiniteMDP(table, np.zeros((3, 1)), start=2).start.tolist() == [0, 0, 1]
    mdp = FiniteMDP(table, np.zeros((3, 1)), start=[0.25, 0, 0.75])
    assert (mdp.start_states.tolist(), mdp.start_cumulative.tolist()) == ([0, 2], [0.25, 1.0])


GOOD = {"transition": [[[0.5, 0.5], [1, 0]], [[0, 1], [0, 1]]], "reward": [[0, 0], [0, 0]]}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"transition": [[[0.5, 0.6], [1, 0]], [[0, 1], [0, 1]]]}, r"`transition` of state 0, action 0 sums to 1.1"),
        ({"transition": [[[0.5, 0.5], [1, 0]], [[0, 1], [0, 0]]]}, r"state 1, action 1 sums to 0.*`action_mask`"),
        ({"transition": [[[0.5, 0.5], [2, -1]], [[0, 1], [0, 1]]]}, r"state 0, action 1 to state 0 is 2.0"),
        ({"transition": [[[0.5, 0.5], [1, np.nan]], [[0, 1], [0, 1]]]}, r"state 0, action 1 to state 1 is nan"),
        ({"transition": [[0.5, 0.5], [1, 0]]}, r"`transition` must have shape \(S, A, S\).*got \(2, 2\)"),
        ({"transition": [[[0.5, 0.5]], [[1]]]}, r"`transition` must be an array.*without ragged rows"),
        ({"transition": "left"}, r"`transition` must be an array"),
        ({"reward": [[0, np.inf], [0, 0]]}, r"`reward` of state 0, action 1 to state 0 is inf"),
        ({"reward": [0, 0]}, r"`reward` must have shape \(2, 2, 2\) or \(2, 2\), got \(2,\)"),
        ({"reward": csr_array(np.zeros((2, 2)))}, r"`reward` is for \(2, 1\) states and actions"),
        ({"start": 2}, r"`start` must be a state 0 … 1 or a distribution, got 2"),
        ({"start": 0.5}, r"`start` must be a state"),
        ({"start": [0.5, 0.6]}, r"`start` must be probabilities that sum to 1"),
        ({"start": [1.0]}, r"`start` must have shape \(2,\), got \(1,\)"),
        ({"start": ["a", "b"]}, r"`start` must be a state or a distribution of shape \(2,\)"),
        ({"start": 1, "terminal": [1]}, r"`start` gives state 1 probability 1, but it is terminal"),
        ({"terminal": [2]}, r"`terminal` names state 2; the states are 0 … 1"),
        ({"terminal": [-1]}, r"`terminal` names state -1"),
        ({"terminal": [0.5]}, r"`terminal` must list state indices"),
        ({"action_mask": [[1, 1]]}, r"`action_mask` must hold 0 and 1 and have shape \(2, 2\)"),
        ({"action_mask": [[1, 2], [1, 1]]}, r"`action_mask` must hold 0 and 1"),
        ({"action_mask": [[1, 1], [0, 0]]}, r"`action_mask` leaves state 1 without a possible action.*`terminal`"),
    ],
)
def test_bad_input_is_refused_by_name(changed, message: str) -> None:
    arguments = GOOD | changed
    transition, reward = arguments.pop("transition"), arguments.pop("reward")
    with pytest.raises(ValueError, match=message):
        FiniteMDP(transition, reward, **arguments)


@pytest.mark.parametrize(
    ("outcomes", "message"),
    [
        (([0, 1], [0], [1.0], [0.0]), r"`outcomes.offsets` must be 3 whole numbers.*got shape \(2,\)"),
        (([0, 2, 1], [0, 1], [1.0, 1.0], [0.0, 0.0]), r"never fall"),
        (([0, 1, 2], [0.0, 1.0], [1.0, 1.0], [0.0, 0.0]), r"`outcomes.next_state` whole numbers"),
        (([0, 1, 2], [0, 1], [1.0], [0.0, 0.0]), r"all have shape \(2,\), got \[\(1,\), \(2,\)\]"),
        (([0, 1, 2], [0, 2], [1.0, 1.0], [0.0, 0.0]), r"state 1, action 0 leads to state 2"),
    ],
)
def test_bad_outcomes_are_refused(outcomes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        FiniteMDP.from_outcomes(Outcomes(*map(np.array, outcomes)), 2, 1)


def test_sums_may_be_off_by_rounding_only() -> None:
    table = np.array([[[1 / 3, 1 / 3, 1 / 3 + 5e-9]]] * 3)
    assert FiniteMDP(table, np.zeros((3, 1))).n_states == 3
    with pytest.raises(ValueError, match=r"sums to 1.00000002"):
        FiniteMDP(table + 5e-9, np.zeros((3, 1)))
