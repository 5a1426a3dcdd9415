"""Vector environments and what they return, for the tests of the engine."""

import gymnasium as gym
import numpy as np

import rlenvs  # noqa: F401

IDS = ["rlenvs/MDP-v0", "rlenvs/SlipperyGridWorld-v0", "rlenvs/MarkovChain-v0", "rlenvs/Snake-v0"]


def make(env_id, n=4, **kwargs):
    return gym.make_vec(env_id, num_envs=n, **kwargs)


def actions_for(env, steps, seed=0):
    return np.random.default_rng(seed).integers(int(env.single_action_space.n), size=(steps, env.num_envs))


def flat(seen):
    """Everything that came back, as plain data."""
    if isinstance(seen, dict):
        return {key: flat(value) for key, value in seen.items()}
    if isinstance(seen, (tuple, list)):
        return [flat(part) for part in seen]
    if isinstance(seen, np.ndarray):
        return (str(seen.dtype), seen.shape, flat(seen.tolist()))
    return seen


def walk(env, actions):
    return [flat(env.step(action)) for action in actions]
