"""What `rlenvs bench` measures of vector environments."""

from __future__ import annotations

from functools import partial
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.vector import AutoresetMode

from rlenvs.cli.speed import Contestant, Runner, Section

FINITE = ("rlenvs/GridWorld-v0", "rlenvs/MDP-v0", "rlenvs/MarkovChain-v0")
SNAKE = "rlenvs/Snake12x12-v0"
SIZES = (16, 64, 256, 1024, 4096, 65536)
MANY, FEW = 1024, 16
N_ACTIONS = 2**18
"""Actions drawn beforehand, up to 64 for each lane."""


def lanes(env_id: str, n: int, mode: AutoresetMode | None = None, *, sync: bool = False) -> Runner:
    """Steps of all lanes through ``gym.make_vec``, resets included, actions drawn beforehand."""
    options: dict[str, Any] = {}
    if sync:
        options = {"vectorization_mode": "sync", "vector_kwargs": {"autoreset_mode": mode or AutoresetMode.NEXT_STEP}}
    elif mode is not None:
        options = {"autoreset_mode": mode}
    env = gym.make_vec(env_id, num_envs=n, **options)
    shape = (max(4, min(64, N_ACTIONS // n)), n)
    actions = list(np.random.default_rng(0).integers(int(env.single_action_space.n), size=shape))  # type: ignore[attr-defined]
    env.reset(seed=0)
    by_hand = mode is AutoresetMode.DISABLED

    def run(steps: int) -> int:
        step, reset = env.step, env.reset
        done = 0
        while done < steps:
            for action in actions:
                _, _, terminated, truncated, _ = step(action)
                if by_hand:
                    over = terminated | truncated
                    if over.any():
                        reset(options={"reset_mask": over})
            done += n * len(actions)
        return done

    run(1)  # compiles, and takes the lanes out of step with each other
    return run


def seeding(env_id: str, n: int) -> Runner:
    """Lanes seeded and reset."""
    env = gym.make_vec(env_id, num_envs=n)

    def run(count: int) -> int:
        done = 0
        while done < count:
            env.reset(seed=done)
            done += n
        return done

    run(1)
    return run


def _lanes(
    env_id: str, n: int, mode: AutoresetMode, reference: str | None = None, target: float | None = None
) -> Contestant:
    return Contestant(f"{env_id} ×{n} {mode.name}", partial(lanes, env_id, n, mode), reference, target)


def _beside_cartpole() -> Section:
    name = f"CartPole-v1 ×{MANY}"
    reference = Contestant(name, partial(lanes, "CartPole-v1", MANY))
    ours = [_lanes(env_id, MANY, mode, name, 1.0) for env_id in (*FINITE, SNAKE) for mode in AutoresetMode]
    return Section(f"{MANY} lanes beside Gymnasium's NumPy CartPole: gym.make_vec, infos and masks", (reference, *ours))


def _beside_frozen_lake() -> Section:
    name = f"FrozenLake-v1 ×{MANY} SyncVectorEnv"
    reference = Contestant(name, partial(lanes, "FrozenLake-v1", MANY, sync=True))
    ours = [_lanes(env_id, MANY, AutoresetMode.NEXT_STEP, name, 100.0) for env_id in FINITE]
    return Section(f"{MANY} lanes beside FrozenLake in a SyncVectorEnv", (reference, *ours))


def _beside_sync() -> Section:
    pairs = []
    for env_id in (*FINITE, SNAKE):
        for mode in AutoresetMode:
            name = f"{env_id} ×{FEW} {mode.name} SyncVectorEnv"
            pairs.append(Contestant(name, partial(lanes, env_id, FEW, mode, sync=True)))
            pairs.append(_lanes(env_id, FEW, mode, name, 4.0))
    return Section(f"{FEW} lanes beside SyncVectorEnv of the same", tuple(pairs))


def _by_size() -> Section:
    """A lane must not cost more than twice what it costs among 1024; with fewer lanes the step itself weighs more."""
    rows = []
    for env_id in (FINITE[0], SNAKE):
        reference = f"{env_id} ×{MANY} NEXT_STEP"
        for n in SIZES:
            target = 0.5 if n > MANY else None
            rows.append(_lanes(env_id, n, AutoresetMode.NEXT_STEP, None if n == MANY else reference, target))
        rows += [Contestant(f"{env_id} ×{n} reset(seed=…)", partial(seeding, env_id, n)) for n in SIZES]
    return Section("From 16 to 65,536 lanes: steps, and lanes seeded and reset, per second", tuple(rows))


VECTOR_SECTIONS: tuple[Section, ...] = (_beside_cartpole(), _beside_frozen_lake(), _beside_sync(), _by_size())
