"""Other projects' vector environments, measured by `rlenvs bench` where they are installed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np
from gymnasium.vector import AutoresetMode

from rlenvs.cli.speed import Contestant, Runner, Section
from rlenvs.cli.vector_speed import FINITE, MANY, SNAKE, lanes

SCAN = 32
"""Steps in one compiled call of the environments on JAX."""


class Peer(NamedTuple):
    """A peer, and which of ours it is compared with."""

    name: str
    module: str
    prepare: Callable[[], Runner]
    ours: str
    target: float | None


def envpool(env_id: str) -> Runner:
    """EnvPool's C++ environments, synchronously, through their Gymnasium interface."""
    env = import_module("envpool").make(env_id, env_type="gymnasium", num_envs=MANY)
    actions = list(np.random.default_rng(0).integers(int(env.action_space.n), size=(16, MANY)))
    env.reset()

    def run(steps: int) -> int:
        done = 0
        while done < steps:
            for action in actions:
                env.step(action)
            done += MANY * len(actions)
        return done

    return run


def _scanned(step: Callable[[Any, Any], tuple[Any, Any]], state: Any) -> Runner:
    """Repeat a step on JAX: one compiled call makes SCAN steps of all lanes."""
    jax = import_module("jax")
    scan = jax.jit(lambda state, key: jax.lax.scan(step, state, jax.random.split(key, SCAN)))
    key = jax.random.PRNGKey(0)

    def run(steps: int) -> int:
        nonlocal state, key
        done = 0
        while done < steps:
            key, now = jax.random.split(key)
            state, seen = scan(state, now)
            jax.block_until_ready(seen)
            done += MANY * SCAN
        return done

    run(1)
    return run


def jumanji() -> Runner:
    """Jumanji's Snake, 12×12, jitted; random actions are drawn inside, resets included."""
    jax, package, wrappers = import_module("jax"), import_module("jumanji"), import_module("jumanji.wrappers")
    env = wrappers.VmapAutoResetWrapper(package.make("Snake-v1"))

    def step(state: Any, key: Any) -> tuple[Any, Any]:
        state, timestep = env.step(state, jax.random.randint(key, (MANY,), 0, 4))
        # Sums of what is returned: without a use, the compiler would leave the observations out.
        return state, (timestep.reward.sum(), timestep.observation.grid.sum())

    return _scanned(step, jax.jit(env.reset)(jax.random.split(jax.random.PRNGKey(0), MANY))[0])


def gymnax(env_id: str, n_actions: int) -> Runner:
    """An environment of gymnax, jitted; random actions are drawn inside, resets included."""
    jax = import_module("jax")
    env, settings = import_module("gymnax").make(env_id)
    lanes_step, lanes_reset = jax.vmap(env.step, in_axes=(0, 0, 0, None)), jax.vmap(env.reset, in_axes=(0, None))

    def step(state: Any, key: Any) -> tuple[Any, Any]:
        first, second = jax.random.split(key)
        actions = jax.random.randint(first, (MANY,), 0, n_actions)
        result = lanes_step(jax.random.split(second, MANY), state, actions, settings)
        return result[1], (result[0].sum(), result[2].sum())

    return _scanned(step, lanes_reset(jax.random.split(jax.random.PRNGKey(0), MANY), settings)[1])


PEERS = (
    Peer("EnvPool Snake-v1", "envpool", partial(envpool, "Snake-v1"), SNAKE, 200.0),
    Peer("EnvPool FrozenLake-v1", "envpool", partial(envpool, "FrozenLake-v1"), FINITE[0], None),
    Peer("Jumanji Snake-v1", "jumanji", jumanji, SNAKE, 10.0),
    Peer("gymnax FourRooms-misc", "gymnax", partial(gymnax, "FourRooms-misc", 4), FINITE[0], None),
)


def peer_sections() -> tuple[Section, ...]:
    """One section with the installed peers; none if there is none."""
    rows: list[Contestant] = []
    for peer in PEERS:
        if find_spec(peer.module) is not None:
            name = f"{peer.name} ×{MANY}"
            ours = partial(lanes, peer.ours, MANY, AutoresetMode.NEXT_STEP)
            rows += [
                Contestant(name, peer.prepare),
                Contestant(f"{peer.ours} ×{MANY} (beside {peer.name})", ours, name, peer.target),
            ]
    return (Section(f"{MANY} lanes beside other projects", tuple(rows)),) if rows else ()
