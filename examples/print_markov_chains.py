"""Print runs of a Markov chain, and compare their length with the exact expectation."""

import gymnasium as gym

import rlenvs  # noqa: F401  # registers the environments
from rlenvs.planning import expected_hitting_times

env = gym.make("rlenvs/MarkovChain-v0", max_episode_steps=50)
for run in range(10):
    # Seeding once is enough: later resets go on with the same generator.
    state, _ = env.reset(seed=42 if run == 0 else None)
    states, over = [state], False
    while not over:
        state, _, terminated, truncated, _ = env.step(0)
        states.append(state)
        over = terminated or truncated
    print("States:", *states, *([] if terminated else ["..."]))

steps = expected_hitting_times(env.unwrapped.model)
print(f"\nExpected number of steps to the end, without the limit of 50: {steps[0]:.0f} from state 0,")
print(f"{steps[1]:.0f} from state 1, {steps[2]:.0f} from state 2.")
