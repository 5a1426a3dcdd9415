"""FrameStack: Gymnasium's values at less cost, and each frame once in a replay memory."""

from __future__ import annotations

import copy
import pickle
import time
import tracemalloc
from collections import deque

import gymnasium as gym
import numpy as np
import pytest
from gymnasium import spaces
from gymnasium.vector.utils import batch_space
from gymnasium.wrappers import FrameStackObservation
from hypothesis import given
from hypothesis import strategies as st
from scripted_games import ScriptedGame, episodes, rollout, same

from rlenvs.wrappers import FrameStack, LeanStack, StackedFrames


class Camera(gym.Env):
    """Shows random pictures in one buffer that it writes into again and again; episodes of ``length`` steps."""

    def __init__(self, shape=(84, 84), length=50, dtype=np.uint8):
        self.observation_space = spaces.Box(0, 255, shape, dtype)
        self.action_space = spaces.Discrete(2)
        self.buffer = np.zeros(shape, dtype)
        self.length = length

    def _picture(self):
        self.buffer[...] = self.np_random.integers(0, 255, self.buffer.shape)
        return self.buffer

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.time = 0
        return self._picture(), {}

    def step(self, action):
        self.time += 1
        return self._picture(), 0.0, self.time == self.length, False, {}


@given(
    script=episodes(),
    actions=st.lists(st.integers(0, 2), max_size=20),
    size=st.integers(1, 5),
    axis=st.sampled_from(["first", "last"]),
    padding=st.sampled_from(["reset", "zero", [7, 8, 9]]),
)
def test_equals_the_reference(script, actions, size, axis, padding):
    seen = rollout(FrameStack(ScriptedGame(script, reuse_buffers=True), size, axis=axis, padding=padding), actions)
    expected, frames = [], deque(maxlen=size)
    for result in rollout(ScriptedGame(script), actions):
        if len(result) == 2:
            filler = {"reset": result[0], "zero": np.zeros(3, np.int64)}.get(str(padding), np.array([7, 8, 9]))
            frames.extend([filler] * size)
        frames.append(result[0])
        expected.append((np.stack(frames, axis=0 if axis == "first" else -1), *result[1:]))
    assert same(seen, expected)


@pytest.mark.parametrize("padding", ["reset", "zero"])
@pytest.mark.parametrize("name", ["CartPole-v1", "FrozenLake-v1", "Blackjack-flat", "ALE/Pong-v5"])
def test_values_and_spaces_are_those_of_gymnasium(name, padding):
    def make():
        if name == "ALE/Pong-v5":
            gym.register_envs(pytest.importorskip("ale_py"))
        if name == "Blackjack-flat":
            return gym.wrappers.FlattenObservation(gym.make("Blackjack-v1"))
        return gym.make(name)

    ours = FrameStack(make(), 3, padding=padding)
    theirs = FrameStackObservation(make(), 3, padding_type=padding)
    assert ours.observation_space == theirs.observation_space
    ours.action_space.seed(1)
    actions = [ours.action_space.sample() for _ in range(40)]
    for a, b in zip(rollout(ours, actions), rollout(theirs, actions), strict=True):
        assert np.array_equal(a[0], b[0])
        assert a[0].dtype == b[0].dtype
        assert ours.observation_space.contains(a[0])
        assert a[1:-1] == b[1:-1]


@pytest.mark.parametrize(
    "space",
    [
        spaces.Box(np.array([0.0, -np.inf], np.float32), np.array([1.0, 2.0], np.float32)),
        spaces.Discrete(5, start=3),
        spaces.MultiDiscrete([2, 3]),
        spaces.MultiBinary(4),
        spaces.MultiBinary([2, 3]),
    ],
)
def test_spaces_first_axis_as_gymnasium_batches_them_last_axis_transposed(space):
    env = Camera()
    env.observation_space = space
    assert FrameStack(env, 3).observation_space == batch_space(space, 3)
    last = FrameStack(env, 3, axis="last").observation_space
    sample = np.stack([space.sample() for _ in range(3)], axis=-1).astype(space.dtype)
    assert last.contains(sample)


def test_an_observation_shares_memory_with_no_other_and_not_with_the_game():
    for axis in ("first", "last"):
        env = FrameStack(Camera(), 4, axis=axis)
        seen = [result[0] for result in rollout(env, [0] * 20)]
        for k, observation in enumerate(seen):
            assert not np.shares_memory(observation, env.unwrapped.buffer)
            assert not any(np.shares_memory(observation, other) for other in seen[:k])


def test_writing_into_an_observation_reaches_no_other():
    def play(spoil):
        env, results = FrameStack(Camera(), 4), []
        for result in rollout(env, [0] * 20):
            results.append(np.array(result[0]))
            if spoil:
                result[0][...] = 0
        return results

    assert same(play(spoil=False), play(spoil=True))


