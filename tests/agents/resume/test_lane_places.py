"""Lanes brought back, whatever steps them."""

import json

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode

import rlenvs  # noqa: F401
from rlenvs.wrappers.vector import DiscretizeObservation
from rlenvs_agents.lanes import EnvLanes, VectorLanes, lanes_of
from rlenvs_agents.state_tree import apart, together

MODES = list(AutoresetMode)


def native(env_id, mode):
    return VectorLanes(gym.make_vec(env_id, num_envs=3, autoreset_mode=mode))


def sync(env_id, mode):
    return VectorLanes(
        gym.make_vec(env_id, num_envs=3, vectorization_mode="sync", vector_kwargs={"autoreset_mode": mode})
    )


CASES = {
    **{f"native {env} {mode.value}": (native, f"rlenvs/{env}-v0", mode) for mode in MODES for env in ("MDP", "Snake")},
    **{f"sync CartPole {mode.value}": (sync, "CartPole-v1", mode) for mode in MODES},
    **{f"sync MDP {mode.value}": (sync, "rlenvs/MDP-v0", mode) for mode in MODES},
    "one by one": (lambda env, _: EnvLanes([gym.make(env) for _ in range(3)]), "CartPole-v1", None),
    "CartPole's own": (lambda env, _: lanes_of(gym.make(env), 3), "CartPole-v1", None),
    "discretised": (
        lambda env, _: VectorLanes(DiscretizeObservation(gym.make_vec(env, 3), 4, ranges=[[-1, 1]] * 4)),
        "CartPole-v1",
        None,
    ),
}


def walked(lanes, n, actions, n_actions):
    shown = []
    for _ in range(n):
        stepped = lanes.step(actions.integers(n_actions, size=3), np.ones(3, np.bool_))
        shown.append(
            [None if part is None else part.tobytes() for part in (*stepped.seen, *stepped.final, *stepped[2:])]
        )
    return shown


@pytest.mark.parametrize("name", CASES)
def test_they_go_on_as_if_nothing_had_happened(name):
    make, env_id, mode = CASES[name]
    lanes, n_actions = make(env_id, mode), gym.make(env_id).action_space.n
    lanes.reset(4)
    walked(lanes, 87, np.random.default_rng(0), n_actions)
    plain, arrays = apart(lanes.get_state())
    state = together(json.loads(json.dumps(plain)), {key: array.copy() for key, array in arrays.items()})
    other = make(env_id, mode)
    other.set_state(state)
    first, second = (walked(each, 90, np.random.default_rng(1), n_actions) for each in (lanes, other))
    assert first == second


def test_lanes_that_never_began_have_no_place():
    for make in (CASES["one by one"], CASES["native MDP NextStep"], CASES["CartPole's own"]):
        lanes, other = (make[0](make[1], make[2]) for _ in range(2))
        other.set_state(lanes.get_state())
        assert other.reset(3).observation.tobytes() == lanes.reset(3).observation.tobytes()


def test_a_vector_environment_without_snapshots_is_named():
    env = gym.wrappers.vector.NormalizeObservation(gym.make_vec("CartPole-v1", 3))
    lanes = VectorLanes(env)
    lanes.reset(0)
    with pytest.raises(ValueError, match="NormalizeObservation cannot be brought back"):
        lanes.set_state(lanes.get_state())
