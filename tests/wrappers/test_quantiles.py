"""quantile_edges: borders fitted by playing."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest
from shown import Shows, box

from rlenvs.wrappers import DiscretizeObservation, quantile_edges


def push_right(observation):
    return int(observation[2] > 0)


def test_quantile_edges_fill_the_bins_evenly():
    # 5000 numbers into 5 bins: exactly 1000 each, up to equal numbers.
    edges = quantile_edges(gym.make("CartPole-v1"), 5, steps=5000, seed=3)
    env = DiscretizeObservation(gym.make("CartPole-v1"), edges=edges, output="cells")
    cells = []
    env.action_space.seed(3)
    cells.append(env.reset(seed=3)[0])
    while len(cells) < 5000:
        cell, _, terminated, truncated, _ = env.step(env.action_space.sample())
        cells.append(cell)
        if terminated or truncated:
            cells.append(env.reset()[0])
    counts = np.stack([np.bincount(column, minlength=5) for column in np.array(cells[:5000]).T])
    assert np.abs(counts - 1000).max() <= 5


def test_quantile_edges_are_seeded_and_take_a_policy():
    def fit(**arguments):
        return quantile_edges(gym.make("CartPole-v1"), [1, 2, 3, 4], steps=300, **arguments)

    assert fit(seed=1) == fit(seed=1) != fit(seed=2)
    assert [len(edges) for edges in fit()] == [2, 3, 4, 5]
    assert fit(policy=push_right) == fit(policy=f"{__name__}:push_right") != fit()


def test_quantile_edges_leave_the_action_space_alone():
    env = gym.make("CartPole-v1")
    env.action_space.seed(5)
    quantile_edges(env, 2, steps=50)
    twin = gym.make("CartPole-v1").action_space
    twin.seed(5)
    assert [env.action_space.sample() for _ in range(20)] == [twin.sample() for _ in range(20)]


def test_quantile_edges_merge_numbers_that_are_always_the_same():
    half = [[0.0, k % 2] for k in range(100)]
    assert quantile_edges(Shows(box(0, 1, 2), half), [1, 8], steps=100) == [[0.0, 0.0], [0.0, 1.0]]
    with pytest.raises(ValueError, match=r"Dimension 0 never changed: it was always 0\.0"):
        quantile_edges(Shows(box(0, 1, 2), half), 2, steps=100)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"bins": 0}, "`bins` must be"),
        ({"bins": [1, 2]}, "`bins` must be"),
        ({"bins": 2, "steps": 1}, "`steps` must be"),
        ({"bins": 2, "policy": "nowhere:to_be_found"}, '`policy` must be a function or "module:function"'),
        ({"bins": 2, "policy": "nonsense"}, '`policy` must be a function or "module:function"'),
    ],
)
def test_bad_arguments_of_quantile_edges_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        quantile_edges(gym.make("CartPole-v1"), **arguments)
