"""Wrap an environment: give the learner hints, and prove that the best policies stay the best."""

import gymnasium as gym

import rlenvs  # noqa: F401  # registers the environments
from rlenvs.wrappers import FrameStack, ShapeReward

# Every step towards the goal now pays a little, every step away costs a little.
env = ShapeReward(gym.make("rlenvs/GridWorld-v0"), "goal_distance", discount=0.95)
env.reset(seed=0)
for move, word in ((1, "down"), (0, "up")):
    _, reward, _, _, info = env.step(move)
    print(f"{word}: reward {reward:+.3f}, without the hint {info['raw_reward']:+.3f}")
print(env.verify())

# Snake as a network sees it: the last four boards at once.
env = FrameStack(gym.make("rlenvs/Snake-v0"), size=4)
observation, _ = env.reset(seed=0)
print(f"One board has shape {env.unwrapped.observation_space.shape}, the stack {observation.shape}.")
