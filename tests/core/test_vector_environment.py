"""The vector environment: arguments, resets and actions."""

import copy

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode
from vector_lanes import actions_for, flat, make, walk

from rlenvs.core import InvalidActionError

NEXT_STEP, DISABLED = AutoresetMode.NEXT_STEP, AutoresetMode.DISABLED


# --- arguments


@pytest.mark.parametrize("num_envs", [0, -3, 1.5, "4", True, None])
def test_num_envs_below_one_is_refused(num_envs):
    with pytest.raises(ValueError, match="`num_envs` must be an integer of at least 1, got"):
        make("rlenvs/MDP-v0", num_envs)


@pytest.mark.parametrize("mode", ["next", 3, None])
def test_an_unknown_mode_is_refused(mode):
    with pytest.raises(ValueError, match=r"`autoreset_mode` must be one of AutoresetMode\.NEXT_STEP, .*, got"):
        make("rlenvs/MDP-v0", autoreset_mode=mode)


@pytest.mark.parametrize("mode", list(AutoresetMode))
def test_a_mode_is_known_by_itself_its_value_and_its_name(mode):
    for name in (mode, mode.value, mode.name):
        assert make("rlenvs/MDP-v0", autoreset_mode=name).metadata["autoreset_mode"] is mode
    assert make("rlenvs/MDP-v0").metadata["autoreset_mode"] is NEXT_STEP


@pytest.mark.parametrize("limit", [0, -2, 1.5, "9", True])
def test_a_wrong_time_limit_is_refused(limit):
    with pytest.raises(ValueError, match="`max_episode_steps` must be an integer of at least 1"):
        make("rlenvs/MDP-v0", max_episode_steps=limit)


@pytest.mark.parametrize("limit", [None, -1])
def test_no_time_limit(limit):
    env = make("rlenvs/MDP-v0", max_episode_steps=limit)
    env.reset(seed=0)
    assert not any(env.step([0, 1, 2, 0])[3].any() for _ in range(300))


def test_wrappers_are_refused_in_a_sentence():
    from rlenvs.envs.mdp.vector import MDPVector

    with pytest.raises(TypeError, match=r"`wrappers` is not taken: .*gymnasium\.wrappers\.vector"):
        MDPVector(2, wrappers=[gym.wrappers.TimeAwareObservation])
    with pytest.raises(gym.error.Error, match="wrappers"):
        make("rlenvs/MDP-v0", wrappers=[gym.wrappers.TimeAwareObservation])


def test_the_arguments_of_the_single_environment_are_checked_by_it():
    with pytest.raises(ValueError, match="`slip` must be a probability"):
        make("rlenvs/GridWorld-v0", slip=2)
    with pytest.raises(TypeError, match="slipp"):
        make("rlenvs/GridWorld-v0", slipp=0.5)


def test_defaults_are_one_lane_and_gymnasiums_wrappers_apply():
    from rlenvs.envs.grid_world.vector import GridWorldVector

    env = GridWorldVector()
    assert env.num_envs == 1
    env = gym.wrappers.vector.RecordEpisodeStatistics(make("rlenvs/MarkovChain-v0", 3))
    env.reset(seed=0)
    lengths = []
    for _ in range(200):
        _, _, terminated, truncated, infos = env.step(np.zeros(3, dtype=int))
        if (terminated | truncated).any():
            lengths += infos["episode"]["l"][infos["_episode"]].tolist()
            assert infos["episode"]["r"][infos["_episode"]].tolist() == [
                -n for n in lengths[-infos["_episode"].sum() :]
            ]
    assert len(lengths) > 5


# --- reset


@pytest.mark.parametrize(
    ("seed", "error", "words"),
    [
        (-1, ValueError, "at least 0"),
        ([0, 1], ValueError, "one entry for each of the 4 lanes"),
        ([0, 1, 2, -5], ValueError, "at least 0"),
        ([0, 1, 2, 1.5], ValueError, "integers"),
        ("0123", TypeError, "`seed` must be"),
        (1.5, TypeError, "`seed` must be"),
    ],
)
def test_a_wrong_seed_is_refused_and_changes_nothing(seed, error, words):
    env = make("rlenvs/Snake-v0")
    env.reset(seed=5)
    before = env.get_state()
    with pytest.raises(error, match=words):
        env.reset(seed=seed)
    actions = actions_for(env, 20)
    there = walk(env, actions)
    env.set_state(before)
    assert walk(env, actions) == there


@pytest.mark.parametrize(
    ("mask", "error", "words"),
    [
        ([True] * 4, TypeError, "NumPy array of bool"),
        (np.ones(4), TypeError, "NumPy array of bool"),
        (np.ones(3, dtype=bool), ValueError, r"shape \(4,\)"),
        (np.zeros(4, dtype=bool), ValueError, "at least one lane"),
    ],
)
def test_a_wrong_reset_mask_is_refused(mask, error, words):
    env = make("rlenvs/MDP-v0")
    env.reset(seed=0)
    with pytest.raises(error, match=words):
        env.reset(options={"reset_mask": mask})


def test_a_reset_leaves_the_users_options_alone():
    env = make("rlenvs/MDP-v0")
    options = {"reset_mask": np.ones(4, dtype=bool), "other": 3}
    env.reset(seed=0, options=options)
    assert set(options) == {"reset_mask", "other"}


def test_a_part_cannot_be_reset_first():
    env = make("rlenvs/MDP-v0")
    with pytest.raises(gym.error.ResetNeeded, match="without `reset_mask` first"):
        env.reset(options={"reset_mask": np.array([True, False, False, False])})
    for call in (lambda: env.step([0] * 4), env.get_state):
        with pytest.raises(gym.error.ResetNeeded, match="has not been reset"):
            call()
    assert env.action_masks().all()


