"""A Markov decision process of your own, from plain lists: play it, and solve it exactly.

A machine is running (0), worn (1) or broken (2). Each day it can produce (0) or be repaired (1).
"""

import gymnasium as gym

import rlenvs  # noqa: F401  # registers the environments
from rlenvs.planning import evaluate_policy, solve

# transition[state][action][next state]: a row of probabilities for each action.
transition = [
    [[0.9, 0.1, 0.0], [1.0, 0.0, 0.0]],
    [[0.0, 0.6, 0.4], [0.9, 0.1, 0.0]],
    [[0.0, 0.0, 1.0], [0.5, 0.0, 0.5]],
]
# reward[state][action]
reward = [
    [10.0, -2.0],
    [7.0, -2.0],
    [0.0, -5.0],
]

env = gym.make("rlenvs/MDP-v0", transition=transition, reward=reward)
state, _ = env.reset(seed=1)
for _ in range(5):
    action = 1 if state == 2 else 0
    state, gain, _, _, _ = env.step(action)
    print(f"action {action}: reward {gain:g}, now in state {state}")

model = env.unwrapped.model
best = solve(model, discount=0.9)
print(f"\nBest action in each state: {best.policy.tolist()}")
print(f"Values: {best.values.round(3).tolist()}, each wrong by less than {best.error_bound:.0e}")

only_when_broken = evaluate_policy(model, [0, 0, 1], discount=0.9)
print(
    f"Repairing only what is broken is worth {only_when_broken[0]:.3f} from the start, the best {best.values[0]:.3f}."
)
