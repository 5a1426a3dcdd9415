"""Games of several lives: what is told of training are whole games, and so are scores."""

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode

from rlenvs.wrappers import ClipReward, EndOnLifeLoss, SkipStart
from rlenvs_agents import evaluate
from rlenvs_agents.algorithms import algorithm

LIVES, STEPS, REWARD = 3, 4, 5.0


class Lives(gym.Env):
    """Lives end at these steps: three of four steps, unless told; each step pays 5."""

    observation_space = gym.spaces.Box(0, 1, (2,), np.float32)
    action_space = gym.spaces.Discrete(2)

    def __init__(self, ends=tuple(range(STEPS, LIVES * STEPS + 1, STEPS)), reward=REWARD):
        self._ends, self._reward = ends, reward

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self._step = 0
        return np.zeros(2, np.float32), {"lives": len(self._ends)}

    def step(self, action):
        self._step += 1
        lives = sum(self._step < end for end in self._ends)
        seen = np.full(2, self._step / self._ends[-1], np.float32)
        return seen, self._reward, lives == 0, False, {"lives": lives}


def chain(*, life_loss_ends=True, clip_reward=True):
    env = EndOnLifeLoss(Lives()) if life_loss_ends else Lives()
    return ClipReward(env) if clip_reward else env


gym.register("tests/Lives-v0", chain)

SMALL = {"learning_starts": 10, "buffer_size": 100}
SETTINGS = {
    "one lane": ("dqn", {**SMALL, "hidden": [4]}),
    "three lanes": ("dqn", {**SMALL, "hidden": [4], "lanes": 3}),
    "SB3": ("sb3-dqn", {"settings": SMALL}),
}
CHAINS = [{}, {"clip_reward": False}, {"life_loss_ends": False}, {"life_loss_ends": False, "clip_reward": False}]


@pytest.mark.parametrize("arguments", CHAINS, ids=lambda made: "-".join(made) or "whole")
@pytest.mark.parametrize("name", SETTINGS)
def test_training_tells_of_whole_games(name, arguments) -> None:
    algo, settings = SETTINGS[name]
    pytest.importorskip({"dqn": "tensorflow", "sb3-dqn": "stable_baselines3"}[algo])
    row = algorithm(algo)
    env = gym.make("tests/Lives-v0", **arguments)
    agent = row.load()(env, row.config(settings), seed=0).learn(3 * LIVES * STEPS * 2)
    games = 6 if name != "three lanes" else 3
    assert games <= agent.episodes.count <= 6
    assert set(agent.episodes.returns) == {LIVES * STEPS * REWARD}
    assert set(agent.episodes.lengths) == {LIVES * STEPS}


@pytest.mark.parametrize("arguments", CHAINS, ids=lambda made: "-".join(made) or "whole")
@pytest.mark.parametrize("mode", list(AutoresetMode))
def test_vector_environments_tell_of_whole_games(mode, arguments) -> None:
    pytest.importorskip("tensorflow")
    row, how = algorithm("dqn"), {"autoreset_mode": mode}
    vector = gym.make_vec("tests/Lives-v0", 3, vectorization_mode="sync", vector_kwargs=how, **arguments)
    agent = row.load()(vector, row.config({**SMALL, "hidden": [4], "lanes": 3}), seed=0)
    agent.learn(3 * LIVES * STEPS * 2)
    assert 3 <= agent.episodes.count <= 6
    assert set(agent.episodes.returns) == {LIVES * STEPS * REWARD}
    assert set(agent.episodes.lengths) == {LIVES * STEPS}


def test_sb3_counts_a_game_that_two_calls_share() -> None:
    pytest.importorskip("stable_baselines3")
    row = algorithm("sb3-dqn")
    agent = row.load()(gym.make("tests/Lives-v0"), row.config({"settings": SMALL}), seed=0)
    for _ in range(4):
        agent.learn(LIVES * STEPS // 2)
    assert list(agent.episodes.returns) == [LIVES * STEPS * REWARD] * 2


class Coin(gym.Env):
    """One action is right; 100 steps, no chance."""

    observation_space = gym.spaces.Discrete(1)
    action_space = gym.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self._step = 0
        return 0, {}

    def step(self, action):
        self._step += 1
        return 0, float(action), False, self._step == 100, {}


def test_epsilon_is_the_probability_of_a_random_action() -> None:
    """Half of the random actions are right. Fixed seeds: it never fails by chance."""
    returns = evaluate(lambda _: 1, Coin(), episodes=100, epsilon=0.2).returns
    assert np.mean(returns) == pytest.approx(90, abs=1)
    assert len(set(returns)) > 5
    assert returns == evaluate(lambda _: 1, Coin(), episodes=100, epsilon=0.2).returns
    assert set(evaluate(lambda _: 1, Coin(), episodes=3).returns) == {100.0}


def test_random_actions_are_possible_ones() -> None:
    class Masked(Coin):
        def reset(self, *, seed=None, options=None):
            return super().reset(seed=seed)[0], {"action_mask": np.array([0, 1], np.int8)}

        def step(self, action):
            assert action == 1
            return (*super().step(action)[:4], {"action_mask": np.array([0, 1], np.int8)})

    assert evaluate(lambda _: 1, Masked(), episodes=2, epsilon=0.9).mean_return == 100


def test_an_epsilon_that_is_no_probability() -> None:
    with pytest.raises(ValueError, match="`epsilon`"):
        evaluate(lambda _: 1, Coin(), epsilon=1.5)


def opened():
    """The first life lasts for five steps, the second for two: less than the moves that are played at its start."""
    return ClipReward(SkipStart(EndOnLifeLoss(Lives((5, 7), reward=1.0)), 3, action=0))


gym.register("tests/Short-v0", opened)


@pytest.mark.parametrize("name", SETTINGS)
def test_a_game_that_ends_in_moves_of_a_wrapper_is_told(name) -> None:
    """Of each game the agent plays two steps; the rest is played at the start of its lives."""
    algo, settings = SETTINGS[name]
    pytest.importorskip({"dqn": "tensorflow", "sb3-dqn": "stable_baselines3"}[algo])
    row = algorithm(algo)
    agent = row.load()(gym.make("tests/Short-v0"), row.config(settings), seed=0).learn(60)
    assert agent.episodes.count in range(27, 31)
    assert set(agent.episodes.lengths) == {2}
    # Three steps to open, two played, and what the moves of the game before have earned in its last life.
    assert set(agent.episodes.returns) <= {5.0, 7.0}


@pytest.mark.parametrize("mode", AutoresetMode)
def test_a_vector_environment_tells_of_such_games_too(mode) -> None:
    pytest.importorskip("tensorflow")
    from rlenvs_agents import DQN, DQNConfig

    env = gym.vector.SyncVectorEnv([opened] * 3, autoreset_mode=mode)
    agent = DQN(env, DQNConfig(**SMALL, hidden=[4]), seed=0).learn(60)
    assert agent.episodes.count in range(27, 31)
    assert set(agent.episodes.lengths) == {2}
    assert set(agent.episodes.returns) <= {5.0, 7.0}
