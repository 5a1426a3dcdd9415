"""Learn the values of a Markov chain in three ways, and compare them with the exact ones.

Usage: python predict_a_chain.py [--steps 200000] [--picture errors.png]
"""

import argparse

import gymnasium as gym
import numpy as np

from rlenvs.planning import evaluate_policy
from rlenvs_agents import Every, Inverse, MonteCarlo, Prediction, PredictionConfig, TemporalDifference

options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument("--steps", type=int, default=200_000, help="steps to learn from")
options.add_argument("--picture", help="a PNG: the error of each way while it learns")
chosen = options.parse_args()

env = gym.make("rlenvs/MarkovChain-v0")
exact = evaluate_policy(env.unwrapped.model, [0, 0, 0, 0], 1.0)[:3]
print("exact:       ", *(f"{value:8.3f}" for value in exact))

# The first averages whole returns. The others lean on their own estimates of what follows.
ways = {
    "Monte Carlo": PredictionConfig(method=MonteCarlo()),
    "TD(0)": PredictionConfig(method=TemporalDifference(), learning_rate=Inverse(1.0, 0.05)),
    "TD(0.9)": PredictionConfig(method=TemporalDifference(0.9), learning_rate=Inverse(1.0, 0.3)),
}
curves = {}
for name, config in ways.items():
    curve = curves[name] = []
    note = Every(
        max(1, chosen.steps // 100),
        lambda now, curve=curve: curve.append((now.step, np.abs(now.policy.values(range(3)) - exact).max())),
    )
    agent = Prediction(env, config, seed=0).learn(chosen.steps, note)
    print(f"{name + ':':13}", *(f"{value:8.3f}" for value in agent.values(range(3))))

if chosen.picture:
    from matplotlib.figure import Figure

    axes = (figure := Figure(layout="constrained")).subplots()
    for name, curve in curves.items():
        axes.plot(*zip(*curve[1:], strict=True), label=name)
    axes.set(xlabel="steps", ylabel="largest error of three values", yscale="log", title="rlenvs/MarkovChain-v0")
    axes.legend()
    figure.savefig(chosen.picture, dpi=150)
