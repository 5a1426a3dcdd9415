"""The vector environment: generators, copies, memory, pictures."""

import copy
import gc
import pickle
import subprocess
import sys
import tracemalloc

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode
from hypothesis import given, settings
from hypothesis import strategies as st
from vector_lanes import IDS, actions_for, flat, make, walk


def arrays_in(seen):
    if isinstance(seen, dict):
        seen = list(seen.values())
    if isinstance(seen, (tuple, list)):
        return [array for part in seen for array in arrays_in(part)]
    if not isinstance(seen, np.ndarray):
        return []
    return [seen, *arrays_in(seen.tolist())] if seen.dtype == object else [seen]


# --- generators


def test_numbers_that_a_user_draws_come_out_of_the_lanes_streams():
    env = make("rlenvs/SlipperyGridWorld-v0", 3)
    env.reset(seed=7)
    twins = [np.random.default_rng(7 + lane) for lane in range(3)]
    for twin in twins:
        twin.random()
    assert env.np_random[1].integers(1000) == twins[1].integers(1000)  # leaves half a draw behind
    env.step([1, 3, 1])
    for twin in twins:
        twin.random()
    assert env.np_random[1].integers(1000) == twins[1].integers(1000)
    for generator, twin in zip(env.np_random, twins, strict=True):
        assert generator.bit_generator.state == twin.bit_generator.state


@settings(max_examples=40)
@given(
    seed=st.one_of(st.integers(0, 2**32 + 5), st.integers(0, 2**70), st.integers(2**126, 2**130)),
    n=st.integers(1, 5),
    resets=st.integers(0, 3),
)
def test_every_seed_starts_the_streams_of_numpy(seed, n, resets):
    env = make("rlenvs/MarkovChain-v0", n)
    env.reset(seed=seed)
    for _ in range(resets):
        env.reset()
    for lane, generator in enumerate(env.np_random):
        twin = np.random.default_rng(seed + lane)
        twin.random(1 + resets)
        assert generator.bit_generator.state == twin.bit_generator.state
    assert env.np_random_seed == tuple(seed + lane for lane in range(n))


# --- copies, snapshots, memory


@pytest.mark.parametrize("env_id", IDS)
@pytest.mark.parametrize("mode", list(AutoresetMode)[:2])
def test_snapshots_and_copies_go_on_identically(env_id, mode):
    env = make(env_id, autoreset_mode=mode)
    env.reset(seed=1)
    walk(env, actions_for(env, 60))
    _ = env.np_random[0].integers(5)
    snapshot, deep, pickled = env.get_state(), copy.deepcopy(env), pickle.dumps(env)
    more = actions_for(env, 80, seed=1)
    there = walk(env, more)
    compiled = len(env._step.nopython_signatures)
    assert walk(deep, more) == there
    twin = pickle.loads(pickled)
    assert walk(twin, more) == there
    assert twin.np_random[0].integers(1000) == deep.np_random[0].integers(1000)
    fresh = make(env_id, autoreset_mode=mode)
    for other in (env, fresh):
        other.set_state(snapshot)
        assert walk(other, more) == there
    assert len(twin._step.nopython_signatures) == compiled  # nothing was compiled anew for the copies


def test_set_state_takes_only_its_own_snapshots():
    env, other = make("rlenvs/MDP-v0", 4), make("rlenvs/MDP-v0", 5)
    other.reset(seed=0)
    with pytest.raises(TypeError, match="`snapshot` must come from"):
        env.set_state({})
    with pytest.raises(ValueError, match="has 5 lanes, this environment 4"):
        env.set_state(other.get_state())


@pytest.mark.parametrize(
    ("target", "arguments", "source"),
    [
        ("rlenvs/MDP-v0", {}, "rlenvs/GridWorld-v0"),
        ("rlenvs/GridWorld-v0", {"edges": "block"}, "rlenvs/GridWorld-v0"),
        ("rlenvs/Snake-v0", {}, "rlenvs/MDP-v0"),
        ("rlenvs/Snake-v0", {}, "rlenvs/Snake6x6-v0"),
    ],
)
def test_a_snapshot_of_something_else_is_refused_and_changes_nothing(target, arguments, source):
    env, other = make(target, 3, **arguments), make(source, 3)
    env.reset(seed=0)
    other.reset(seed=0)
    other.step(np.zeros(3, np.int64))  # off the grid, which is a state where edges end an episode
    before = env.get_state()
    with pytest.raises(ValueError, match="holds a state that this environment does not have"):
        env.set_state(other.get_state())
    for was, is_now in zip(before.state, env.get_state().state, strict=True):
        np.testing.assert_array_equal(is_now, was)


