"""The four-state chain and chains of one's own."""

import gymnasium as gym
import numpy as np
import pytest
from scipy import sparse

import rlenvs  # noqa: F401
from rlenvs.envs.markov_chain import MarkovChain
from rlenvs.planning import evaluate_policy, expected_hitting_times


def test_hitting_times_and_values():
    mdp = gym.make("rlenvs/MarkovChain-v0").unwrapped.model
    np.testing.assert_allclose(expected_hitting_times(mdp), [16, 19, 20, 0], atol=1e-10)
    np.testing.assert_allclose(evaluate_policy(mdp, np.zeros(4, dtype=int), 1.0), [-16, -19, -20, 0], atol=1e-10)


def test_mean_length_when_cut_at_50_steps():
    # Survival probabilities summed: the mean of min(length, 50). Published figure 14.90.
    step = np.array(MarkovChain().model.transition[:3, 0, :3])
    alive, total = np.array([1.0, 0, 0]), 0.0
    for _ in range(50):
        total += alive.sum()
        alive = alive @ step
    assert total == pytest.approx(14.90, abs=0.005)


def test_a_walk_pays_minus_one_per_step_and_ends_in_state_3():
    env = gym.make("rlenvs/MarkovChain-v0")
    for seed in range(20):
        state, info = env.reset(seed=seed)
        assert (state, info) == (0, {})
        while True:
            before = state
            state, reward, terminated, truncated, _ = env.step(0)
            assert env.unwrapped.model.transition[before, 0, state] > 0
            assert reward == -1.0
            assert terminated == (state == 3)
            if terminated or truncated:
                break


@pytest.mark.parametrize(
    ("reward", "first", "second"),
    [(-2.0, -2.0, -2.0), ([1.0, 2.0], 1.0, 1.0), ([[5.0, 6.0], [0.0, 0.0]], 5.0, 6.0)],
)
def test_rewards_per_step_state_or_transition(reward, first, second):
    chain = MarkovChain([[0.5, 0.5], [0, 1]], reward)
    assert chain.rules.transition(0, 0, 0.2) == (0, first, False, False)
    assert chain.rules.transition(0, 0, 0.7) == (1, second, True, False)


def test_absorbing_states_end_unless_told_otherwise():
    assert MarkovChain([[0.5, 0.5], [0, 1]]).model.terminal.tolist() == [False, True]
    assert MarkovChain([[0.5, 0.5], [0, 1]], terminal=[]).model.terminal.tolist() == [False, False]


def test_sparse_equals_dense():
    rows = [[0.5, 0.5, 0], [0, 0.5, 0.5], [0, 0, 1]]
    assert MarkovChain(sparse.csr_array(np.array(rows))).model.P == MarkovChain(rows).model.P


@pytest.mark.parametrize(
    ("args", "text"),
    [
        (([[0.5, 0.5]],), "`transition` must have shape \\(S, S\\), got \\(1, 2\\)"),
        (([[0.5, 0.4], [0, 1]],), "state 0, action 0 sums to 0.9"),
        (([[0.5, 0.5], [0]],), "`transition` must be an \\(S, S\\) array"),
        (([[0.5, 0.5], [0, 1]], [1, 2, 3]), "`reward` must be a number, \\(2,\\) per state left"),
        (([[0.5, 0.5], [0, 1]], "much"), "`reward` must be a number or an array"),
    ],
)
def test_bad_arguments_are_named(args, text):
    with pytest.raises(ValueError, match=text):
        MarkovChain(*args)
