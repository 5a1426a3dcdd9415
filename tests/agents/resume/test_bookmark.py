"""Environments brought back to the middle of an episode, in another object, through all their wrappers."""

import json
from functools import partial

import gymnasium as gym
import numpy as np
import pytest

import rlenvs
from rlenvs.wrappers import DiscretizeObservation, FrameStack, SkipStart
from rlenvs_agents import bookmark
from rlenvs_agents.bookmark import Bookmark
from rlenvs_agents.state_tree import apart, together


def ale(**kwargs):
    pytest.importorskip("ale_py")
    pytest.importorskip("cv2")
    return rlenvs.make_atari("Breakout", **kwargs) if kwargs else gym.make("ALE/Breakout-v5")


def breakout_raw():
    ale_py = pytest.importorskip("ale_py")
    gym.register_envs(ale_py)
    env = gym.make("ALE/Breakout-v5")
    assert env.spec.kwargs["repeat_action_probability"] == 0.25
    return env


def lunar_lander():
    pytest.importorskip("Box2D")
    return gym.make("LunarLander-v3", enable_wind=True)


ENVS = {
    "CartPole": partial(gym.make, "CartPole-v1"),
    "LunarLander": lunar_lander,
    "Breakout": breakout_raw,
    "Breakout, Atari chain": partial(ale, life_loss_ends=True, sticky=0.25),
    "Breakout, whole games": partial(ale, life_loss_ends=False),
    "Snake": partial(gym.make, "rlenvs/Snake6x6-v0"),
    "a time limit and stacked frames": lambda: FrameStack(gym.make("rlenvs/SlipperyGridWorld-v0", max_episode_steps=9)),
    "stacked frames by Gymnasium": lambda: gym.wrappers.FrameStackObservation(gym.make("CartPole-v1"), 3),
    "discretised": lambda: DiscretizeObservation(gym.make("CartPole-v1"), 6, ranges=[[-2, 2]] * 4),
    "a random start": lambda: SkipStart(gym.make("CartPole-v1"), steps=[0, 9], action=0),
    "normalised rewards": lambda: gym.wrappers.NormalizeReward(gym.make("rlenvs/SlipperyGridWorld-v0")),
    "normalised observations": lambda: gym.wrappers.NormalizeObservation(gym.make("CartPole-v1")),
    "sticky actions": lambda: gym.wrappers.StickyAction(gym.make("rlenvs/MDP-v0"), 0.5),
    "Blackjack": lambda: gym.wrappers.TransformObservation(
        gym.make("Blackjack-v1"), lambda seen: seen[0], gym.spaces.Discrete(32)
    ),
}


def walked(env, mark, n, actions):
    """What n steps show; with resets."""
    shown = []
    for _ in range(n):
        action = int(actions.integers(env.action_space.n))
        mark.remember(action)
        observation, reward, terminated, truncated, _ = env.step(action)
        shown.append((np.asarray(observation).tobytes(), float(reward), terminated, truncated))
        if terminated or truncated:
            observation, _ = mark.reset()
            shown.append(np.asarray(observation).tobytes())
    return shown, observation


@pytest.mark.parametrize("window", [10, 1000])  # notes made anew on the way, and none
@pytest.mark.parametrize("name", ENVS)
def test_it_goes_on_as_if_nothing_had_happened(name, window, monkeypatch):
    monkeypatch.setattr(bookmark, "WINDOW", window)
    env, actions = ENVS[name](), np.random.default_rng(3)
    mark = Bookmark(env)
    assert mark.get_state(None) is None
    mark.reset(5)
    _, observation = walked(env, mark, 133, actions)
    plain, arrays = apart(mark.get_state(observation))
    state = together(json.loads(json.dumps(plain)), arrays)  # as it comes from a file
    later = [walked(env, mark, 61, np.random.default_rng(4))[0]]
    other = ENVS[name]()
    other.reset(seed=77)
    again = Bookmark(other)
    back, _ = again.set_state(state)
    assert (np.asarray(back) == np.asarray(observation)).all()
    assert again.get_state(back)["place"] == state["place"]
    later.append(walked(other, again, 61, np.random.default_rng(4))[0])
    assert later[0] == later[1]
    env.close()
    other.close()


def test_a_lost_life_is_no_place_to_begin(monkeypatch):
    """After a lost life the game goes on: what is noted must reach back to where the game began."""
    monkeypatch.setattr(bookmark, "WINDOW", 1)
    env = ale(life_loss_ends=True)
    mark = Bookmark(env)
    mark.reset(0)
    lives = 0
    while lives < 3:
        mark.remember(0)
        *_, terminated, _, info = env.step(0)
        if terminated:
            lives += not info["game_over"]
            observation, _ = mark.reset()
    state = mark.get_state(observation)
    assert list(state["history"]).count(bookmark.RESET) == 3
    Bookmark(ale(life_loss_ends=True)).set_state(state)
    env.close()


class Unseeded(gym.Env):
    """Its chance is nowhere to be found."""

    observation_space = gym.spaces.Box(0, 1, (), np.float64)
    action_space = gym.spaces.Discrete(2)
    hidden = iter(np.random.default_rng(0).random(10_000))

    def reset(self, *, seed=None, options=None):
        return np.array(next(self.hidden)), {}

    def step(self, action):
        return np.array(next(self.hidden)), 0.0, False, False, {}


@pytest.mark.parametrize(
    "others", [(Unseeded, Unseeded), (ENVS["CartPole"], ENVS["LunarLander"]), (ENVS["CartPole"], ENVS["discretised"])]
)
def test_what_cannot_be_brought_back_says_so(others):
    env, other = (make() for make in others)
    mark = Bookmark(env)
    mark.reset(0)
    _, observation = walked(env, mark, 7, np.random.default_rng(0))
    with pytest.raises(ValueError, match="cannot be brought back to where the agent was saved: its 7 last actions"):
        Bookmark(other).set_state(mark.get_state(observation))


def test_another_variant_of_the_environment_is_noticed():
    mark = Bookmark(gym.make("rlenvs/GridWorld-v0", slip=0.0))
    mark.reset(0)
    env = mark._env
    for _ in range(20):
        mark.remember(1)
        observation, _, terminated, truncated, _ = env.step(1)
        if terminated or truncated:
            observation, _ = mark.reset()
    with pytest.raises(ValueError, match="cannot be brought back"):
        Bookmark(gym.make("rlenvs/GridWorld-v0", slip=0.9)).set_state(mark.get_state(observation))


def test_the_history_stays_short():
    env = gym.make("rlenvs/GridWorld-v0")
    mark = Bookmark(env)
    mark.reset(0)
    _, observation = walked(env, mark, 5000, np.random.default_rng(0))
    assert len(mark.get_state(observation)["history"]) <= bookmark.WINDOW + 2 * 100  # an episode, and marks of resets
    assert mark.get_state(observation)["history"].dtype == np.int8
