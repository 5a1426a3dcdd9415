"""What DQN cannot do, it says in one sentence."""

import gymnasium as gym
import numpy as np
import pytest

from rlenvs_agents import DQN, DQNConfig


class Screen(gym.Env):
    def __init__(self, observations: gym.Space, actions: gym.Space) -> None:
        self.observation_space, self.action_space = observations, actions


BOX, TWO = gym.spaces.Box(0, 1, (2,), np.float32), gym.spaces.Discrete(2)


def test_spaces_that_it_cannot_play() -> None:
    with pytest.raises(TypeError, match="`env` must have Discrete or array observations, got Dict"):
        DQN(Screen(gym.spaces.Dict({"a": BOX}), TWO))
    with pytest.raises(TypeError, match="`env` must have a Discrete action space, got Box"):
        DQN(Screen(BOX, BOX))


def test_a_checkpoint_of_another_environment(tmp_path) -> None:
    DQN(gym.make("CartPole-v1"), DQNConfig(buffer_size=10), seed=0).save(tmp_path / "agent")
    with pytest.raises(ValueError, match=r"was trained with the observation space Box.* but `env` has"):
        DQN.load(tmp_path / "agent", gym.make("Acrobot-v1"))


def test_a_checkpoint_of_other_lanes(tmp_path) -> None:
    DQN(gym.make_vec("CartPole-v1", num_envs=3), DQNConfig(buffer_size=10), seed=0).save(tmp_path / "agent")
    assert DQN.load(tmp_path / "agent", gym.make("CartPole-v1")).lanes == 3
    with pytest.raises(ValueError, match=r"`lanes` must be .* or the 2 of the vector environment, got 3"):
        DQN.load(tmp_path / "agent", gym.make_vec("CartPole-v1", num_envs=2))
    DQN(gym.make("CartPole-v1"), DQNConfig(buffer_size=10), seed=0).save(tmp_path / "single")
    with pytest.raises(ValueError, match="was trained in 1 lanes, but `env` has 2"):
        DQN.load(tmp_path / "single", gym.make_vec("CartPole-v1", num_envs=2))
