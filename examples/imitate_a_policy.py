"""Teach a network of five units to do what a policy written by hand does on CartPole.

Usage: python imitate_a_policy.py [--updates 1000] [--picture loss.png]
"""

import argparse

import gymnasium as gym
import numpy as np

from rlenvs_agents import Imitation, evaluate
from rlenvs_agents.policy_search import cart_pole_lean

options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument("--updates", type=int, default=1_000, help="updates to learn for")
options.add_argument("--picture", help="a PNG: the cross-entropy while it learns")
chosen = options.parse_args()

env = gym.make("CartPole-v1", max_episode_steps=200)

# 50 environments at a time: each update learns what the teacher would do in the 50 states they are in.
pupil = Imitation(env, seed=0, teacher=cart_pole_lean).learn_updates(chosen.updates)
print(f"Cross-entropy: {np.mean(pupil.losses[:10]):.3f} at first, {np.mean(pupil.losses[-100:]):.3f} at last")

for name, policy in (("teacher", cart_pole_lean), ("pupil", pupil)):
    print(f"{name}: mean return {evaluate(policy, env).mean_return:.2f}")

if chosen.picture:
    from matplotlib.figure import Figure

    axes = (figure := Figure(layout="constrained")).subplots()
    axes.plot(pupil.losses, linewidth=0.5)
    axes.set(
        xlabel="updates", ylabel="binary cross-entropy", title="CartPole-v1, pushing toward the lean", ylim=(0, None)
    )
    figure.savefig(chosen.picture, dpi=150)
