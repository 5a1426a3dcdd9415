"""A native vector environment beside Gymnasium's SyncVectorEnv over the single environments, and their comparison."""

import warnings

import gymnasium as gym
import numpy as np
from gymnasium.vector import AutoresetMode

import rlenvs  # noqa: F401

MODES = (AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP, AutoresetMode.DISABLED)


def pair(env_id, n, mode=AutoresetMode.NEXT_STEP, **kwargs):
    native = gym.make_vec(env_id, num_envs=n, autoreset_mode=mode, **kwargs)
    sync = gym.make_vec(env_id, num_envs=n, vectorization_mode="sync", vector_kwargs={"autoreset_mode": mode}, **kwargs)
    return native, sync


def assert_same(ours, theirs, where=""):
    """Equal in type, dtype, shape and every bit; dictionaries and tuples entry by entry, NaN and None included."""
    assert type(ours) is type(theirs), (where, type(ours), type(theirs))
    if isinstance(ours, dict):
        assert ours.keys() == theirs.keys(), (where, ours.keys(), theirs.keys())
        for key in ours:
            assert_same(ours[key], theirs[key], f"{where}[{key!r}]")
    elif isinstance(ours, (tuple, list)):
        assert len(ours) == len(theirs), where
        for at, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            assert_same(one, other, f"{where}[{at}]")
    elif isinstance(ours, np.ndarray):
        assert ours.dtype == theirs.dtype, (where, ours.dtype, theirs.dtype)
        assert ours.shape == theirs.shape, (where, ours.shape, theirs.shape)
        if ours.dtype == object:
            assert_same(ours.tolist(), theirs.tolist(), where)
        else:
            assert ours.tobytes() == theirs.tobytes(), (where, ours, theirs)
    else:
        assert ours == theirs, (where, ours, theirs)


def walk_together(native, sync, steps, seed=0, action_seed=0):
    """Reset and step both with the same random actions; return how many episodes ended, and in which lanes."""
    n, disabled = native.num_envs, native.metadata["autoreset_mode"] is AutoresetMode.DISABLED
    assert_same(native.reset(seed=seed), sync.reset(seed=seed), "reset")
    rng = np.random.default_rng(action_seed)
    ends = np.zeros(n, dtype=int)
    for t in range(steps):
        actions = rng.integers(int(native.single_action_space.n), size=n)
        ours, theirs = native.step(actions), sync.step(actions)
        assert_same(ours, theirs, f"step {t}")
        done = ours[2] | ours[3]
        ends += done
        if disabled and done.any():
            # `SyncVectorEnv` takes the mask out of the options it is given
            assert_same(
                native.reset(options={"reset_mask": done}), sync.reset(options={"reset_mask": done}), f"reset {t}"
            )
    return ends


def quiet_pair(*args, **kwargs):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pair(*args, **kwargs)