@pytest.mark.parametrize("env_id", IDS)
@pytest.mark.parametrize("mode", list(AutoresetMode)[:2])
def test_what_was_returned_is_never_written_again(env_id, mode):
    env = make(env_id, 5, autoreset_mode=mode)
    seen = [env.reset(seed=0)]
    kept = [flat(seen[0])]
    for actions in actions_for(env, 120):
        seen.append(env.step(actions))
        kept.append(flat(seen[-1]))
    assert [flat(one) for one in seen] == kept
    held = [*env._lanes.changing, *env._kept, env._everyone]
    for one in seen[-6:]:
        arrays = arrays_in(one)
        assert not any(np.shares_memory(array, inside) for array in arrays for inside in held if array.dtype != object)
    last, before = arrays_in(seen[-1]), arrays_in(seen[-2])
    assert not any(np.shares_memory(a, b) for a in last for b in before if a.dtype != object and b.dtype != object)


@pytest.mark.parametrize("mode", list(AutoresetMode)[:2])
def test_one_array_for_all_observations_where_asked_for(mode):
    env, twin = (make("rlenvs/GridWorld-v0", autoreset_mode=mode, copy=copied) for copied in (False, True))
    observations, _ = env.reset(seed=0)
    twin.reset(seed=0)
    for actions in actions_for(env, 30):
        ours, theirs = env.step(actions), twin.step(actions)
        assert ours[0] is observations
        assert flat(ours) == flat(theirs)


@pytest.mark.parametrize("env_id", IDS)
@pytest.mark.parametrize("mode", list(AutoresetMode)[:2])
def test_memory_does_not_grow(env_id, mode):
    env = make(env_id, 16, autoreset_mode=mode)
    env.reset(seed=0)
    actions = actions_for(env, 200)
    tracemalloc.start()
    try:
        walk(env, actions)
        gc.collect()
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(5):
            for one in actions:
                env.step(one)
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 4096  # a byte kept per lane and step would be 16 000


def test_the_stated_memory_per_lane():
    from rlenvs.envs.grid_world.vector import GridWorldVector
    from rlenvs.envs.snake.vector import SnakeVector

    for cls, kwargs, stated in ((GridWorldVector, {}, 58), (SnakeVector, {"rows": 12, "columns": 12}, 358)):
        env = cls(8, **kwargs)
        held = [*env._lanes.changing, *env._kept, env._everyone]
        assert sum(array.nbytes for array in held) / 8 == stated - 8  # a seed, of a list of them, is 8 more
        assert f"{stated}" in (cls.__doc__ or "") + (cls.__mro__[1].__doc__ or "")


# --- pictures and attributes


@pytest.mark.parametrize("env_id", IDS)
def test_human_mode_shows_all_lanes_in_one_window(env_id):
    pytest.importorskip("pygame")
    env = make(env_id, 3, render_mode="human")
    env.reset(seed=0)
    env.step([0, 0, 0])
    assert env.render() == (None, None, None)
    frame = gym.make(env_id, render_mode="rgb_array")
    frame.reset(seed=0)
    height, width, _ = frame.render().shape
    assert env._window._surface.get_size() == (2 * width, 2 * height)
    env.close()
    env.close()
    assert env._window is None


def test_lanes_are_read_not_set():
    env = make("rlenvs/Snake-v0", 2)
    env.reset(seed=0)
    with pytest.raises(AttributeError, match="share one text of the rules"):
        env.set_attr("render_mode", "human")
    for name, arguments in (("step", ()), ("reset", ()), ("set_state", ()), ("set_wrapper_attr", ("n", 1))):
        with pytest.raises(AttributeError, match="of a single lane cannot be called"):
            env.call(name, *arguments)
    assert not hasattr(env.template, "n")
    with pytest.raises(AttributeError, match="nonsense"):
        env.get_attr("nonsense")
    assert env.get_attr("np_random_seed") == (0, 1)


def test_numba_is_loaded_by_vector_environments_alone():
    code = (
        "import sys, rlenvs, gymnasium as gym; env = gym.make('rlenvs/Snake-v0'); env.reset(seed=0); env.step(0);"
        "assert 'numba' not in sys.modules; gym.make_vec('rlenvs/Snake-v0', num_envs=2).reset(seed=0);"
        "assert 'numba' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
