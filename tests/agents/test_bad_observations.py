"""What is not in the observation space, and rewards that are no numbers: one sentence each, from every deep agent."""

from typing import Any

import gymnasium as gym
import numpy as np
import pytest

from rlenvs_agents import algorithm
from rlenvs_agents.observations import ObservationReader

DISCRETE, ARRAY = gym.spaces.Discrete(4), gym.spaces.MultiDiscrete([3, 3])
SETTINGS: dict[str, dict[str, Any]] = {
    "genetic": {},
    "reinforce": {"lanes": 1},
    "dqn": {"learning_starts": 1, "exploration": 0.0},
}


class Gives(gym.Env[Any, Any]):
    """Shows the same thing for ever."""

    action_space = gym.spaces.Discrete(2)

    def __init__(self, space: gym.Space[Any], shown: Any, reward: float = 0.0) -> None:
        self.observation_space, self._shown, self._reward = space, shown, reward

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        super().reset(seed=seed)
        return self._shown, {}

    def step(self, action: int) -> Any:
        return self._shown, self._reward, True, False, {}


def learn(name: str, env: gym.Env[Any, Any], steps: int = 5) -> Any:
    row = algorithm(name)
    if row.missing:
        pytest.skip(row.missing)
    return row.agent_class()(env, row.config(SETTINGS[name]), seed=0).learn(steps)


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("shown", [4, -1, None, [1, 2], {"a": 1}, 1.5, np.float64("nan"), 2**64, 2**70], ids=repr)
def test_what_is_not_in_a_discrete_space(name: str, shown: Any) -> None:
    with pytest.raises(ValueError, match=r"`env` must give observations of its observation_space, Discrete\(4\), got"):
        learn(name, Gives(DISCRETE, shown))


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("shown", [1, [1, 2, 0], [[1, 2]], None, [0.5, 1]], ids=repr)
def test_arrays_of_another_shape(name: str, shown: Any) -> None:
    with pytest.raises(ValueError, match="`env` must give observations of its observation_space, MultiDiscrete"):
        learn(name, Gives(ARRAY, shown))


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("shown", [[256, 0], [-1, 0], np.array([256, 0]), np.array([0.5, 0], object)], ids=repr)
def test_numbers_that_bytes_cannot_hold(name: str, shown: Any) -> None:
    with pytest.raises(ValueError, match="`env` must give observations of its observation_space, Box"):
        learn(name, Gives(gym.spaces.Box(0, 255, (2,), np.uint8), shown))


@pytest.mark.parametrize("shown", [0.5, None, [0, 0.5], [[0], [0, 1]], 2**70], ids=repr)
def test_who_predicts_is_told_of_the_argument(shown: Any) -> None:
    with pytest.raises(ValueError, match=r"`observation` must be one or many of Discrete\(4\), got"):
        ObservationReader(DISCRETE).batch(shown)


@pytest.mark.parametrize("name", SETTINGS)
def test_plain_lists_and_numbers_are_arrays_too(name: str) -> None:
    assert learn(name, Gives(ARRAY, [1, 2])).num_timesteps >= 5
    assert learn(name, Gives(DISCRETE, np.int32(3))).num_timesteps >= 5
    assert learn(name, Gives(DISCRETE, 3.0)).num_timesteps >= 5


@pytest.mark.parametrize("lanes", [1, 2])
@pytest.mark.parametrize("reward", [np.nan, np.inf, -np.inf])
def test_dqn_takes_no_reward_that_is_no_number(reward: float, lanes: int) -> None:
    from rlenvs_agents import DQN, DQNConfig

    vector = gym.vector.SyncVectorEnv([lambda: Gives(DISCRETE, 0, reward)] * 2)
    env: Any = Gives(DISCRETE, 0, reward) if lanes == 1 else vector
    with pytest.raises(ValueError, match=r"`env` must give finite rewards, got (nan|inf|-inf)"):
        DQN(env, DQNConfig(buffer_size=100), seed=0).learn(5)
