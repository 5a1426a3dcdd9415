"""Find a linear policy for CartPole by a genetic algorithm that looks at nothing but returns.

Usage: python search_for_a_policy.py [--steps 60000] [--picture generations.png]
"""

import argparse

import gymnasium as gym

from rlenvs_agents import Every, Genetic, PolicySearch, PolicySearchConfig, evaluate

options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument("--steps", type=int, default=60_000, help="steps to search with")
options.add_argument("--picture", help="a PNG: returns while it searches")
chosen = options.parse_args()

env = gym.make("CartPole-v1")

# 100 policies play an episode each; the worst 80 are dropped; each survivor has 4 varied offspring.
config = PolicySearchConfig(strategy=Genetic(population=100, dropped=80, offspring=4))

curve = []
note = Every(1_000, lambda now: curve.append((now.step, now.mean_return)))
agent = PolicySearch(env, config, seed=0).learn(chosen.steps, note)

result = evaluate(agent, env)
print(f"Generations: {agent.episodes.count // 100}, of 100 episodes each")
print(f"The best policy makes {result.mean_return:g} of 500, on average over {result.episodes} episodes")
names = ("position", "speed", "angle", "angular speed", "constant")
for name, left, right in zip(names, *agent.weights, strict=True):
    print(f"    {name:>13}: {right - left:+.2f}")  # above 0 altogether: push to the right

if chosen.picture:
    from matplotlib.figure import Figure

    axes = (figure := Figure(layout="constrained")).subplots()
    axes.plot(*zip(*curve[1:], strict=True))
    axes.set(xlabel="steps", ylabel="mean return of 100 episodes", title="CartPole-v1, genetic search", ylim=(0, 510))
    figure.savefig(chosen.picture, dpi=150)
