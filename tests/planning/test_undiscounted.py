"""Discount 1 without a horizon: waiting, being lost, earning for ever."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rlenvs.core import FiniteMDP, Outcomes
from rlenvs.planning import distance_from_optimum, evaluate_policy, policy_iteration, solve, value_iteration

SOLVERS = [solve, value_iteration, policy_iteration]
Moves = dict[tuple[int, int], tuple[int, float]]


def deterministic(n_states: int, n_actions: int, moves: Moves, terminal: list[int] | None = None) -> FiniteMDP:
    """``moves[state, action] = (next state, reward)``; what is missing is impossible."""
    terminal = [n_states - 1] if terminal is None else terminal
    table, reward = np.zeros((n_states, n_actions, n_states)), np.zeros((n_states, n_actions))
    mask = np.zeros((n_states, n_actions))
    for (state, action), (successor, paid) in moves.items():
        table[state, action, successor], reward[state, action], mask[state, action] = 1, paid, 1
    return FiniteMDP(table, reward, terminal=terminal, action_mask=mask)


@pytest.mark.parametrize("solver", SOLVERS)
def test_waiting_for_nothing_beats_paying_at_the_end(solver) -> None:
    # A loop of two states without reward, whose only exit costs 5.
    mdp = deterministic(3, 2, {(0, 0): (1, 0), (1, 0): (0, 0), (1, 1): (2, -5)})
    best = solver(mdp, 1)
    np.testing.assert_array_equal(best.values, [0, 0, 0])
    np.testing.assert_array_equal(evaluate_policy(mdp, best.policy, 1), [0, 0, 0])


@pytest.mark.parametrize("solver", SOLVERS)
def test_wandering_leads_to_the_best_exit(solver) -> None:
    # A ring of four states, free to walk; the exit of state 2 pays 7, that of state 0 pays 3.
    ring = {(s, a): ((s + (1, -1)[a]) % 4, 0.0) for s in range(4) for a in range(2)}
    mdp = deterministic(5, 3, ring | {(2, 2): (4, 7), (0, 2): (4, 3)})
    best = solver(mdp, 1)
    np.testing.assert_allclose(best.values, [7, 7, 7, 7, 0], rtol=0, atol=1e-12)
    np.testing.assert_allclose(evaluate_policy(mdp, best.policy, 1), best.values, rtol=0, atol=1e-12)
    assert best.error_bound < 1e-10


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_reward_that_must_be_given_back_is_not_worth_having(solver) -> None:
    # From 0 one may wait, or earn 1 and then pay 1. With k steps left the best is always 1 (grab it last): the
    # optimum of ever longer horizons is 1, that of no horizon is 0.
    mdp = deterministic(3, 2, {(0, 0): (0, 0), (0, 1): (1, 1), (1, 0): (2, -1)})
    assert solve(mdp, 1, horizon=50).start_value == 1
    if solver is not value_iteration:
        np.testing.assert_array_equal(solver(mdp, 1).values, [0, -1, 0])
    else:
        np.testing.assert_allclose(solver(mdp, 1).values, [0, -1, 0], atol=1e-9)


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_state_without_an_end_that_costs_is_worth_minus_infinity(solver) -> None:
    mdp = deterministic(4, 2, {(0, 0): (3, -1), (0, 1): (1, 5), (1, 0): (2, -1), (2, 0): (1, 0)})
    best = solver(mdp, 1)
    np.testing.assert_array_equal(best.values, [-1, -np.inf, -np.inf, 0])
    np.testing.assert_array_equal(best.q_values[0], [-1, -np.inf])
    assert best.start_value == -1
    assert best.policy[0] == 0
    np.testing.assert_array_equal(evaluate_policy(mdp, best.policy, 1), best.values)
    assert distance_from_optimum(mdp, [1, 0, 0, 0], 1) == np.inf


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_loop_that_gives_and_takes_more_is_worth_minus_infinity(solver) -> None:
    # States 1 and 2 pay 1 and cost 2, or cost 3, in turn, and there is no way out; state 0 may leave or fall in.
    moves: Moves = {(0, 0): (3, -7), (0, 1): (1, 5), (1, 0): (2, 1), (2, 0): (1, -2), (2, 1): (1, -3)}
    mdp = deterministic(4, 2, moves)
    best = solver(mdp, 1)
    np.testing.assert_array_equal(best.values, [-7, -np.inf, -np.inf, 0])
    assert best.policy[0] == 0
    np.testing.assert_array_equal(evaluate_policy(mdp, best.policy, 1), best.values)


@pytest.mark.parametrize("cost", [-1.0, -0.5])
def test_a_loop_that_gives_as_much_or_more_is_refused(cost) -> None:
    with pytest.raises(ValueError, match="has no upper bound"):
        solve(deterministic(3, 2, {(0, 0): (1, 1), (1, 0): (0, -2), (1, 1): (0, cost)}), 1)


@given(rewards=st.lists(st.integers(-3, 3), min_size=8, max_size=8), seed=st.integers(0, 1000))
@settings(max_examples=60)
def test_endless_loops_are_lost_exactly_if_every_policy_loses(rewards, seed) -> None:
    # Four states, two actions each, no end. All 16 policies are compared by what they earn per step in the long run.
    generator = np.random.default_rng(seed)
    reward = np.array(rewards, dtype=float).reshape(4, 2)
    table = generator.dirichlet(np.ones(4), (4, 2))
    gains = []
    for choice in itertools.product(range(2), repeat=4):
        step = table[np.arange(4), choice]
        often = np.linalg.lstsq(np.vstack([step.T - np.eye(4), np.ones(4)]), np.eye(5)[4], rcond=None)[0]
        gains.append(often @ reward[np.arange(4), choice])
    mdp = FiniteMDP(table, reward)
    if max(gains) < -1e-6:
        np.testing.assert_array_equal(solve(mdp, 1).values, np.full(4, -np.inf))
    elif max(gains) > 1e-6:
        with pytest.raises(ValueError, match="has no upper bound"):
            solve(mdp, 1)


@pytest.mark.parametrize("solver", [solve, policy_iteration])
@pytest.mark.parametrize("terminal", [[], [2]])
def test_earning_for_ever_is_refused_by_name(solver, terminal) -> None:
    moves: Moves = {(0, 0): (1, 2), (1, 0): (0, -1), (0, 1): (2, 0), (2, 0): (2, -1)}
    with pytest.raises(ValueError, match=r"return from state [01] has no upper bound.*`horizon`"):
        solver(deterministic(3, 2, moves, terminal), 1)


@pytest.mark.parametrize("solver", [solve, policy_iteration])
def test_the_name_is_that_of_the_given_state(solver) -> None:
    # States 0, 1 and 2 are one place to wait; only state 3 earns.
    wait: Moves = {(0, 0): (1, 0), (1, 0): (2, 0), (2, 0): (0, 0), (2, 1): (3, 0)}
    with pytest.raises(ValueError, match="return from state 3 has no upper bound"):
        solver(deterministic(5, 2, wait | {(3, 0): (3, 1), (3, 1): (4, 0)}), 1)


def test_chance_may_be_what_keeps_one_waiting() -> None:
    # Row (0, 0) goes round without reward but slips out with probability 0.1 to a cost of 100: not a place to wait.
    outcomes = Outcomes(
        np.array([0, 2, 3, 4, 5, 6, 7]),
        np.array([0, 1, 0, 2, 2, 2, 2]),
        np.array([0.9, 0.1, 1, 1, 1, 1, 1]),
        np.array([0.0, 0, -1, -100, -100, 0, 0]),
    )
    mask = [[1, 0], [1, 1], [1, 1]]
    mdp = FiniteMDP.from_outcomes(outcomes, 3, 2, terminal=[2], action_mask=mask)
    np.testing.assert_allclose(solve(mdp, 1).values, [-100, -100, 0], rtol=0, atol=1e-9)


def test_a_row_that_reaches_one_merged_state_twice() -> None:
    # States 0 and 1 are one place to wait; state 2 pays to go to either of them.
    table = np.zeros((4, 2, 4))
    table[0, 0, 1] = table[1, 0, 0] = table[1, 1, 3] = 1
    table[2, 0, [0, 1]] = 0.5
    mdp = FiniteMDP(
        table, [[0, 0], [0, -1], [-2, 0], [0, 0]], terminal=[3], action_mask=[[1, 0], [1, 1], [1, 0], [1, 1]]
    )
    np.testing.assert_array_equal(solve(mdp, 1).values, [0, 0, -2, 0])


class TestEvaluation:
    """Total reward of a policy that need not end."""

    def test_recurrent_rewards_are_infinite_with_their_sign(self) -> None:
        mdp = deterministic(4, 2, {(0, 0): (0, -1), (0, 1): (3, 9), (1, 0): (2, 3), (2, 0): (1, -2)})
        np.testing.assert_array_equal(evaluate_policy(mdp, [0, 0, 0, 0], 1), [-np.inf, np.inf, np.inf, 0])
        np.testing.assert_array_equal(evaluate_policy(mdp, [1, 0, 0, 0], 1), [9, np.inf, np.inf, 0])

    def test_what_never_settles_is_refused_by_name(self) -> None:
        mdp = deterministic(3, 1, {(0, 0): (1, 1), (1, 0): (0, -1)})
        with pytest.raises(ValueError, match=r"value of state 0 does not exist.*no terminal state is reached"):
            evaluate_policy(mdp, [0, 0, 0], 1)

    def test_both_infinities_are_refused_by_name(self) -> None:
        table = np.array([[[0, 0.5, 0.5]], [[0, 1, 0]], [[0, 0, 1]]])
        mdp = FiniteMDP(table, [[0], [1], [-1]])
        with pytest.raises(ValueError, match=r"value of state 0 does not exist.*pay for ever and to earn for ever"):
            evaluate_policy(mdp, [0, 0, 0], 1)

    def test_when_both_are_infinite_there_is_no_distance(self) -> None:
        mdp = deterministic(2, 1, {(0, 0): (0, -1)})
        with pytest.raises(ValueError, match="every policy pays for ever"):
            distance_from_optimum(mdp, [0, 0], 1)


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_optimum_is_the_best_of_all_deterministic_policies(seed: int, costs: bool) -> None:
    """By enumeration, on small graphs full of free cycles and dead ends."""
    rng = np.random.default_rng(seed)
    n_states, n_actions = 5, 2
    table = np.zeros((n_states, n_actions, n_states))
    for state, action in itertools.product(range(n_states), range(n_actions)):
        targets = rng.choice(n_states, size=rng.integers(1, 3), replace=False)
        table[state, action, targets] = 1 / targets.size
    sign = -1 if costs else 1
    ending = table[..., -1] > 0
    # Costs anywhere; gains only on the way out, so that nobody earns for ever.
    paid = sign * rng.integers(0, 3, size=(n_states, n_actions)) * (rng.random((n_states, n_actions)) < 0.5)
    reward = paid if costs else paid * (ending & (table[..., :-1].sum(axis=-1) == 0))
    mdp = FiniteMDP(table, reward, terminal=[n_states - 1])
    policies = itertools.product(range(n_actions), repeat=n_states - 1)
    values = np.array([evaluate_policy(mdp, [*policy, 0], 1) for policy in policies])
    best = solve(mdp, 1)
    np.testing.assert_allclose(best.values, values.max(axis=0), rtol=0, atol=1e-10)
    np.testing.assert_allclose(evaluate_policy(mdp, best.policy, 1), best.values, rtol=0, atol=1e-10)
