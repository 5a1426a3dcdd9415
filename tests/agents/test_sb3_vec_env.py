"""The bridge to SB3 gives what SB3's own vector environment gives over the single environments."""

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode

import rlenvs  # noqa: F401

pytest.importorskip("stable_baselines3")

from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.monitor import Monitor

from rlenvs_agents.sb3.vec_env import sb3_vec_env

IDS = ["rlenvs/MDP-v0", "rlenvs/GridWorld-v0", "rlenvs/MarkovChain-v0", "rlenvs/Snake6x6-v0"]


def plain(seen):
    """As plain data, types included; the seconds of an episode are left out."""
    if isinstance(seen, dict):
        return {key: plain(value) for key, value in seen.items() if key != "t"}
    if isinstance(seen, (tuple, list)):
        return [plain(part) for part in seen]
    if isinstance(seen, np.ndarray):
        return (str(seen.dtype), seen.shape, seen.tolist())
    return (type(seen), seen)


@pytest.mark.parametrize("env_id", IDS)
@pytest.mark.parametrize("max_episode_steps", [None, 4])
def test_equal_to_sb3s_own_step_for_step(env_id, max_episode_steps):
    limit = {} if max_episode_steps is None else {"max_episode_steps": max_episode_steps}
    ours = sb3_vec_env(env_id, 5, seed=3, **limit)
    theirs = make_vec_env(env_id, 5, seed=3, env_kwargs=limit)
    assert ours.observation_space == theirs.observation_space
    assert ours.action_space == theirs.action_space
    assert plain(ours.reset()) == plain(theirs.reset())
    rng = np.random.default_rng(0)
    ends = cut = 0
    for t in range(300):
        actions = rng.integers(int(ours.action_space.n), size=5)
        here, there = ours.step(actions), theirs.step(actions)
        assert plain(here) == plain(there), t
        assert plain(ours.reset_infos) == plain(theirs.reset_infos)
        ends += here[2].sum()
        cut += sum(info["TimeLimit.truncated"] for info in here[3])
    assert ends > 10
    assert (cut > 0) == (max_episode_steps is not None or env_id in ("rlenvs/MDP-v0", "rlenvs/Snake6x6-v0"))
    assert plain(ours.reset()) == plain(theirs.reset())


def test_masks_attributes_and_pictures():
    ours = sb3_vec_env("rlenvs/MDP-v0", 4, seed=0, render_mode="rgb_array")
    theirs = make_vec_env("rlenvs/MDP-v0", 4, seed=0, env_kwargs={"render_mode": "rgb_array"})
    for env in (ours, theirs):
        env.reset()
        for _ in range(10):
            env.step(np.array([0, 1, 2, 0]))
    assert plain(ours.env_method("action_masks")) == plain(theirs.env_method("action_masks"))
    assert plain(ours.env_method("action_masks", indices=[1, 3])) == plain(
        theirs.env_method("action_masks", indices=[1, 3])
    )
    assert ours.has_attr("action_masks")
    assert not ours.has_attr("nonsense")
    assert ours.get_attr("state") == theirs.get_attr("state")
    assert plain(ours.get_images()) == plain(theirs.get_images())
    assert ours.env_is_wrapped(Monitor) == theirs.env_is_wrapped(Monitor)
    assert ours.env_is_wrapped(gym.wrappers.ClipReward) == [False] * 4
    ours.close()


def test_only_same_step_is_taken():
    with pytest.raises(ValueError, match=r"AutoresetMode\.SAME_STEP, got <AutoresetMode\.NEXT_STEP"):
        sb3_vec_env(gym.make_vec("rlenvs/MDP-v0", num_envs=2))
    with pytest.raises(TypeError, match="must be an id or a gymnasium"):
        sb3_vec_env(gym.make("rlenvs/MDP-v0"))
    env = gym.make_vec("rlenvs/MDP-v0", num_envs=2, autoreset_mode=AutoresetMode.SAME_STEP)
    assert sb3_vec_env(env).num_envs == 2


def test_sb3_trains_on_it():
    from stable_baselines3 import PPO

    model = PPO(
        "MlpPolicy", sb3_vec_env("rlenvs/Snake6x6-v0", 8, seed=0), n_steps=32, batch_size=64, seed=0, device="cpu"
    )
    model.learn(512)
    assert model.num_timesteps == 512
    assert len(model.ep_info_buffer) > 0
