"""Record episodes as a Minari dataset, learn to do what was done in them, and compare the clone with its model.

Instead of ready policies, a person can play: `rlenvs play rlenvs/GridWorld-v0 --record grid/mine-v0`.

Usage: python learn_from_recordings.py
"""

import os
import tempfile

import gymnasium as gym

from rlenvs_agents import Demonstrations, Imitation, ImitationConfig, evaluate
from rlenvs_play import watch


def clone(env_id: str, player: str, episodes: int, config: ImitationConfig, pairs: int) -> None:
    """Record a player, learn from the dataset, and say how the clone does."""
    env = gym.make(env_id)
    dataset = f"{env_id.partition('/')[2].lower()}/{player}-v0"
    watch(env, player, episodes=episodes, seed=0, record=[dataset])
    shown = Demonstrations.from_minari(dataset)

    agent = Imitation(env, config, seed=0, teacher=shown).learn(pairs)

    result = evaluate(agent, env, episodes=20)
    print(f"{dataset}: {len(shown)} pairs, return {shown.returns.mean():g}")
    print(f"    the clone does the same in {shown.agreement(agent):.1%}, its return is {result.mean_return:g}")
    if exact := result.exact:
        print(f"    its start is worth {exact.start_value:.4f}, short of the best by {exact.distance:.4f}")


# A folder of its own, so that your datasets stay as they are.
with tempfile.TemporaryDirectory() as folder:
    os.environ["MINARI_DATASETS_PATH"] = folder
    table = ImitationConfig(hidden=(), learning_rate=0.05)
    network = ImitationConfig(hidden=(64, 64), learning_rate=0.003, lanes=100)
    clone("rlenvs/GridWorld-v0", "optimal", episodes=1, config=table, pairs=5_000)
    clone("rlenvs/Snake6x6-v0", "cycle", episodes=20, config=network, pairs=400_000)