def test_frames_are_shared_between_neighbours_and_cannot_be_written():
    env = FrameStack(Camera(), 4)
    first, _ = env.reset(seed=0)
    assert len({id(frame) for frame in first.frames}) == 1  # padding costs nothing either
    second = env.step(0)[0]
    assert all(a is b for a, b in zip(first.frames[1:], second.frames[:-1], strict=True))
    assert all(not frame.flags.writeable for frame in second.frames)


@pytest.mark.parametrize("axis", ["first", "last"])
def test_a_lean_stack_gives_the_observation_back(axis):
    for result in rollout(FrameStack(Camera((5, 4)), 3, axis=axis), [0] * 60):
        lean = result[0].lean()
        assert same(np.asarray(lean), np.asarray(result[0]))
        assert (lean.shape, lean.dtype, len(lean)) == (result[0].shape, result[0].dtype, len(result[0]))
        assert np.array_equal(lean.newest, result[0].take(-1, axis=0 if axis == "first" else -1))
    assert np.asarray(lean, dtype=np.float32).dtype == np.float32
    with pytest.raises(ValueError, match="without a copy"):
        np.array(lean, copy=False)


def test_gymnasium_removed_lazy_frames__ours_keeps_each_frame_once():
    # baselines#295: 30 GB instead of 7. Here 2000 transitions of 4 frames each, in episodes of 50 steps.
    env, n, frame = FrameStack(Camera(length=50), 4), 2000, 84 * 84
    observation, _ = env.reset(seed=0)
    memory = deque(maxlen=n)
    tracemalloc.start()
    for _ in range(n):
        following, _, terminated, _, _ = env.step(0)
        memory.append((observation.lean(), following.lean()))
        observation = env.reset()[0] if terminated else following
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # 51 frames for 50 transitions, and Python's objects; two stacks of four frames each would be 8.
    assert used < 1.1 * n * frame
    assert np.asarray(memory[-1][0]).shape == (4, 84, 84)


def test_a_pickled_memory_holds_each_frame_once():
    leans = [result[0].lean() for result in rollout(FrameStack(Camera(length=500), 4), [0] * 100)]
    data = pickle.dumps(leans)
    assert len(data) < 1.1 * 101 * 84 * 84
    assert all(same(np.asarray(a), np.asarray(b)) for a, b in zip(leans, pickle.loads(data), strict=True))


def test_what_is_computed_from_an_observation_offers_no_frames():
    observation, _ = FrameStack(Camera(), 4).reset(seed=0)
    for derived in (observation.copy(), observation[1:], observation / 255, pickle.loads(pickle.dumps(observation))):
        assert isinstance(derived, StackedFrames)
        assert derived.frames is None
        with pytest.raises(ValueError, match="copied, sliced or computed"):
            derived.lean()
    assert np.array_equal(copy.deepcopy(observation), observation)
    assert type(np.asarray(observation)) is np.ndarray


def test_a_copied_wrapper_goes_on_alike():
    env = FrameStack(Camera(), 4)
    env.reset(seed=0)
    env.step(0)
    twin = copy.deepcopy(env)
    assert same([env.step(0) for _ in range(9)], [twin.step(0) for _ in range(9)])


def test_dict_observations_are_refused_with_a_remedy():
    env = Camera()
    env.observation_space = spaces.Dict(a=spaces.Discrete(2))
    with pytest.raises(TypeError, match="FlattenObservation"):
        FrameStack(env)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"size": 0}, "`size` must be a whole number of at least 1, got 0"),
        ({"size": True}, "`size` must be"),
        ({"size": 2.0}, "`size` must be"),
        ({"axis": 0}, "`axis` must be one of"),
        ({"padding": "first"}, "`padding` must be"),
        ({"padding": [1, 2]}, "`padding` must be"),
    ],
)
def test_bad_arguments_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        FrameStack(ScriptedGame([]), **arguments)


def test_lean_stacks_have_a_short_repr():
    assert repr(LeanStack((np.zeros((2, 2)),) * 3, -1)) == "LeanStack(shape=(2, 2, 3), dtype=float64)"


def test_costs_less_than_three_quarters_of_gymnasiums_wrapper():
    # Usual figure: 0.48. The wider limit keeps a busy machine from failing a good build: each side's best of many short
    # interleaved runs.
    class Still(gym.Env):
        observation_space = spaces.Box(0, 255, (84, 84), np.uint8)
        action_space = spaces.Discrete(2)
        picture = np.zeros((84, 84), np.uint8)

        def reset(self, *, seed=None, options=None):
            return self.picture, {}

        def step(self, action):
            return self.picture, 0.0, False, False, {}

    rivals = {"bare": Still(), "ours": FrameStack(Still(), 4), "theirs": FrameStackObservation(Still(), 4)}
    best = dict.fromkeys(rivals, np.inf)
    for env in rivals.values():
        env.reset()
    for _ in range(40):
        for name, env in rivals.items():
            start = time.perf_counter()
            for _ in range(100):
                env.step(0)
            best[name] = min(best[name], time.perf_counter() - start)
    assert best["ours"] - best["bare"] < 0.75 * (best["theirs"] - best["bare"])
