"""Different methods must give the same answer on any MDP, and the bounds must hold."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_mdps import SEEDS, ending_mdps, mdps, random_mdp
from scipy.optimize import linprog

from rlenvs.core import FiniteMDP
from rlenvs.planning import (
    distance_from_optimum,
    evaluate_policy,
    greedy_policy,
    optimal_actions,
    policy_iteration,
    q_value_iteration,
    random_policy,
    solve,
    value_iteration,
)
from rlenvs.planning.decisions import decisions_of
from rlenvs.planning.solver import by_size, solve_decisions
from rlenvs.planning.sweeping import sweep_chain, sweep_until_best

few = settings(max_examples=40)
DISCOUNTS = st.sampled_from([0.0, 0.3, 0.9, 0.99])


def by_linear_program(mdp: FiniteMDP, discount: float) -> np.ndarray:
    """The smallest function that no action improves (Puterman, 1994, section 6.9)."""
    transition, reward = mdp.transition, mdp.expected_reward
    rows = [(s, a) for s, a in itertools.product(range(mdp.n_states), range(mdp.n_actions)) if mdp.action_mask[s, a]]
    rows = [(s, a) for s, a in rows if not mdp.terminal[s]]
    upper = np.array([discount * transition[s, a] - np.eye(mdp.n_states)[s] for s, a in rows])
    ends = np.eye(mdp.n_states)[mdp.terminal]
    return linprog(
        np.ones(mdp.n_states),
        A_ub=upper,
        b_ub=[-reward[s, a] for s, a in rows],
        A_eq=ends if len(ends) else None,
        b_eq=np.zeros(len(ends)) if len(ends) else None,
        bounds=(None, None),
    ).x


def some_policy(mdp: FiniteMDP, seed: int) -> np.ndarray:
    weights = np.random.default_rng(seed).exponential(size=mdp.action_mask.shape) * mdp.action_mask
    return weights / weights.sum(axis=1, keepdims=True)


@few
@given(mdps(), DISCOUNTS)
def test_all_methods_agree(mdp: FiniteMDP, discount: float) -> None:
    best = policy_iteration(mdp, discount)
    scale = max(1.0, np.abs(best.values).max())
    np.testing.assert_allclose(by_linear_program(mdp, discount), best.values, rtol=0, atol=1e-8 * scale)
    np.testing.assert_allclose(value_iteration(mdp, discount).values, best.values, rtol=0, atol=2e-10 * scale)
    np.testing.assert_allclose(solve(mdp, discount).values, best.values, rtol=0, atol=1e-10 * scale)
    q_values = q_value_iteration(mdp, discount)
    np.testing.assert_allclose(q_values.max(axis=1), best.values, rtol=0, atol=2e-10 * scale)
    np.testing.assert_array_equal(np.isneginf(best.q_values), ~mdp.action_mask)
    np.testing.assert_allclose(evaluate_policy(mdp, best.policy, discount), best.values, rtol=0, atol=1e-10 * scale)


@few
@given(ending_mdps())
def test_all_methods_agree_without_discount(mdp: FiniteMDP) -> None:
    best = policy_iteration(mdp, 1)
    scale = max(1.0, np.abs(best.values).max())
    np.testing.assert_allclose(by_linear_program(mdp, 1), best.values, rtol=0, atol=1e-8 * scale)
    by_sweeps = value_iteration(mdp, 1)
    assert np.abs(by_sweeps.values - best.values).max() <= by_sweeps.error_bound + best.error_bound
    assert best.error_bound < 1e-9 * scale
    np.testing.assert_allclose(evaluate_policy(mdp, best.policy, 1), best.values, rtol=0, atol=1e-10 * scale)


@few
@given(mdps(), DISCOUNTS, SEEDS)
def test_evaluation_is_the_sum_over_all_steps(mdp: FiniteMDP, discount: float, seed: int) -> None:
    policy = some_policy(mdp, seed)
    chain = np.einsum("sa,sat->st", policy, mdp.transition)
    reward = (policy * mdp.expected_reward).sum(axis=1)
    total, weight = np.zeros(mdp.n_states), np.eye(mdp.n_states)
    for steps in range(1, 4001):
        total += weight @ reward
        weight = discount * weight @ chain
        if steps == 7:
            np.testing.assert_allclose(evaluate_policy(mdp, policy, discount, horizon=7), total, atol=1e-10)
    np.testing.assert_allclose(evaluate_policy(mdp, policy, discount), total, rtol=1e-10, atol=1e-10)


@few
@given(mdps(), st.integers(1, 3))
def test_horizon_is_the_best_of_all_plans(mdp: FiniteMDP, horizon: int) -> None:
    best = solve(mdp, 0.9, horizon=horizon)
    values = np.zeros(mdp.n_states)
    for _ in range(horizon):
        options = mdp.expected_reward + 0.9 * mdp.transition @ values
        values = np.where(mdp.action_mask, options, -np.inf).max(axis=1)
    np.testing.assert_allclose(best.values, values, rtol=0, atol=1e-11)
    np.testing.assert_allclose(evaluate_policy(mdp, best.policy, 0.9, horizon=horizon), values, rtol=0, atol=1e-11)
    assert best.policy.shape == (horizon, mdp.n_states)
    np.testing.assert_array_equal(best.policy[0], greedy_policy(mdp, best.q_values))


@few
@given(mdps(), st.sampled_from([0.5, 0.95]), st.integers(1, 60))
def test_early_sweeps_are_within_their_bound(mdp: FiniteMDP, discount: float, sweeps: int) -> None:
    best = solve(mdp, discount).values
    error = np.abs(q_value_iteration(mdp, discount, sweeps=sweeps).max(axis=1) - best).max()
    assert error <= discount**sweeps * np.abs(best).max() * (1 + 1e-9) + 1e-9
    rough = value_iteration(mdp, discount, tolerance=0.5)
    assert np.abs(rough.values - best).max() <= rough.error_bound <= 0.5


@few
@given(mdps(), DISCOUNTS, SEEDS)
def test_no_policy_beats_the_optimum(mdp: FiniteMDP, discount: float, seed: int) -> None:
    assert distance_from_optimum(mdp, some_policy(mdp, seed), discount) >= -1e-9
    assert abs(distance_from_optimum(mdp, solve(mdp, discount).policy, discount)) < 1e-9


@few
@given(mdps(), st.sampled_from([0.5, 0.9, 0.99]))
def test_sweeps_for_large_problems_agree_on_small_ones(mdp: FiniteMDP, discount: float) -> None:
    best = policy_iteration(mdp, discount)
    values, rows, bound, _ = sweep_until_best(decisions_of(mdp), discount, 1e-8)
    assert np.abs(values - best.values).max() <= bound + best.error_bound
    assert bound <= 1e-8
    policy = decisions_of(mdp).label[rows] % mdp.n_actions
    np.testing.assert_allclose(evaluate_policy(mdp, policy, discount), best.values, rtol=0, atol=1e-6)


@few
@given(ending_mdps(), SEEDS)
def test_sweeps_for_large_problems_agree_without_discount(mdp: FiniteMDP, seed: int) -> None:
    best = policy_iteration(mdp, 1)
    values, _, bound, _ = sweep_until_best(decisions_of(mdp), 1, 1e-8)
    assert np.abs(values - best.values).max() <= min(bound, 1e-7)
    policy = some_policy(mdp, seed)
    chain = decisions_of(mdp).mixed(policy.ravel()[decisions_of(mdp).label])
    np.testing.assert_allclose(sweep_chain(chain, 1.0), evaluate_policy(mdp, policy, 1), rtol=1e-9, atol=1e-9)


def test_sizes_just_past_the_direct_limit_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    mdp = random_mdp(3, 60, 3, terminals=1)
    direct = solve(mdp, 0.95)
    monkeypatch.setattr("rlenvs.planning.solver.DIRECT_LIMIT", 10)
    swept = solve(mdp, 0.95)
    assert (direct.method, swept.method) == ("policy iteration", "modified policy iteration")
    np.testing.assert_allclose(swept.values, direct.values, rtol=0, atol=1e-8)
    policy = random_policy(mdp)
    by_iteration = evaluate_policy(mdp, policy, 0.95)
    monkeypatch.undo()
    np.testing.assert_allclose(by_iteration, evaluate_policy(mdp, policy, 0.95), rtol=0, atol=1e-11)


def test_ties_are_all_optimal() -> None:
    mdp = FiniteMDP(np.ones((2, 3, 2)) / 2, [[1, 1, 0], [0, 0, 0]], action_mask=[[1, 1, 1], [0, 1, 1]])
    best = solve(mdp, 0.9)
    np.testing.assert_array_equal(optimal_actions(mdp, best.q_values), [[1, 1, 0], [0, 1, 1]])
    np.testing.assert_array_equal(best.policy, [0, 1])
    np.testing.assert_allclose(random_policy(mdp), [[1 / 3] * 3, [0, 0.5, 0.5]])


def test_every_method_reads_decisions_alike() -> None:
    decisions = decisions_of(random_mdp(5, 8, 3, terminals=2))
    answer = solve_decisions(decisions, 0.9, 1e-8, by_size)
    np.testing.assert_array_equal(decisions.state[answer.rows], np.arange(8))
