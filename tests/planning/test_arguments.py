"""What bad arguments get, and the forms that good ones may have."""

from __future__ import annotations

import dataclasses

import gymnasium as gym
import numpy as np
import pytest

from rlenvs.core import FiniteMDP
from rlenvs.planning import evaluate_policy, greedy_policy, optimal_actions, q_value_iteration, random_policy, solve


@pytest.mark.parametrize("discount", [-0.1, 1.1, float("nan"), float("inf")])
def test_discount_out_of_range(toy: FiniteMDP, discount: float) -> None:
    for function in (solve, q_value_iteration):
        with pytest.raises(ValueError, match="`discount` must lie in"):
            function(toy, discount)


@pytest.mark.parametrize("discount", ["0.9", None, True])
def test_discount_that_is_no_number(toy: FiniteMDP, discount) -> None:
    with pytest.raises(TypeError, match="`discount` must be a number"):
        solve(toy, discount)


@pytest.mark.parametrize(("horizon", "error"), [(0, ValueError), (-1, ValueError), (2.5, TypeError), (True, TypeError)])
def test_horizon(toy: FiniteMDP, horizon, error) -> None:
    with pytest.raises(error, match="`horizon` must be"):
        solve(toy, 0.9, horizon=horizon)
    with pytest.raises(error, match="`horizon` must be"):
        evaluate_policy(toy, [0, 0, 1], 0.9, horizon=horizon)


@pytest.mark.parametrize("tolerance", [0, -1, float("nan"), "small"])
def test_tolerance(toy: FiniteMDP, tolerance) -> None:
    with pytest.raises(ValueError, match="`tolerance` must be a positive number"):
        q_value_iteration(toy, 0.9, tolerance=tolerance)


def test_sweeps(toy: FiniteMDP) -> None:
    with pytest.raises(ValueError, match="`sweeps` must be at least 1"):
        q_value_iteration(toy, 0.9, sweeps=0)


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        ([0, 1, 1], r"chooses action 1 in state 1, where it is impossible; possible are \[0, 2\]"),
        ([0, 3, 1], r"chooses 3 in state 1; the actions are 0 … 2"),
        ([0, -1, 1], r"chooses -1 in state 1"),
        ([0.5, 0, 1], r"chooses 0.5 in state 0"),
        ([0, 0], r"one action per state, shape \(3,\), or probabilities, shape \(3, 3\), got shape \(2,\)"),
        ([[1, 0, 0], [0.5, 0, 0.4], [0, 1, 0]], r"sum to 1 in every state, got 0.9 in state 1"),
        ([[1, 0, 0], [2, 0, -1], [0, 1, 0]], r"action 0 in state 1 the probability 2"),
        ([[1, 0, 0], [0, 1, 0], [0, 1, 0]], r"chooses action 1 in state 1, where it is impossible"),
        ([[1, 0], [0]], r"not a ragged list"),
    ],
)
def test_policy_that_does_not_fit(toy: FiniteMDP, policy, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        evaluate_policy(toy, policy, 0.9)


def test_policy_that_is_no_array_of_numbers(toy: FiniteMDP) -> None:
    with pytest.raises(TypeError, match="`policy` must hold numbers"):
        evaluate_policy(toy, ["left", "up", "up"], 0.9)


def test_terminal_states_take_any_policy(chain: FiniteMDP) -> None:
    np.testing.assert_array_equal(evaluate_policy(chain, [0, 0, 0, -1], 1), evaluate_policy(chain, [0, 0, 0, 0], 1))


def test_all_forms_of_a_policy_agree(toy: FiniteMDP) -> None:
    actions = np.array([2, 0, 1])
    expected = evaluate_policy(toy, actions, 0.9)
    for form in (actions.tolist(), actions.astype(np.int8), actions.astype(float), np.eye(3)[actions]):
        np.testing.assert_array_equal(evaluate_policy(toy, form, 0.9), expected)
    each_step = np.tile(actions, (7, 1))
    expected = evaluate_policy(toy, actions, 0.9, horizon=7)
    for form in (each_step, np.eye(3)[each_step]):
        np.testing.assert_allclose(evaluate_policy(toy, form, 0.9, horizon=7), expected, rtol=1e-14)
    with pytest.raises(ValueError, match="one entry per step, 7"):
        evaluate_policy(toy, np.eye(3)[each_step[:6]], 0.9, horizon=7)


def test_horizon_equal_to_the_number_of_states_reads_whole_numbers_as_steps(toy: FiniteMDP) -> None:
    # (horizon, S) and (S, A) have the same shape here.
    steps = solve(toy, 0.9, horizon=3).policy
    np.testing.assert_allclose(evaluate_policy(toy, steps, 0.9, horizon=3), solve(toy, 0.9, horizon=3).values)
    stationary = np.eye(3)[[0, 0, 1]]
    expected = evaluate_policy(toy, [0, 0, 1], 0.9, horizon=3)
    np.testing.assert_allclose(evaluate_policy(toy, stationary, 0.9, horizon=3), expected)


def test_what_is_no_mdp() -> None:
    with pytest.raises(TypeError, match=r"`mdp` must be a rlenvs.core.FiniteMDP.*from_env"):
        random_policy(gym.make("FrozenLake-v1"))
    with pytest.raises(TypeError, match="`P` or a `model`"):
        solve(gym.make("CartPole-v1"), 0.9)
    with pytest.raises(gym.error.Error):
        solve("NoSuchLake-v1", 0.9)


def test_q_values_that_do_not_fit(toy: FiniteMDP) -> None:
    with pytest.raises(ValueError, match=r"`q_values` must have shape \(3, 3\), got \(3,\)"):
        greedy_policy(toy, [0, 0, 0])
    table = np.zeros((3, 3))
    table[1, 1] = np.nan  # impossible there, so not read
    assert not optimal_actions(toy, table)[1, 1]
    table[1, 2] = np.nan
    with pytest.raises(ValueError, match="nan for state 1, action 2"):
        greedy_policy(toy, table)


def test_an_id_an_environment_and_its_mdp_give_one_answer() -> None:
    env = gym.make("FrozenLake-v1")
    answers = [solve(form, 0.9) for form in ("FrozenLake-v1", env, env.unwrapped, FiniteMDP.from_env(env))]
    for answer in answers[1:]:
        np.testing.assert_array_equal(answer.q_values, answers[0].q_values)


def test_solution_is_a_record(toy: FiniteMDP) -> None:
    best = solve(toy, 0.9)
    assert (best.values.shape, best.q_values.shape, best.policy.shape) == ((3,), (3, 3), (3,))
    assert (best.discount, best.horizon) == (0.9, None)
    with pytest.raises(dataclasses.FrozenInstanceError):
        best.values = np.zeros(3)


def test_values_that_never_settle_say_so(toy: FiniteMDP, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rlenvs.planning.iteration.SWEEP_LIMIT", 100)
    with pytest.raises(ValueError, match=r"still change by .* after 100 sweeps"):
        q_value_iteration(toy, 1)
