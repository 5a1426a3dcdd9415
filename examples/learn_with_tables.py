"""Learn a grid world with Q-learning and SARSA, and say exactly how far from the best each policy is.

Usage: python learn_with_tables.py [--steps 10000] [--picture learned.png]
"""

import argparse

import gymnasium as gym

from rlenvs_agents import QLearning, Sarsa, TabularConfig, Truth, evaluate

options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument("--steps", type=int, default=10_000, help="steps to learn from")
options.add_argument("--picture", help="a PNG: what Q-learning has learned beside what is exact")
chosen = options.parse_args()

env = gym.make("rlenvs/GridWorld-v0")

# Values begin at the largest reward: whatever disappoints is left, and so everything gets tried.
config = TabularConfig(discount=0.9, learning_rate=0.5, exploration=0.0, initial_value=10.0)

agents = [algorithm(env, config, seed=0).learn(chosen.steps) for algorithm in (QLearning, Sarsa)]
for agent in agents:
    result = evaluate(agent, env, episodes=10)
    print(f"{agent.algorithm}: return {result.mean_return:g} in {result.mean_length:g} steps")
    print(f"    value of the start {result.exact.start_value:.4f}, short of the best by {result.exact.distance:.4f}")

if chosen.picture:
    from rlenvs_agents.reproduce import draw_board

    draw_board(chosen.picture, env, agents[0].q_values(Truth.of(env).observations), config.discount)
