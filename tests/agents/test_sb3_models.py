"""Files that Stable-Baselines3 itself saved are found, recognised, checked and played."""

import zipfile
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest

import rlenvs  # noqa: F401  # registers the ids
from rlenvs_play.policies import load_player

sb3 = pytest.importorskip("stable_baselines3")
contrib = pytest.importorskip("sb3_contrib")

from rlenvs_agents.sb3.models import load_model, policy_of  # noqa: E402  # after the skip

ON_POLICY = {"n_steps": 8}


def small(kind: Any, env: Any, **settings: Any) -> Any:
    """A model that is quickly made. SB3 writes into `policy_kwargs`, so that each gets its own."""
    return kind("MlpPolicy", env, device="cpu", seed=0, policy_kwargs={"net_arch": [4]}, **settings)


def global_draws() -> Any:
    """The state of NumPy's global generator, from which SB3 draws."""
    return np.random.get_state(legacy=False)["state"]["key"]  # noqa: NPY002


@pytest.mark.parametrize(
    ("kind", "env_id", "settings"),
    [
        (sb3.DQN, "CartPole-v1", {"buffer_size": 10}),
        (sb3.PPO, "rlenvs/Snake-v0", {**ON_POLICY, "batch_size": 8}),
        (sb3.A2C, "CartPole-v1", ON_POLICY),
        (sb3.SAC, "Pendulum-v1", {"buffer_size": 10}),
        (sb3.TD3, "Pendulum-v1", {"buffer_size": 10}),
        (contrib.QRDQN, "CartPole-v1", {"buffer_size": 10}),
        (contrib.TRPO, "CartPole-v1", {**ON_POLICY, "batch_size": 8}),
        (contrib.MaskablePPO, "rlenvs/MDP-v0", {**ON_POLICY, "batch_size": 8}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_each_kind_is_recognised_and_acts_as_it_did(kind: Any, env_id: str, settings: Any, tmp_path: Path) -> None:
    env = gym.make(env_id)
    model = small(kind, env, **settings)
    model.save(tmp_path / "model.zip")
    before = global_draws()
    for word in ("model.zip", "model"):
        loaded: Any = policy_of(str(tmp_path / word), env)
        assert type(loaded) is kind
    np.testing.assert_array_equal(global_draws(), before)
    observation, info = env.reset(seed=0)
    known = {"action_masks": info["action_mask"]} if kind is contrib.MaskablePPO else {}
    wanted = model.predict(observation, deterministic=True, **known)[0]
    np.testing.assert_array_equal(loaded.predict(observation, deterministic=True, **known)[0], wanted)


def test_images_with_channels_last_are_turned_by_sb3(tmp_path: Path) -> None:
    env = gym.make("rlenvs/SnakePixels-v0")
    space = env.observation_space
    assert space.shape is not None
    assert space.shape[-1] == 3
    model = sb3.A2C("CnnPolicy", env, device="cpu", seed=0, n_steps=4)
    model.save(tmp_path / "model.zip")
    loaded = load_model(tmp_path / "model.zip", env)
    assert 0 <= int(loaded.predict(env.reset(seed=0)[0], deterministic=True)[0]) < 4


def test_what_is_no_such_file_is_left_to_other_loaders(tmp_path: Path) -> None:
    env = gym.make("CartPole-v1")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("hello.txt", "hello")
    (tmp_path / "text.zip").write_text("no archive")
    for name in ("other.zip", "text.zip", "missing.zip", "random"):
        assert policy_of(str(tmp_path / name), env) is None
    with pytest.raises(ValueError, match="holds no model that Stable-Baselines3 saved"):
        load_model(tmp_path / "other.zip", env)


def test_the_wrong_environment_and_damage_are_said(tmp_path: Path) -> None:
    path = tmp_path / "model.zip"
    small(sb3.DQN, "CartPole-v1", buffer_size=10).save(path)
    with pytest.raises(ValueError, match=r"was trained on observations .* and this environment has"):
        load_model(path, gym.make("rlenvs/Snake-v0"))
    with pytest.raises(ValueError, match=r"was trained on actions Discrete\(2\)"):
        load_model(path, gym.wrappers.TransformAction(gym.make("CartPole-v1"), int, gym.spaces.Discrete(3)))
    damaged = tmp_path / "damaged.zip"
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(damaged, "w") as archive:
        archive.writestr("data", whole.read("data"))
        archive.writestr("policy.pth", b"nothing")
    with pytest.raises(ValueError, match="cannot be loaded"):
        load_model(damaged, gym.make("CartPole-v1"))


def test_play_finds_it_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    env = gym.make("CartPole-v1")
    small(sb3.DQN, env, buffer_size=10).save("mine.zip")
    player = load_player("mine.zip", env, seed=0, discount=0.99)
    assert player.name == "mine.zip"
