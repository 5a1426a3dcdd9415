"""From keys to actions: the environment's own, those its actions mean, and sensible ones."""

import gymnasium as gym
import numpy as np
import pytest
from gymnasium import spaces
from hypothesis import given
from hypothesis import strategies as st
from scripted import Counter

import rlenvs  # noqa: F401  # registers the ids
from rlenvs_play import controls_for
from rlenvs_play.controls import COMMANDS, RESERVED, ChordControls, command_keys
from rlenvs_play.default_keys import chord_of_meaning, keys_of_meanings


@pytest.mark.parametrize(
    ("env_id", "held", "action"),
    [
        ("rlenvs/Snake-v0", ["left"], 2),
        ("rlenvs/Snake-v0", ["a"], 2),
        ("rlenvs/GridWorld-v0", ["down"], 1),
        ("rlenvs/MDP-v0", ["2"], 2),
        ("rlenvs/MarkovChain-v0", ["space"], 0),
        ("CartPole-v1", ["right"], 1),
        ("MountainCar-v0", ["right"], 2),
        ("MountainCar-v0", ["left", "right"], 1),
        ("FrozenLake-v1", ["up"], 3),
        ("Taxi-v4", ["space"], 4),
        ("Blackjack-v1", ["h"], 1),
    ],
)
def test_environments_have_keys(env_id, held, action):
    assert controls_for(gym.make(env_id)).choose(held) == action


@pytest.mark.parametrize("n_actions", [1, 2, 3, 4, 5, 10, 11, 36])
def test_every_discrete_space_can_be_played(n_actions):
    controls = controls_for(Counter(n_actions))
    reached = {controls.choose([key]) for key in controls.keys}
    assert reached == set(range(n_actions))
    assert [row.action for row in controls.legend] == list(range(n_actions))


def test_actions_without_a_key_can_be_typed():
    controls = controls_for(Counter(500))
    assert controls.typed == range(500)
    assert {controls.choose([key]) for key in controls.keys} == set(range(36))


def test_actions_that_do_not_begin_at_zero():
    controls = controls_for(Counter(action_space=spaces.Discrete(3, start=5)))
    assert {controls.choose([key]) for key in controls.keys} == {5, 6, 7}


@pytest.mark.parametrize(
    ("meaning", "chord"),
    [("LEFT", {"left"}), ("UPRIGHTFIRE", {"up", "right", "space"}), ("NOOP", set()), ("A0", None), ("FIREWORK", None)],
)
def test_meanings(meaning, chord):
    assert chord_of_meaning(meaning) == chord


@given(st.lists(st.sampled_from(["UP", "LEFT", "FIRE", "UPFIRE", "NOOP", "JUMP", "JOG", "X1"]), max_size=8))
def test_keys_of_meanings_never_name_an_action_that_is_not_there(meanings):
    chords = keys_of_meanings(meanings)
    assert all(0 <= action < len(meanings) for action in chords.values())


def test_the_full_set_of_atari_is_played_with_arrows_and_with_letters():
    moves = ["UP", "RIGHT", "LEFT", "DOWN", "UPRIGHT", "UPLEFT", "DOWNRIGHT", "DOWNLEFT"]
    meanings = ["NOOP", "FIRE", *moves, *(f"{move}FIRE" for move in moves)]

    class Atari(Counter):
        def get_action_meanings(self):
            return meanings

    controls = controls_for(Atari(18))
    assert controls.idle == 0
    assert controls.choose(["left", "space", "down"]) == 17
    assert controls.choose(["a", "space"]) == 12


def test_the_newest_key_decides_where_no_chord_fits():
    controls = controls_for(Counter(4), {"left": 0, "right": 1})
    assert controls.choose(["left", "right"]) == 1
    assert controls.choose(["right", "left"]) == 0
    assert controls.choose(["x"]) is None


keys_of_chords = st.sampled_from("abcdef")


@given(
    st.dictionaries(st.frozensets(keys_of_chords, min_size=1, max_size=3), st.integers(0, 9), min_size=1),
    st.lists(keys_of_chords, unique=True),
)
def test_chosen_chords_are_held_and_as_large_as_possible(actions, held):
    controls = ChordControls(actions, meanings={})
    action = controls.choose(held)
    fitting = [chord for chord in actions if chord <= set(held)]
    assert (action is None) == (not fitting)
    if fitting:
        newest = next(key for key in reversed(held) if any(key in chord for chord in fitting))
        largest = max(len(chord) for chord in fitting if newest in chord)
        assert action in {actions[chord] for chord in fitting if newest in chord and len(chord) == largest}


