"""The toy MDP, its masks, and MDPs of one's own."""

import gymnasium as gym
import numpy as np
import pytest
from scipy import sparse

import rlenvs  # noqa: F401
from rlenvs.core import InvalidActionError
from rlenvs.envs.mdp import MDP
from rlenvs.planning import q_value_iteration

TWO = {"transition": [[[0.5, 0.5], [1, 0]], [[0, 1], [0, 1]]], "reward": [[1, 2], [3, 4]]}


def test_the_published_q_values():
    q = q_value_iteration(gym.make("rlenvs/MDP-v0").unwrapped.model, 0.90, sweeps=50)
    expected = [
        [18.91891892, 17.02702702, 13.62162162],
        [0.0, -np.inf, -4.87971488],
        [-np.inf, 50.13365013, -np.inf],
    ]
    np.testing.assert_allclose(q, expected, atol=5e-9)
    assert q.argmax(axis=1).tolist() == [0, 0, 1]


def test_through_the_fire():
    q = q_value_iteration(gym.make("rlenvs/MDP-v0").unwrapped.model, 0.95)
    assert q.argmax(axis=1).tolist() == [0, 2, 1]


def test_chance_decides_exactly_at_the_cumulative_probabilities():
    rules = MDP().rules
    below = float(np.nextafter(0.7, 0))
    assert rules.transition(0, 0, 0.0) == (0, 10.0, False, False)
    assert rules.transition(0, 0, below) == (0, 10.0, False, False)
    assert rules.transition(0, 0, 0.7) == (1, 0.0, False, False)
    assert rules.transition(2, 1, 0.85) == (1, 0.0, False, False)
    assert rules.transition(2, 1, float(np.nextafter(1, 0))) == (2, 0.0, False, False)


def test_rounding_never_loses_the_last_outcome():
    # Ten times 0.1 sums to a little less than 1 in floating point.
    mdp = MDP([[[0.1] * 10]] * 10, np.zeros((10, 1)))
    assert mdp.rules.transition(0, 0, float(np.nextafter(1, 0)))[0] == 9


def test_masks():
    env = gym.make("rlenvs/MDP-v0")
    observation, info = env.reset(seed=0)
    for _ in range(60):
        expected = [[1, 1, 1], [1, 0, 1], [0, 1, 0]][observation]
        assert info["action_mask"].dtype == np.int8
        assert info["action_mask"].tolist() == expected
        masks = env.unwrapped.action_masks()
        assert masks.dtype == np.bool_
        assert masks.tolist() == [bool(m) for m in expected]
        observation, *_, info = env.step(int(env.action_space.sample(info["action_mask"])))


def test_an_impossible_action_stays():
    env = MDP()
    env.reset(seed=0)
    env._state = 2
    assert env.step(0)[:4] == (2, 0.0, False, False)
    assert env.model.row(2, 0) == [(1.0, 2, 0.0, False)]


def test_an_impossible_action_is_an_error_when_asked_for():
    env, twin = MDP(invalid_action="error"), MDP(invalid_action="error")
    for each in (env, twin):
        each.reset(seed=0)
        each._state = 1
    with pytest.raises(InvalidActionError, match=r"`action` 1 is not possible in state 1; possible: \[0, 2\]"):
        env.step(1)
    assert [repr(env.step(a)) for a in (0, 2, 1)] == [repr(twin.step(a)) for a in (0, 2, 1)]


def test_terminal_states_have_a_mask_of_ones():
    env = MDP(**TWO, terminal=[1], action_mask=[[1, 0], [0, 0]])
    env.reset(seed=0)
    while True:
        *_, terminated, _, info = env.step(0)
        if terminated:
            break
    assert info["action_mask"].tolist() == [1, 1]


def test_no_mask_where_everything_is_possible():
    assert MDP(**TWO).reset(seed=0)[1] == {}


def test_dense_and_sparse_are_the_same_environment():
    dense = MDP(**TWO)
    rows = sparse.csr_array(np.array(TWO["transition"]).reshape(4, 2))
    stacked = MDP(rows, TWO["reward"])
    by_action = MDP([sparse.csr_array(np.array(TWO["transition"])[:, a]) for a in range(2)], TWO["reward"])
    for other in (stacked, by_action):
        assert other.model.P == dense.model.P


def test_a_start_distribution():
    env = MDP(**TWO, start=[0.25, 0.75])
    assert env.rules.initial(0.2499) == 0
    assert env.rules.initial(0.25) == 1


def test_keys_and_meanings():
    env = MDP()
    assert env.get_keys_to_action() == {("0",): 0, ("1",): 1, ("2",): 2}
    assert env.get_action_meanings() == ["A0", "A1", "A2"]


@pytest.mark.parametrize(
    ("kwargs", "text"),
    [
        ({"transition": TWO["transition"]}, "`reward` is missing"),
        ({"reward": TWO["reward"]}, "`transition` is missing"),
        ({**TWO, "invalid_action": "ignore"}, "`invalid_action` must be one of"),
        ({**TWO, "start": 5}, "`start` must be a state 0 … 1"),
        ({**TWO, "reward": [[1, 2], [3, float("nan")]]}, "`reward` of state 1, action 1 to state 1 is nan"),
        ({"transition": [[[0.5, 0.4]], [[0, 1]]], "reward": [[0], [0]]}, "state 0, action 0 sums to 0.9"),
        ({"transition": [[[1.5, -0.5]], [[0, 1]]], "reward": [[0], [0]]}, "state 0, action 0 to state 0 is 1.5"),
        ({**TWO, "action_mask": [[0, 0], [1, 1]]}, "leaves state 0 without a possible action"),
    ],
)
def test_bad_arguments_are_named(kwargs, text):
    with pytest.raises(ValueError, match=text):
        MDP(**kwargs)
