"""Learn CartPole by REINFORCE, with and without a learned baseline.

Usage: python learn_with_gradients.py [--updates 60] [--picture curves.png]
"""

import argparse

import gymnasium as gym

from rlenvs_agents import BestWeights, Every, LearnedBaseline, NoBaseline, Reinforce, ReinforceConfig, evaluate

options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument("--updates", type=int, default=60, help="updates to learn for, of 10 episodes each")
options.add_argument("--picture", help="a PNG: returns while it learns")
chosen = options.parse_args()

env = gym.make("CartPole-v1", max_episode_steps=200)
curves = {}
for name, baseline in (("returns alone", NoBaseline()), ("returns beyond a learned value", LearnedBaseline())):
    config = ReinforceConfig(discount=0.95, episodes_per_update=10, baseline=baseline)
    agent, best, curve = Reinforce(env, config, seed=0), BestWeights(2_000), []
    agent.learn_updates(chosen.updates, [best, Every(2_000, lambda now, curve=curve: curve.append(now))])
    best.restore(agent)
    curves[name] = [(now.step, now.mean_return) for now in curve if now.mean_return is not None]
    print(f"{name}: {evaluate(agent, env).mean_return:.1f} of 200 after {agent.episodes.count} episodes")

if chosen.picture:
    from matplotlib.figure import Figure

    axes = (figure := Figure(layout="constrained")).subplots()
    for name, points in curves.items():
        axes.plot(*zip(*points, strict=True), label=name)
    axes.set(xlabel="steps", ylabel="mean return of 100 episodes", title="CartPole-v1, REINFORCE", ylim=(0, 205))
    axes.legend()
    figure.savefig(chosen.picture, dpi=150)
