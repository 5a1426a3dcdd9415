"""The single environment: everything that is not a rule."""

import copy
import pickle

import gymnasium as gym
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rlenvs  # noqa: F401
from rlenvs.core import InvalidActionError

IDS = ["rlenvs/MDP-v0", "rlenvs/SlipperyGridWorld-v0", "rlenvs/MarkovChain-v0", "rlenvs/Snake-v0"]


def make(env_id, **kwargs):
    return gym.make(env_id, **kwargs).unwrapped


def walk(env, actions):
    """Everything an agent sees on the way, as plain data; resets where an episode ends."""
    seen = []
    for action in actions:
        observation, reward, terminated, truncated, info = env.step(action % int(env.action_space.n))
        seen.append((np.asarray(observation).tolist(), reward, terminated, truncated, repr(info)))
        if terminated or truncated:
            observation, info = env.reset()
            seen.append((np.asarray(observation).tolist(), repr(info)))
    return seen


ACTIONS = np.random.default_rng(0).integers(0, 12, 400).tolist()


@pytest.mark.parametrize("env_id", IDS)
def test_one_uniform_per_reset_and_per_step(env_id):
    env = make(env_id)
    env.reset(seed=7)
    twin = np.random.default_rng(7)
    twin.random()
    for action in ACTIONS[:200]:
        *_, terminated, truncated, _ = env.step(action % int(env.action_space.n))
        twin.random()
        if terminated or truncated:
            env.reset()
            twin.random()
        if action == 5:  # looking at the generator changes nothing
            assert env.np_random.bit_generator.state == twin.bit_generator.state
    assert env.np_random.bit_generator.state == twin.bit_generator.state


@pytest.mark.parametrize("env_id", IDS)
def test_looking_at_the_generator_does_not_change_the_game(env_id):
    plain, watched = make(env_id), make(env_id)
    plain.reset(seed=3)
    watched.reset(seed=3)
    for action in ACTIONS:
        _ = watched.np_random
        assert walk(plain, [action]) == walk(watched, [action])


def test_numbers_that_a_user_draws_come_out_of_the_same_stream():
    env = make("rlenvs/SlipperyGridWorld-v0")
    env.reset(seed=3)
    twin = np.random.default_rng(3)
    twin.random()
    assert env.np_random.integers(1000) == twin.integers(1000)  # leaves half a draw behind
    env.step(0)
    twin.random()
    assert env.np_random.bit_generator.state == twin.bit_generator.state
    assert env.np_random.integers(1000) == twin.integers(1000)


@pytest.mark.parametrize("env_id", IDS)
def test_a_generator_that_is_held_stands_where_the_environment_stands(env_id):
    env = make(env_id)
    env.reset(seed=3)
    walk(env, ACTIONS[:10])
    held, twin = env.np_random, copy.deepcopy(env.np_random)
    for action in (0, 1, 2):
        *_, terminated, truncated, _ = env.step(action % int(env.action_space.n))
        twin.random()
        if terminated or truncated:
            env.reset()
            twin.random()
        assert held.bit_generator.state == twin.bit_generator.state
        assert held.random() == twin.random()
    assert env.np_random is held


def test_a_generator_that_is_handed_in_is_not_read_ahead():
    env, given, twin = make("rlenvs/MarkovChain-v0"), np.random.default_rng(0), np.random.default_rng(0)
    env.np_random = given
    env.reset()
    twin.random()
    assert given.random() == twin.random()


def test_a_generator_is_read_ahead_again_after_a_seed():
    env = make("rlenvs/MarkovChain-v0")
    env.reset(seed=0)
    held, before = env.np_random, copy.deepcopy(env.np_random.bit_generator.state)
    env.reset(seed=1)
    env.step(0)
    assert held.bit_generator.state == before
    assert env._uniforms


@pytest.mark.parametrize("look", [lambda env: env.settled_generator(), lambda env: env.get_state()])
def test_who_only_looks_at_the_generator_leaves_it_read_ahead(look):
    env = make("rlenvs/MarkovChain-v0")
    env.reset(seed=0)
    look(env)
    assert not env._uniforms
    env.set_state(env.get_state())
    env.step(0)
    assert env._uniforms


@pytest.mark.parametrize("seed", [-1, 1.5, "7"])
def test_a_refused_seed_changes_nothing(seed):
    env, twin = make("rlenvs/MarkovChain-v0"), make("rlenvs/MarkovChain-v0")
    env.reset(seed=3)
    twin.reset(seed=3)
    with pytest.raises(gym.error.Error):
        env.reset(seed=seed)
    assert walk(env, ACTIONS[:100]) == walk(twin, ACTIONS[:100])


def test_gymnasiums_wrappers_leave_the_generator_alone():
    wrapped = gym.wrappers.RecordEpisodeStatistics(gym.make("rlenvs/SlipperyGridWorld-v0"))
    wrapped.reset(seed=0)
    wrapped.step(0)
    assert wrapped.unwrapped._uniforms


def test_a_generator_that_cannot_step_back_is_not_read_ahead():
    env = make("rlenvs/SlipperyGridWorld-v0")
    env.reset(seed=3)
    env.np_random = np.random.Generator(np.random.MT19937(5))
    twin = np.random.Generator(np.random.MT19937(5))
    env.step(1)
    env.step(1)
    twin.random(2)
    assert env.np_random.random() == twin.random()
    assert env.np_random_seed == -1


