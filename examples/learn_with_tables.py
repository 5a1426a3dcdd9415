"""Learn a grid world with Q-learning and SARSA, and say exactly how far from the best each policy is.

Usage: python learn_with_tables.py
"""

import gymnasium as gym

from rlenvs_agents import QLearning, Sarsa, TabularConfig, evaluate

env = gym.make("rlenvs/GridWorld-v0")

# Values begin at the largest reward: whatever disappoints is left, and so everything gets tried.
config = TabularConfig(discount=0.9, learning_rate=0.5, exploration=0.0, initial_value=10.0)

for algorithm in (QLearning, Sarsa):
    agent = algorithm(env, config, seed=0).learn(10_000)
    result = evaluate(agent, env, episodes=10)
    print(f"{agent.algorithm}: return {result.mean_return:g} in {result.mean_length:g} steps")
    print(f"    value of the start {result.exact.start_value:.4f}, short of the best by {result.exact.distance:.4f}")
