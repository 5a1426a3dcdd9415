"""Frames kept once, against observations kept whole."""

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.wrappers import FrameStackObservation

from rlenvs.wrappers import FrameStack
from rlenvs_agents.memory import Frames, Prioritised, ReplayMemory, Whole
from tests.agents.memory.naive import agree, held_by


class Pixels(gym.Env):
    """Noise; episodes of random length, ended or cut."""

    observation_space = gym.spaces.Box(0, 255, (5, 4), np.uint8)
    action_space = gym.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return self._frame(), {}

    def step(self, action):
        chance = self.np_random.random()
        return self._frame(), chance, chance < 0.1, 0.1 < chance < 0.2, {}

    def _frame(self):
        return self.np_random.integers(0, 256, (5, 4), np.uint8)


STACKS = {
    "ours": lambda env: FrameStack(env, size=4),
    "ours, zeros": lambda env: FrameStack(env, size=4, padding="zero"),
    "gymnasium": lambda env: FrameStackObservation(env, 4),
    "gymnasium, zeros": lambda env: FrameStackObservation(env, 4, padding_type="zero"),
}


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("n", [1, 3])
def test_the_same_as_whole_observations(stack, n):
    env = STACKS[stack](Pixels())
    memories = [ReplayMemory(100, (4, 5, 4), np.uint8, 2, n_steps=n, store=store) for store in (Whole(), Frames(2.0))]
    observation, _ = env.reset(seed=0)
    for i in range(700):
        following, reward, terminated, truncated, _ = env.step(0)
        for memory in memories:
            memory.add_one(observation, i % 2, reward, terminated, truncated, following)
        observation = env.reset()[0] if terminated or truncated else following
        if i % 50 == 0 or i > 690:
            whole, lean = (held_by(memory) for memory in memories)
            agree(lean, whole[len(whole) - len(lean) :])
    assert memories[1].stored == 100 if "zeros" not in stack else memories[1].stored > 60


@pytest.mark.parametrize("sampler", [None, Prioritised()])
def test_a_hundred_thousand_transitions_of_atari(sampler):
    """All included in 1.1 times the bytes of the frames, even with a sum tree and 18 actions. Nothing is written."""
    memory = ReplayMemory(100_000, (4, 84, 84), np.uint8, 18, n_steps=3, lanes=8, store=Frames(), sampler=sampler)
    assert memory.nbytes <= 1.1 * 100_000 * 84 * 84


def test_holds_all_of_them_while_episodes_have_sixteen_steps():
    memory = ReplayMemory(320, (2, 1, 1), np.uint8, 2, store=Frames())
    frames = [np.full((1, 1), i, np.uint8) for i in range(17)]
    for step in range(16 * 100):
        t = step % 16
        before, after = np.stack([frames[max(t - 1, 0)], frames[t]]), np.stack([frames[t], frames[t + 1]])
        memory.add_one(before, 0, 0.0, t == 15, False, after)
    assert memory.stored == 320


def test_frames_that_do_not_slide_are_refused():
    memory = ReplayMemory(10, (3, 2, 2), np.uint8, 2, store=Frames())
    rng = np.random.default_rng(0)
    before, after = rng.integers(0, 256, (2, 3, 2, 2), np.uint8)
    with pytest.raises(ValueError, match=r"moved on by one frame.*FrameStack the outermost wrapper"):
        memory.add_one(before, 0, 0.0, False, False, after)


@pytest.mark.parametrize("shape", [(4,), (1, 84, 84), ()])
def test_shapes_that_are_no_stacks_are_refused(shape):
    with pytest.raises(ValueError, match=r"`store` Frames\(\) needs"):
        ReplayMemory(10, shape, np.uint8, 2, store=Frames())


@pytest.mark.parametrize("ratio", [0.5, 3, float("nan")])
@pytest.mark.parametrize("kind", [Whole, Frames])
def test_room_out_of_range_is_refused(kind, ratio):
    with pytest.raises(ValueError, match="`records_per_transition`"):
        kind(ratio)
