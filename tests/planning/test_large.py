"""Problems past the limit of direct methods: grids with known answers, bounds that can be checked."""

from __future__ import annotations

import numpy as np
import pytest
from grids import Grid

from rlenvs.core import FiniteMDP, Outcomes
from rlenvs.planning import evaluate_policy, expected_hitting_times, policy_iteration, random_policy, solve

SIDE = 100


def steps_to_corner() -> np.ndarray:
    rows, columns = np.divmod(np.arange(SIDE * SIDE), SIDE)
    return np.append(2 * (SIDE - 1) - rows - columns, 0)


@pytest.mark.parametrize("discount", [0.99, 0.999])
def test_goal_in_the_corner_is_worth_its_discounted_reward(discount: float) -> None:
    best = solve(Grid(rows=SIDE, columns=SIDE).build(), discount)
    steps = steps_to_corner()
    expected = np.where(steps > 0, 10 * discount ** (steps - 1.0), 0)
    np.testing.assert_allclose(best.values, expected, rtol=0, atol=1e-11)
    assert best.method == "modified policy iteration"
    assert best.error_bound <= 1e-8


def test_cost_per_step_counts_the_steps() -> None:
    best = solve(Grid(rows=SIDE, columns=SIDE, goal_reward=0, step_reward=-1).build(), 1)
    np.testing.assert_allclose(best.values, -steps_to_corner(), rtol=0, atol=1e-9)
    assert best.error_bound <= 1e-8


def test_leaving_early_where_the_goal_is_too_far() -> None:
    # One step costs 1, leaving costs 5 more: from the start it is best to leave at once.
    best = solve(Grid(rows=SIDE, columns=SIDE, step_reward=-1, edge_reward=-5).build(), 1)
    assert best.start_value == pytest.approx(-6, abs=1e-9)


GRIDS = [
    (Grid(rows=50, columns=50, slip=0.1), 0.99),
    (Grid(rows=50, columns=50, slip=0.1, step_reward=-1), 1.0),
    (Grid(rows=50, columns=50, slip=0.1, edge_reward=-1), 0.999),
    (Grid(rows=50, columns=50, slip=0.5, step_reward=-1, goal=(20, 30)), 1.0),
    (Grid(rows=50, columns=50, slip=0.2, step_reward=-1, walls=0.3), 0.999),
    (Grid(rows=50, columns=50, slip=0.1), 1.0),
]


@pytest.mark.parametrize(("grid", "discount"), GRIDS, ids=str)
def test_sweeps_agree_with_direct_solves(grid: Grid, discount: float) -> None:
    mdp = grid.build()
    swept, direct = solve(mdp, discount), policy_iteration(mdp, discount)
    assert np.abs(swept.values - direct.values).max() <= swept.error_bound + direct.error_bound
    assert swept.error_bound <= 1e-7
    np.testing.assert_allclose(evaluate_policy(mdp, swept.policy, discount), direct.values, rtol=0, atol=1e-6)


def test_wandering_all_but_for_ever_costs_the_bound_only() -> None:
    # Nothing costs but slipping over the edge, which can be put off almost without end: good policies exist that take
    # exponentially long, so that no bound is known. Long horizons come to the same values.
    mdp = Grid(rows=46, columns=46, slip=0.1, edge_reward=-1).build()
    long = solve(mdp, 1, horizon=3000).values
    for best in (solve(mdp, 1), policy_iteration(mdp, 1)):
        np.testing.assert_allclose(best.values, long, rtol=0, atol=1e-9)
        assert best.error_bound == np.inf


def test_random_walk_on_a_large_grid() -> None:
    mdp = Grid(rows=60, columns=60, step_reward=-1, goal_reward=0).build()
    values = evaluate_policy(mdp, random_policy(mdp), 1)
    system = mdp.transition_matrix @ values
    residual = mdp.expected_reward.mean(axis=1) + system.reshape(-1, 4).mean(axis=1) - values
    assert np.abs(residual).max() < 1e-10 * np.abs(values).max()
    np.testing.assert_allclose(expected_hitting_times(mdp), -values, rtol=1e-9)


def test_a_process_without_an_end() -> None:
    # A ring of 5000 states, +1 for passing state 0 clockwise; the other way round costs nothing and earns nothing.
    size = 5000
    states = np.arange(size)
    successors = np.stack([(states + 1) % size, (states - 1) % size], axis=1).ravel()
    rewards = np.zeros((size, 2))
    rewards[-1, 0] = 1
    outcomes = Outcomes(np.arange(2 * size + 1), successors, np.ones(2 * size), rewards.ravel())
    best = solve(FiniteMDP.from_outcomes(outcomes, size, 2), 0.99)
    # Stepping back and forth over the line earns every other step.
    expected = 0.99 ** np.minimum(size - 1 - states, states + 1) / (1 - 0.99**2)
    np.testing.assert_allclose(best.values, expected, rtol=0, atol=1e-8)
    assert best.error_bound <= 1e-8


def test_large_random_problem_and_its_bound() -> None:
    rng = np.random.default_rng(0)
    n_states, n_actions, width = 5000, 3, 4
    rows = n_states * n_actions
    chance = rng.dirichlet(np.ones(width), size=rows)
    outcomes = Outcomes(
        np.arange(rows + 1) * width,
        rng.integers(n_states, size=rows * width),
        chance.ravel(),
        rng.normal(size=rows * 4),
    )
    mdp = FiniteMDP.from_outcomes(outcomes, n_states, n_actions)
    best = solve(mdp, 0.99)
    sweep = (mdp.expected_reward + 0.99 * (mdp.transition_matrix @ best.values).reshape(n_states, -1)).max(axis=1)
    assert np.abs(sweep - best.values).max() / 0.01 <= best.error_bound <= 1e-8


def test_tolerance_is_kept() -> None:
    mdp = GRIDS[0][0].build()
    exact = policy_iteration(mdp, 0.99).values
    rough = solve(mdp, 0.99, tolerance=0.01)
    assert np.abs(rough.values - exact).max() <= rough.error_bound <= 0.01


def test_earning_for_ever_is_found_on_large_problems() -> None:
    mdp = Grid(rows=50, columns=50, step_reward=1).build()
    with pytest.raises(ValueError, match="no upper bound"):
        solve(mdp, 1)
