"""DQN beside that of Stable-Baselines3 on CartPole, in one run: ``python tests/benchmarks/dqn.py --steps 10000``.

Both sides have the same settings and make the same number of updates; ours compiles anew. Each library has one thread
unless ``--threads`` says otherwise. On a machine that others use too, compare processor seconds.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from typing import Any

import gymnasium as gym

ENV = "CartPole-v1"
ZOO = {
    "learning_rate": 2.3e-3, "batch_size": 64, "buffer_size": 100_000, "learning_starts": 1000, "train_freq": 256,
    "gradient_steps": 128, "target_update_interval": 10, "exploration_fraction": 0.16, "exploration_final_eps": 0.04,
    "policy_kwargs": {"net_arch": [256, 256]},
}  # fmt: skip
SMALL = {"learning_rate": 1e-3, "buffer_size": 100_000, "learning_starts": 1000, "train_freq": 4}


def ours(settings: dict[str, Any], steps: int) -> None:
    from rlenvs_agents import DQN, DQNConfig
    from rlenvs_agents.dqn import HardTarget
    from rlenvs_agents.dqn.learner import compiled
    from rlenvs_agents.schedules import Linear

    compiled.cache_clear()
    updates, every = settings.get("gradient_steps", 1), settings["train_freq"]
    config = DQNConfig(
        hidden=settings.get("policy_kwargs", {}).get("net_arch", [64, 64]),
        learning_rate=settings["learning_rate"],
        batch_size=settings.get("batch_size", 32),
        buffer_size=settings["buffer_size"],
        learning_starts=settings["learning_starts"],
        train_every_steps=every,
        updates_per_train=updates,
        # SB3 copies while it collects, so at most once between two trainings.
        target=HardTarget(max(updates, settings.get("target_update_interval", 10_000) * updates // every)),
        exploration=Linear(
            1.0, settings.get("exploration_final_eps", 0.05), fraction=settings.get("exploration_fraction", 0.1)
        ),
    )
    DQN(gym.make(ENV), config, seed=0).learn(steps)


def theirs(settings: dict[str, Any], steps: int) -> None:
    from stable_baselines3 import DQN

    DQN("MlpPolicy", gym.make(ENV), seed=0, device="cpu", **settings).learn(steps)


def measured(work: Callable[[], None]) -> tuple[float, float]:
    processor, wall = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - processor, time.perf_counter() - wall


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=1)
    arguments = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(arguments.threads)
    import torch
    from stable_baselines3 import DQN  # noqa: F401  # importing is no part of it

    from rlenvs_agents.framework import tf

    torch.set_num_threads(arguments.threads)
    tf.config.threading.set_intra_op_parallelism_threads(arguments.threads)
    for name, settings in (("zoo", ZOO), ("small", SMALL)):
        for _ in range(arguments.rounds):
            own = measured(lambda settings=settings: ours(settings, arguments.steps))
            other = measured(lambda settings=settings: theirs(settings, arguments.steps))
            print(  # noqa: T201  # a script
                f"{name}: ours {own[0]:.1f} s of processor, {own[1]:.1f} s; SB3 {other[0]:.1f} s, {other[1]:.1f} s; "
                f"ratio {other[0] / own[0]:.2f}, by the clock {other[1] / own[1]:.2f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
