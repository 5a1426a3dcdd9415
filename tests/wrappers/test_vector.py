"""The vector version of DiscretizeObservation agrees with the single one, in every autoreset mode."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode

from rlenvs.wrappers import DiscretizeObservation
from rlenvs.wrappers import vector as vector_wrappers

ARGUMENTS = {"bins": [2, 3, 4, 5], "ranges": [None, [-2, 2], None, [-2, 2]]}


@pytest.mark.parametrize("output", ["index", "cells"])
@pytest.mark.parametrize(
    ("mode", "native"),
    [(AutoresetMode.NEXT_STEP, False), (AutoresetMode.SAME_STEP, False), (AutoresetMode.NEXT_STEP, True)],
)
def test_lanes_are_those_of_a_vector_of_wrapped_environments(mode, native, output):
    arguments = {**ARGUMENTS, "output": output}
    how = {"vectorization_mode": "vector_entry_point"} if native else {"vectorization_mode": "sync"}
    own = {} if native else {"vector_kwargs": {"autoreset_mode": mode}}
    ours = vector_wrappers.DiscretizeObservation(gym.make_vec("CartPole-v1", 3, **how, **own), **arguments)
    # CartPole's own vector environment draws other starts than three single ones: discretise its observations.
    theirs = (
        gym.make_vec("CartPole-v1", 3, **how, **own)
        if native
        else gym.make_vec(
            "CartPole-v1",
            3,
            vectorization_mode="sync",
            vector_kwargs={"autoreset_mode": mode},
            wrappers=[lambda env: DiscretizeObservation(env, **arguments)],
        )
    )
    single = DiscretizeObservation(gym.make("CartPole-v1"), **arguments)
    expected = (lambda batch: np.array([single.observation(row) for row in batch])) if native else (lambda batch: batch)
    if not native:
        assert ours.observation_space == theirs.observation_space
        assert ours.single_observation_space == theirs.single_observation_space
    generator, ends = np.random.default_rng(0), 0
    assert np.array_equal(ours.reset(seed=4)[0], expected(theirs.reset(seed=4)[0]))
    for _ in range(150):
        actions = generator.integers(0, 2, 3)
        a, b = ours.step(actions), theirs.step(actions)
        assert ours.observation_space.contains(a[0])
        assert np.array_equal(a[0], expected(b[0]))
        assert all(np.array_equal(x, y) for x, y in zip(a[1:4], b[1:4], strict=True))
        ends += int(a[2].sum())
        if mode is AutoresetMode.SAME_STEP and "final_obs" in b[4]:
            assert [None if x is None else np.asarray(x).tolist() for x in a[4]["final_obs"]] == [
                None if x is None else np.asarray(x).tolist() for x in b[4]["final_obs"]
            ]
    assert ends > 3


def test_the_vector_environments_infos_are_not_changed():
    envs = gym.make_vec(
        "CartPole-v1", 2, vectorization_mode="sync", vector_kwargs={"autoreset_mode": AutoresetMode.SAME_STEP}
    )
    seen = []
    step = envs.step
    envs.step = lambda actions: seen.append(step(actions)) or seen[-1]
    ours = vector_wrappers.DiscretizeObservation(envs, **ARGUMENTS)
    ours.reset(seed=0)
    for _ in range(60):
        ours.step(np.zeros(2, int))
    finals = [entry[4]["final_obs"] for entry in seen if "final_obs" in entry[4]]
    assert finals
    assert all(row is None or row.dtype == np.float32 for final in finals for row in final)


def test_single_and_vector_refuse_alike():
    with pytest.raises(ValueError, match="`bins` must be whole numbers"):
        vector_wrappers.DiscretizeObservation(gym.make_vec("CartPole-v1", 2), 0)
