"""The ready potentials: distances to the goal and to the food."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest
from gymnasium import spaces
from scripted_games import rollout

import rlenvs  # noqa: F401  # registers the environments
from rlenvs.wrappers import ShapeReward


def test_goal_distance_is_the_number_of_steps():
    grid = ShapeReward(gym.make("rlenvs/GridWorld-v0", observation="index"), "goal_distance", 1.0)
    assert [grid.potential(state) for state in range(16)] == [
        -float(3 - row + 3 - column) for row in range(4) for column in range(4)
    ]
    lake = ShapeReward(gym.make("FrozenLake-v1", is_slippery=False), "goal_distance", 1.0)
    assert [lake.potential(state) for state in (0, 1, 4, 6, 14, 8)] == [-6.0, -5.0, -5.0, -3.0, -1.0, -4.0]
    # Of three ends the best one is the goal.
    many = ShapeReward(gym.make("rlenvs/GridWorld6x6-v0", observation="index"), "goal_distance", 1.0, scale=0.5)
    assert many.potential(29) == -0.5


def test_a_goal_is_where_one_arrives_not_where_one_stays():
    # A toy-text table: 0 - 1 - 2, a pit at 3; arriving at 2 costs 1, falling costs 5, staying at an end costs nothing.
    class Pit(gym.Env):
        observation_space, action_space = spaces.Discrete(4), spaces.Discrete(2)
        P = {
            0: {0: [(1.0, 3, -5.0, True)], 1: [(1.0, 1, -1.0, False), (0.0, 2, 9.0, True)]},
            1: {0: [(1.0, 0, -1.0, False)], 1: [(1.0, 2, -1.0, True)]},
            2: {0: [(1.0, 2, 0.0, True)], 1: [(1.0, 2, 0.0, True)]},
            3: {0: [(1.0, 3, 0.0, True)], 1: [(1.0, 3, 0.0, True)]},
        }

    env = ShapeReward(Pit(), "goal_distance", 1.0)
    assert [env.potential(state) for state in range(4)] == [-2.0, -1.0, 0.0, -3.0]


def test_food_distance_is_the_same_for_every_observation():
    def play(observation):
        env = ShapeReward(gym.make("rlenvs/Snake-v0", observation=observation), "food_distance", 0.9)
        return [result[1:] for result in rollout(env, [3, 3, 0, 0, 2, 2, 1, 1, 1, 3] * 4, seed=2)]

    board = play("board")
    assert board == play("planes") == play("features") == play("image")
    env = gym.make("rlenvs/Snake-v0")
    codes, _ = env.reset(seed=2)
    (head,), (food,) = np.argwhere(codes == 2), np.argwhere(codes == 3)
    shaped = ShapeReward(env, "food_distance", 0.9)
    assert shaped.potential(codes) == -np.abs(head - food).sum()
    assert shaped.potential(np.where(codes == 3, 0, codes)) == 0.0


def test_ready_potentials_say_where_they_belong():
    with pytest.raises(ValueError, match='"food_distance" is for rlenvs/Snake'):
        ShapeReward(gym.make("CartPole-v1"), "food_distance", 0.9)
    with pytest.raises(ValueError, match="finite `model`"):
        ShapeReward(gym.make("CartPole-v1"), "goal_distance", 0.9)
    with pytest.raises(ValueError, match="needs an environment with an end"):
        ShapeReward(gym.make("rlenvs/MDP-v0"), "goal_distance", 0.9)
