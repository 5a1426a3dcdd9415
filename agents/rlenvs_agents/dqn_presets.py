"""Published settings of DQN by name, for this package's and for Stable-Baselines3's: by environment, then by name.

``zoo`` is RL Baselines3 Zoo's ``hyperparams/dqn.yml`` (DLR-RM/rl-baselines3-zoo). SB3 counts the steps of the
environment between two copies of the target network, and copies while it collects; here updates are counted. On
CartPole it copies every 10 steps and trains after every 256, so that all copies but one find nothing new: the target
is as old as the present row of 128 updates. Elsewhere the steps become updates at the ratio of both (MountainCar: 600
steps, 300 updates; there a copy may come in the middle of a row of 8).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Settings = Mapping[str, Any]


def _both(  # noqa: PLR0913  # one per number of the published table
    *,
    rate: float,
    batch: int,
    buffer: int,
    starts: int,
    every: int,
    updates: int,
    target_steps: int,
    fraction: float,
    final: float,
    discount: float = 0.99,
) -> tuple[Settings, Settings]:
    """The settings for ``dqn`` and for ``sb3-dqn``; the network is 256-256."""
    ours = {
        "discount": discount,
        "hidden": [256, 256],
        "learning_rate": rate,
        "batch_size": batch,
        "buffer_size": buffer,
        "learning_starts": starts,
        "train_every_steps": every,
        "updates_per_train": updates,
        "target": {"kind": "hard", "every_updates": max(updates, target_steps * updates // every)},
        "exploration": {"kind": "linear", "start": 1.0, "end": final, "fraction": fraction},
    }
    theirs = {
        "learning_rate": rate,
        "batch_size": batch,
        "buffer_size": buffer,
        "learning_starts": starts,
        "train_freq": every,
        "gradient_steps": updates,
        "target_update_interval": target_steps,
        "exploration_fraction": fraction,
        "exploration_final_eps": final,
        "policy_kwargs": {"net_arch": [256, 256]},
    }
    return ours, {"discount": discount, "settings": theirs}


_CART_POLE = _both(
    rate=2.3e-3, batch=64, buffer=100_000, starts=1000, every=256, updates=128, target_steps=10, fraction=0.16,
    final=0.04,
)  # fmt: skip
_MOUNTAIN_CAR = _both(
    rate=4e-3, batch=128, buffer=10_000, starts=1000, every=16, updates=8, target_steps=600, fraction=0.2, final=0.07,
    discount=0.98,
)  # fmt: skip
# The same for Acrobot and LunarLander: as many updates as steps.
_LANDER = _both(
    rate=6.3e-4, batch=128, buffer=50_000, starts=0, every=4, updates=4, target_steps=250, fraction=0.12, final=0.1
)

# The textbook's networks on CartPole with 200 steps; it makes one update per episode, here one per step.
_BOOK = {
    "discount": 0.95,
    "hidden": [32, 32],
    "activation": "elu",
    "loss": "squared",
    "learning_rate": 1e-3,
    "batch_size": 32,
    "buffer_size": 2000,
    "learning_starts": 500,
    "train_every_steps": 1,
    "max_gradient_norm": None,
    "exploration": {"kind": "linear", "start": 1.0, "end": 0.01, "fraction": 0.8},
}
_HARD = {"kind": "hard", "every_updates": 500}
_SOFT = {"kind": "soft", "rate": 0.01}

# Snake, 500 000 steps.
_SNAKE: Settings = {
    "discount": 0.97,
    "precision": "auto",
    "hidden": [256],
    "convolutions": [[16, 3, 1], [32, 3, 1]],
    "bootstrap": "double",
    "head": "dueling",
    "target": {"kind": "hard", "every_updates": 500},
    "learning_rate": {"kind": "linear", "start": 1e-3, "end": 0.0},
    "buffer_size": 100_000,
    "batch_size": 64,
    "learning_starts": 2000,
    "train_every_steps": 8,
    "lanes": 16,
    "exploration": {"kind": "linear", "start": 1.0, "end": 0.01, "fraction": 0.2},
}
# On the small board the larger network and three steps gain, on the large one three steps lose.
_LARGE = {"convolutions": [[32, 3, 1], [64, 3, 1]]}
_SNAKE6: Settings = {
    **_SNAKE,
    **_LARGE,
    "hidden": [512],
    "steps": 3,
    "learning_rate": {"kind": "linear", "start": 5e-4, "end": 0.0},
}
# SB3's DQN has neither n steps nor double targets. On the small board it gains by the larger network; its PPO loses.
_SNAKE_NETWORK = {"convolutions": _SNAKE["convolutions"], "lanes": 8}
_SNAKE_SB3_DQN: Settings = {
    "discount": 0.97,
    **_SNAKE_NETWORK,
    "settings": {
        "learning_rate": 1e-3,
        "buffer_size": 100_000,
        "batch_size": 64,
        "learning_starts": 2000,
        "train_freq": 1,  # rounds of 8 steps
        "gradient_steps": 1,
        "target_update_interval": 4000,
        "exploration_fraction": 0.2,
        "exploration_final_eps": 0.01,
        "policy_kwargs": {"net_arch": [256]},
    },
}
_SNAKE6_SB3_DQN = {
    **_SNAKE_SB3_DQN,
    **_LARGE,
    "settings": {**_SNAKE_SB3_DQN["settings"], "learning_rate": 5e-4, "policy_kwargs": {"net_arch": [512]}},
}
_SNAKE_SB3_PPO = {
    "discount": 0.97,
    **_SNAKE_NETWORK,
    "settings": {
        "learning_rate": 1e-3,
        "n_steps": 256,
        "batch_size": 256,
        "n_epochs": 4,
        "ent_coef": 0.01,
        "policy_kwargs": {"net_arch": [256]},
    },
}
_SNAKES = ("rlenvs/Snake-v0", "rlenvs/Snake6x6-v0")

TASKS: Mapping[tuple[str, str], Settings] = {(env_id, "planes"): {"observation": "planes"} for env_id in _SNAKES}
"""Arguments of the environment that a preset is for, by id and name."""

NAMED: Mapping[str, Mapping[str, Mapping[str, Settings]]] = {
    "dqn": {
        "CartPole-v1": {
            "zoo": _CART_POLE[0],
            "book-vanilla": {**_BOOK, "target": {"kind": "hard", "every_updates": 1}},
            "book-fixed-hard": {**_BOOK, "target": _HARD},
            "book-fixed-soft": {**_BOOK, "target": _SOFT},
            "book-double": {**_BOOK, "target": _HARD, "bootstrap": "double"},
            "book-dueling": {**_BOOK, "target": _HARD, "bootstrap": "double", "head": "dueling-max"},
        },
        "MountainCar-v0": {"zoo": _MOUNTAIN_CAR[0]},
        "Acrobot-v1": {"zoo": _LANDER[0]},
        "LunarLander-v3": {"zoo": _LANDER[0]},
        "rlenvs/Snake-v0": {"planes": _SNAKE},
        "rlenvs/Snake6x6-v0": {"planes": _SNAKE6},
    },
    "sb3-dqn": {
        "CartPole-v1": {"zoo": _CART_POLE[1]},
        "MountainCar-v0": {"zoo": _MOUNTAIN_CAR[1]},
        "Acrobot-v1": {"zoo": _LANDER[1]},
        "LunarLander-v3": {"zoo": _LANDER[1]},
        "rlenvs/Snake-v0": {"planes": _SNAKE_SB3_DQN},
        "rlenvs/Snake6x6-v0": {"planes": _SNAKE6_SB3_DQN},
    },
    "sb3-ppo": {env_id: {"planes": _SNAKE_SB3_PPO} for env_id in _SNAKES},
}