@pytest.mark.parametrize("env_id", IDS)
@given(before=st.integers(0, 90), after=st.integers(1, 40))
def test_a_snapshot_goes_on_identically(env_id, before, after):
    env = make(env_id)
    env.reset(seed=before)
    walk(env, ACTIONS[:before])
    snapshot = env.get_state()
    first = walk(env, ACTIONS[before : before + after])
    env.set_state(snapshot)
    assert walk(env, ACTIONS[before : before + after]) == first
    other = make(env_id)
    other.set_state(snapshot)
    assert walk(other, ACTIONS[before : before + after]) == first


@pytest.mark.parametrize("env_id", IDS)
@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env))])
def test_copies_go_on_identically_and_apart(env_id, duplicate):
    env = make(env_id)
    env.reset(seed=1)
    walk(env, ACTIONS[:50])
    twin = duplicate(env)
    there = walk(twin, ACTIONS[50:150])
    assert walk(env, ACTIONS[50:150]) == there


def test_a_snapshot_of_an_ended_episode_stays_ended():
    env = make("rlenvs/GridWorld-v0")
    env.reset(seed=0)
    env.step(0)
    snapshot = env.get_state()
    env.reset()
    env.set_state(snapshot)
    with pytest.raises(gym.error.ResetNeeded, match="has ended"):
        env.step(0)


@pytest.mark.parametrize("env_id", IDS)
def test_stepping_or_drawing_too_early_is_refused(env_id):
    env = make(env_id, render_mode="ansi")
    for call in (lambda: env.step(0), env.render, env.get_state):
        with pytest.raises(gym.error.ResetNeeded, match="has not been reset"):
            call()


@pytest.mark.parametrize("env_id", IDS)
@pytest.mark.parametrize("action", [-1, 12, 1.0, "0", None, np.float64(1), np.array([0, 1]), [0]])
def test_an_action_outside_the_space_changes_nothing(env_id, action):
    env = make(env_id)
    env.reset(seed=2)
    twin = copy.deepcopy(env)
    with pytest.raises(InvalidActionError, match="`action` must be an integer"):
        env.step(action)
    assert env.np_random.bit_generator.state == twin.np_random.bit_generator.state
    assert walk(env, ACTIONS[:30]) == walk(twin, ACTIONS[:30])


@pytest.mark.parametrize("kind", [int, np.int64, np.int32, np.uint8, np.array])
def test_every_form_of_an_integer_does_the_same(kind):
    env, twin = make("rlenvs/SlipperyGridWorld-v0"), make("rlenvs/SlipperyGridWorld-v0")
    env.reset(seed=4)
    twin.reset(seed=4)
    for action in (1, 3, 1, 0, 2):
        assert repr(env.step(kind(action))) == repr(twin.step(action))


def test_an_invalid_action_is_a_value_error_and_gymnasiums():
    assert issubclass(InvalidActionError, ValueError)
    assert issubclass(InvalidActionError, gym.error.InvalidAction)


@pytest.mark.parametrize("env_id", IDS)
def test_render_modes(env_id):
    text = make(env_id, render_mode="ansi")
    text.reset(seed=0)
    assert isinstance(text.render(), str)
    assert text.render().strip()
    picture = make(env_id, render_mode="rgb_array")
    picture.reset(seed=0)
    frame = picture.render()
    assert frame.dtype == np.uint8
    assert frame.ndim == 3
    assert frame.shape[2] == 3
    assert len(np.unique(frame)) > 4  # something is drawn
    for _ in range(20):
        picture.step(0)
        assert picture.render().shape == frame.shape
        if picture._ended:
            picture.reset()


def test_an_unknown_render_mode_is_refused():
    from rlenvs.envs.grid_world import GridWorld

    with pytest.raises(ValueError, match="`render_mode` must be None or one of"):
        GridWorld(render_mode="rgb")


def test_rendering_without_a_mode_warns_and_draws_nothing():
    env = make("rlenvs/GridWorld-v0")
    env.reset(seed=0)
    with pytest.warns(UserWarning, match="without a render mode"):
        assert env.render() is None


def test_closing_is_always_allowed():
    env = make("rlenvs/GridWorld-v0", render_mode="rgb_array")
    env.close()
    env.reset(seed=0)
    env.close()
    env.close()
    assert env.render().ndim == 3


def test_set_state_takes_only_snapshots():
    env = make("rlenvs/GridWorld-v0")
    with pytest.raises(TypeError, match="`snapshot` must come from"):
        env.set_state({"state": 0})


@pytest.mark.parametrize(
    ("target", "arguments", "source"),
    [
        ("rlenvs/MDP-v0", {}, "rlenvs/GridWorld-v0"),
        ("rlenvs/GridWorld-v0", {"observation": "index", "edges": "block"}, "rlenvs/GridWorld-v0"),
        ("rlenvs/GridWorld-v0", {"edges": "block"}, "rlenvs/GridWorld-v0"),
        ("rlenvs/GridWorld-v0", {"edges": "block"}, "rlenvs/Snake-v0"),
        ("rlenvs/Snake-v0", {}, "rlenvs/MDP-v0"),
        ("rlenvs/Snake-v0", {}, "rlenvs/Snake6x6-v0"),
    ],
)
def test_a_snapshot_of_something_else_is_refused_and_changes_nothing(target, arguments, source):
    env, other = make(target, **arguments), make(source)
    env.reset(seed=0)
    other.reset(seed=0)
    other.step(0)  # off the grid, which is a state where edges end an episode
    before = env.get_state()
    with pytest.raises(ValueError, match="holds a state that this environment does not have"):
        env.set_state(other.get_state())
    after = env.get_state()
    assert after.generator == before.generator
    np.testing.assert_array_equal(env.rules.observe(after.state), env.rules.observe(before.state))