def test_own_keys_replace_all_others():
    controls = controls_for(gym.make("rlenvs/Snake-v0"), {"i": 0, "k": 1, "up+space": 2})
    assert controls.keys == {"i", "k", "up", "space"}
    assert controls.choose(["space", "up"]) == 2


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"left": 9}, "no action of Discrete"),
        ({"escape": 0}, "escape quits"),
        ({}, "names no key"),
        ({(): 0}, "names no key"),
        ({"wa": 0}, r"w\+a"),
    ],
)
def test_wrong_keys_are_refused(keys, message):
    with pytest.raises(ValueError, match=message):
        controls_for(Counter(4), keys)


def test_keys_of_the_game_are_not_keys_of_the_session():
    taken = frozenset("phrt")
    assert not taken & command_keys(taken).keys()
    assert command_keys(taken)["f2"].name == "pause"
    assert {key for command in COMMANDS for key in command.keys} >= RESERVED


def test_keys_of_an_environment_whose_actions_a_wrapper_changed_are_not_used():
    class Halved(gym.ActionWrapper):
        def __init__(self, env):
            super().__init__(env)
            self.action_space = spaces.Discrete(2)

        def action(self, action):
            return action

    with pytest.warns(UserWarning, match="cannot be used"):
        controls = controls_for(Halved(gym.make("rlenvs/Snake-v0")))
    assert controls.choose(["right"]) == 1


def test_box_keys_push_one_dimension_to_its_bound():
    space = spaces.Box(np.array([-1.0, 0.0], np.float32), np.array([1.0, 5.0], np.float32))
    controls = controls_for(Counter(action_space=space))
    assert controls.idle.tolist() == [0.0, 0.0]
    assert controls.choose(["left"]).tolist() == [-1.0, 0.0]
    assert controls.choose(["left", "up"]).tolist() == [-1.0, 5.0]
    assert controls.choose(["left", "right"]).tolist() == [1.0, 0.0]
    assert "down" not in controls.keys
    assert all(space.contains(controls.choose([key])) for key in controls.keys)


def test_letters_that_go_on_counting_are_no_directions():
    controls = controls_for(Counter(n_actions=30))
    assert [controls.choose([key]) for key in ("0", "9", "a", "d", "t")] == [0, 9, 10, 13, 29]
    assert not {"left", "right"} & controls.keys


def test_binary_actions_are_chords():
    controls = controls_for(Counter(action_space=spaces.MultiBinary(6)))
    assert controls.choose(["1", "3"]).tolist() == [1, 0, 1, 0, 0, 0]
    assert controls.idle.tolist() == [0] * 6


def test_several_choices_have_a_row_of_keys_each():
    space = spaces.MultiDiscrete([3, 2, 5])
    controls = controls_for(Counter(action_space=space))
    assert controls.choose(["2", "q", "f"]).tolist() == [2, 1, 4]
    assert space.contains(controls.idle)


@given(
    st.one_of(
        st.integers(1, 8).map(lambda n: spaces.Box(-1.0, 1.0, (n,), np.float32)),
        st.integers(1, 20).map(spaces.MultiBinary),
        st.lists(st.integers(1, 11), min_size=1, max_size=4).map(spaces.MultiDiscrete),
    ),
    st.data(),
)
def test_whatever_is_held_gives_an_action_of_the_space(space, data):
    controls = controls_for(Counter(action_space=space))
    held = data.draw(st.lists(st.sampled_from(sorted(controls.keys)), unique=True)) if controls.keys else []
    action = controls.choose(held)
    assert action is None if not held else space.contains(action)
    assert space.contains(controls.idle)


@pytest.mark.parametrize(
    ("space", "message"),
    [
        (spaces.Box(-np.inf, np.inf, (2,)), "infinite"),
        (spaces.Box(-1, 1, (20,)), "8 dimensions"),
        (spaces.MultiBinary(99), "99"),
        (spaces.MultiDiscrete([20]), "11 values"),
    ],
)
def test_spaces_too_large_for_keys_say_so(space, message):
    with pytest.raises(ValueError, match=message):
        controls_for(Counter(action_space=space))


def test_other_spaces_say_so():
    with pytest.raises(TypeError, match="Discrete, MultiBinary, MultiDiscrete and Box"):
        controls_for(Counter(action_space=spaces.Text(3)))
