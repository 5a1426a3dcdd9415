"""RL Baselines3 Zoo's settings for algorithms that only Stable-Baselines3 has here; DQN's stand beside ours.

From its ``hyperparams/ppo.yml``, ``a2c.yml`` and ``qrdqn.yml``. Its entries that normalise observations and rewards
with ``VecNormalize`` are left out. Those for LunarLander were made for version 2 of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def _falling(start: float) -> dict[str, Any]:
    return {"kind": "linear", "start": start, "end": 0.0}


def _quantiles(*, n: int, discount: float = 0.99, **settings: Any) -> dict[str, Any]:
    network = {"net_arch": [256, 256], "n_quantiles": n}
    return {"discount": discount, "settings": {**settings, "policy_kwargs": network}}


ZOO: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "sb3-ppo": {
        "CartPole-v1": {
            "discount": 0.98,
            "lanes": 8,
            "settings": {
                "n_steps": 32,
                "batch_size": 256,
                "gae_lambda": 0.8,
                "n_epochs": 20,
                "ent_coef": 0.0,
                "learning_rate": _falling(0.001),
                "clip_range": _falling(0.2),
            },
        },
        "LunarLander-v3": {
            "discount": 0.999,
            "lanes": 16,
            "settings": {"n_steps": 1024, "batch_size": 64, "gae_lambda": 0.98, "n_epochs": 4, "ent_coef": 0.01},
        },
    },
    "sb3-a2c": {
        "CartPole-v1": {"lanes": 8, "settings": {"ent_coef": 0.0}},
        "LunarLander-v3": {
            "discount": 0.995,
            "lanes": 8,
            "settings": {"n_steps": 5, "learning_rate": _falling(0.00083), "ent_coef": 1e-5},
        },
    },
    "sb3-qrdqn": {
        "CartPole-v1": _quantiles(
            n=10, learning_rate=2.3e-3, batch_size=64, buffer_size=100_000, learning_starts=1000,
            target_update_interval=10, train_freq=256, gradient_steps=128, exploration_fraction=0.16,
            exploration_final_eps=0.04,
        ),
        "MountainCar-v0": _quantiles(
            n=25, discount=0.98, learning_rate=4e-3, batch_size=128, buffer_size=10_000, learning_starts=1000,
            target_update_interval=600, train_freq=16, gradient_steps=8, exploration_fraction=0.2,
            exploration_final_eps=0.07,
        ),
        "LunarLander-v3": _quantiles(
            n=170, discount=0.995, learning_rate=_falling(1.5e-3), batch_size=128, buffer_size=100_000,
            learning_starts=10_000, target_update_interval=1, train_freq=256, gradient_steps=-1,
            exploration_fraction=0.24, exploration_final_eps=0.18,
        ),
        "Acrobot-v1": _quantiles(
            n=25, learning_rate=6.3e-4, batch_size=128, buffer_size=50_000, learning_starts=0,
            target_update_interval=250, train_freq=4, gradient_steps=-1, exploration_fraction=0.12,
            exploration_final_eps=0.1,
        ),
    },
}  # fmt: skip
"""Settings by algorithm and environment; all have the name "zoo"."""
