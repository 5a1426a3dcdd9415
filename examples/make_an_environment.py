"""Make an environment, walk through it at random, and look at it in the terminal."""

import gymnasium as gym

import rlenvs  # noqa: F401  # registers the environments

env = gym.make("rlenvs/GridWorld-v0", observation="index", render_mode="ansi")
env.action_space.seed(333)
observation, info = env.reset(seed=333)
print(env.render())

total = 0.0
over = False
while not over:
    action = env.action_space.sample()
    observation, reward, terminated, truncated, info = env.step(action)
    total += float(reward)
    over = terminated or truncated
    print(f"\n{env.unwrapped.action_meanings[action]} -> cell {observation}, reward {reward:g}")
    print(env.render())

print(f"\nThe episode is over. Return: {total:g}")
env.close()
