"""Published tables and values that planning must reproduce."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest

from rlenvs.core import FiniteMDP, Outcomes
from rlenvs.planning import (
    evaluate_policy,
    expected_hitting_times,
    policy_iteration,
    q_value_iteration,
    random_policy,
    solve,
    value_iteration,
)

TABLE = [[18.91891892, 17.02702702, 13.62162162], [0, -np.inf, -4.87971488], [-np.inf, 50.13365013, -np.inf]]
SOLVERS = [solve, value_iteration, policy_iteration]


def test_toy_mdp_after_50_sweeps_to_8_digits(toy: FiniteMDP) -> None:
    np.testing.assert_array_equal(np.round(q_value_iteration(toy, 0.9, sweeps=50), 8), TABLE)


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize(("discount", "policy"), [(0.9, [0, 0, 1]), (0.95, [0, 2, 1])])
def test_toy_mdp_goes_through_the_fire_when_it_looks_further(toy, solver, discount, policy) -> None:
    np.testing.assert_array_equal(solver(toy, discount).policy, policy)


def test_toy_mdp_exactly(toy: FiniteMDP) -> None:
    # With the greedy policy [0, 0, 1]: v0 = 7 + 0.9 * 0.7 * v0, v1 = 0, v2 = 32 + 0.9 * (0.8 * v0 + 0.1 * v2).
    v0 = 7 / (1 - 0.63)
    v2 = (32 + 0.72 * v0) / (1 - 0.09)
    solution = solve(toy, 0.9)
    np.testing.assert_allclose(solution.values, [v0, 0, v2], rtol=0, atol=1e-12)
    assert solution.start_value == pytest.approx(v0, abs=1e-12)
    assert solution.error_bound < 1e-10


def test_chain_takes_16_19_20_steps(chain: FiniteMDP) -> None:
    np.testing.assert_allclose(expected_hitting_times(chain), [16, 19, 20, 0], rtol=0, atol=1e-12)
    np.testing.assert_allclose(evaluate_policy(chain, [0, 0, 0, 0], 1), [-16, -19, -20, 0], rtol=0, atol=1e-12)


def sutton_barto_4_1() -> FiniteMDP:
    """4x4 cells, two terminal corners, -1 per step, edges block (Example 4.1)."""
    table = np.zeros((16, 4, 16))
    for state in range(16):
        row, column = divmod(state, 4)
        for action, (down, right) in enumerate([(-1, 0), (1, 0), (0, -1), (0, 1)]):
            table[state, action, 4 * min(max(row + down, 0), 3) + min(max(column + right, 0), 3)] = 1
    return FiniteMDP(table, -np.ones((16, 4)), start=5, terminal=[0, 15])


def test_example_4_1_of_sutton_and_barto() -> None:
    mdp = sutton_barto_4_1()
    book = [0, -14, -20, -22, -14, -18, -20, -20, -20, -20, -18, -14, -22, -20, -14, 0]
    np.testing.assert_allclose(evaluate_policy(mdp, random_policy(mdp), 1), book, rtol=0, atol=1e-11)
    # Figure 4.1 shows the sweeps as well: after three, rounded there to -2.4, -2.9 and -2.9.
    third = evaluate_policy(mdp, random_policy(mdp), 1, horizon=3)
    np.testing.assert_allclose(third[[1, 2, 5]], [-2.4375, -2.9375, -2.875], rtol=0, atol=1e-12)
    distance = [0, 1, 2, 3, 1, 2, 3, 2, 2, 3, 2, 1, 3, 2, 1, 0]
    np.testing.assert_array_equal(solve(mdp, 1).values, -np.array(distance))


def test_cliff_costs_13() -> None:
    assert solve(gym.make("CliffWalking-v1"), 1).start_value == pytest.approx(-13, abs=1e-12)


@pytest.mark.parametrize(
    ("env_id", "undiscounted", "discounted"),
    [("FrozenLake-v1", 14 / 17, 0.5420259), ("FrozenLake8x8-v1", 1.0, 0.4146403)],
)
def test_frozen_lake(env_id: str, undiscounted: float, discounted: float) -> None:
    mdp = FiniteMDP.from_env(gym.make(env_id))
    for solver in SOLVERS:
        best = solver(mdp, 1)
        assert best.start_value == pytest.approx(undiscounted, abs=1e-10)
        # Being greedy among equally good actions can wait for ever; the policy must reach the goal all the same.
        np.testing.assert_allclose(evaluate_policy(mdp, best.policy, 1), best.values, rtol=0, atol=1e-9)
        assert solver(mdp, 0.99).start_value == pytest.approx(discounted, abs=1e-7)


def test_frozen_lake_within_100_steps() -> None:
    best = solve("FrozenLake-v1", 1, horizon=100)
    assert best.start_value == pytest.approx(0.7441902878, abs=1e-10)
    assert best.policy.shape == (100, 16)
    mdp = FiniteMDP.from_env(gym.make("FrozenLake-v1"))
    np.testing.assert_allclose(evaluate_policy(mdp, best.policy, 1, horizon=100), best.values, rtol=0, atol=1e-12)


def test_taxi_optimum_is_7_93() -> None:
    # Mean over Taxi's 300 start states of the shortest tour: published as 7.93.
    assert solve("Taxi-v4", 1).start_value == pytest.approx(7.93, abs=1e-10)


def test_ladder_of_outcomes_to_one_state_with_two_rewards() -> None:
    # A row may hold the same successor twice with different rewards.
    outcomes = Outcomes(np.array([0, 2, 2]), np.array([1, 1]), np.array([0.25, 0.75]), np.array([4.0, 8.0]))
    mdp = FiniteMDP.from_outcomes(outcomes, 2, 1, terminal=[1])
    assert solve(mdp, 0.5).values.tolist() == [7.0, 0.0]
