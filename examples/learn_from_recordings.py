"""Record episodes as a Minari dataset, learn to do what was done in them, and compare the clone with its model.

Instead of ready policies, a person can play: `rlenvs play rlenvs/GridWorld-v0 --record grid/mine-v0`.

Usage: python learn_from_recordings.py
"""

import os
import tempfile

import gymnasium as gym

from rlenvs_agents import Demonstrations, Imitation, ImitationConfig, evaluate
from rlenvs_play import watch


def clone(env: gym.Env, player: str, episodes: int, dataset: str) -> None:
    """Record a player, learn from the dataset, and say how the clone does."""
    watch(env, player, episodes=episodes, seed=1_000, record=[dataset])
    shown = Demonstrations.from_minari(dataset)

    agent = Imitation(env, config, seed=0, teacher=shown).learn(50_000)

    # Episodes with other seeds than those that were recorded.
    result = evaluate(agent, env, episodes=20)
    print(f"{dataset}: {len(shown)} pairs, return {shown.returns.mean():g}")
    print(f"    the clone does the same in {shown.agreement(agent):.1%}, its return is {result.mean_return:g}")
    if exact := result.exact:
        print(f"    its start is worth {exact.start_value:.4f}, short of the best by {exact.distance:.4f}")


# Without a hidden layer, one weight per number that is seen and action.
config = ImitationConfig(hidden=(), learning_rate=0.05)

# A folder of its own, so that your datasets stay as they are.
with tempfile.TemporaryDirectory() as folder:
    os.environ["MINARI_DATASETS_PATH"] = folder
    clone(gym.make("rlenvs/GridWorld-v0"), "optimal", 1, "grid/optimal-v0")
    clone(gym.make("rlenvs/Snake6x6-v0", observation="planes"), "cycle", 5, "snake/cycle-v0")