def test_without_a_seed_lanes_differ_and_so_do_environments():
    first, second = make("rlenvs/Snake-v0", 8), make("rlenvs/Snake-v0", 8)
    boards = np.concatenate([first.reset()[0], second.reset()[0]])
    assert len(np.unique(boards.reshape(16, -1), axis=0)) > 8  # of 99 places each; below 9 with chance 2e-7
    assert len(set(first.np_random_seed + second.np_random_seed)) == 16


def test_an_integer_of_numpy_is_a_seed():
    env = make("rlenvs/Snake-v0")
    assert flat(env.reset(seed=np.int64(3))) == flat(env.reset(seed=[3, 4, np.uint8(5), 6]))
    assert env.np_random_seed == (3, 4, 5, 6)


# --- actions


BAD_ACTIONS = [
    ([0, 0, 7, 0], r"`actions\[2\]` must be an integer 0 … "),
    (np.array([0, -1, 0, 0]), r"`actions\[1\]` must be"),
    (np.array([0, 0, 0, 200], dtype=np.uint8), r"`actions\[3\]` must be"),
    (np.array([0, 2**64 - 1, 0, 0], dtype=np.uint64), r"`actions\[1\]` must be"),
    (np.zeros(4), r"`actions\[0\]` must be"),
    ([0, 0.5, 0, 0], r"`actions\[1\]` must be"),
    ([0, None, 0, 0], r"`actions\[1\]` must be"),
    (np.zeros(4, dtype=bool), r"`actions\[0\]` must be"),
    ([0, 0, 0], r"shape \(4,\), got .* of shape \(3,\)"),
    (np.zeros((4, 1), dtype=int), r"of shape \(4, 1\)"),
    (0, r"of shape \(\)"),
    (np.int64(0), r"of shape \(\)"),
]


@pytest.mark.parametrize("env_id", ["rlenvs/MDP-v0", "rlenvs/Snake-v0"])
@pytest.mark.parametrize(("actions", "words"), BAD_ACTIONS, ids=lambda part: repr(part)[:30])
def test_after_a_wrong_action_no_lane_has_moved(env_id, actions, words):
    env = make(env_id)
    env.reset(seed=2)
    twin = copy.deepcopy(env)
    with pytest.raises(InvalidActionError, match=words):
        env.step(actions)
    good = actions_for(env, 30)
    assert walk(env, good) == walk(twin, good)
    assert [g.random() for g in env.np_random] == [g.random() for g in twin.np_random]


@pytest.mark.parametrize("kind", [list, tuple, np.int32, np.uint8, np.uint64, np.int8])
def test_every_form_of_integers_does_the_same(kind):
    env, twin = make("rlenvs/Snake-v0"), make("rlenvs/Snake-v0")
    env.reset(seed=0)
    twin.reset(seed=0)
    for actions in actions_for(env, 20):
        given = kind(actions.tolist()) if kind in (list, tuple) else actions.astype(kind)
        assert flat(env.step(given)) == flat(twin.step(actions))


def test_strided_and_read_only_actions():
    env, twin = make("rlenvs/Snake-v0"), make("rlenvs/Snake-v0")
    env.reset(seed=0)
    twin.reset(seed=0)
    env.step(np.zeros(4, dtype=int))
    twin.step(np.zeros(4, dtype=int))
    wide = np.repeat(actions_for(env, 20), 2, axis=1)
    wide.setflags(write=False)
    compiled = len(env._step.nopython_signatures)
    for actions in wide[:, ::2]:
        assert flat(env.step(actions)) == flat(twin.step(actions.copy()))
    assert len(env._step.nopython_signatures) == compiled > 0  # nothing was compiled for them


@pytest.mark.parametrize("anything", [99, -1, None, 1.5, "x"])
def test_the_action_of_a_lane_that_is_being_reset_is_not_looked_at(anything):
    env = make("rlenvs/GridWorld-v0", 2)
    env.reset(seed=0)
    _, _, terminated, _, _ = env.step([0, 1])  # lane 0 leaves the grid
    assert terminated.tolist() == [True, False]
    _, reward, terminated, truncated, _ = env.step([anything, 1])
    assert (reward[0], terminated[0], truncated[0]) == (0.0, False, False)
    with pytest.raises(InvalidActionError, match=r"`actions\[0\]`"):
        env.step([anything, 1])


def test_a_lane_that_has_ended_must_be_reset_where_that_is_left_to_the_user():
    env = make("rlenvs/GridWorld-v0", 3, autoreset_mode=DISABLED)
    env.reset(seed=0)
    _, _, terminated, _, _ = env.step([1, 0, 1])
    before = env.get_state()
    with pytest.raises(gym.error.ResetNeeded, match="Lane 1 has ended"):
        env.step([1, 1, 1])
    assert flat(env.get_state().state) == flat(before.state)
    assert (env.get_state().streams.words == before.streams.words).all()
    env.reset(options={"reset_mask": terminated})
    env.step([1, 1, 1])


def test_an_impossible_action_is_an_error_where_asked_for():
    env = make("rlenvs/MDP-v0", 3, invalid_action="error")
    env.reset(seed=0)
    while env.get_attr("state")[1] != 2:
        env.step([0, 0 if env.get_attr("state")[1] == 0 else 2, 1 if env.get_attr("state")[2] == 2 else 0])
    twin = copy.deepcopy(env)
    with pytest.raises(InvalidActionError, match=r"`actions\[1\]` 0 is not possible in state 2; possible: \[1\]"):
        env.step([0, 0, 0])
    with pytest.raises(InvalidActionError, match=r"`actions\[0\]` must be an integer"):
        env.step([5, 1, 0])
    assert walk(env, [[0, 1, 0]]) == walk(twin, [[0, 1, 0]])
