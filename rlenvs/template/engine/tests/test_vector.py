"""The vector form is the single environment, bit for bit."""

import gymnasium as gym
import numpy as np

ENV = "pearl_dive:pearl_dive/PearlDive-v0"
LANES, STEPS = 8, 200


def test_lanes_are_single_environments():
    ours, theirs = gym.make_vec(ENV, num_envs=LANES), gym.make_vec(ENV, num_envs=LANES, vectorization_mode="sync")
    actions = np.random.default_rng(0).integers(3, size=(STEPS, LANES))
    np.testing.assert_equal(ours.reset(seed=7), theirs.reset(seed=7))
    for chosen in actions:
        np.testing.assert_equal(ours.step(chosen), theirs.step(chosen))


def test_an_argument_reaches_every_lane():
    env = gym.make_vec(ENV, num_envs=LANES, danger=0.0)
    env.reset(seed=0)
    for _ in range(49):
        *_, terminated, truncated, _ = env.step(np.full(LANES, 2))  # grab, for ever
        assert not terminated.any()
        assert not truncated.any()
    assert env.step(np.full(LANES, 2))[3].all()
