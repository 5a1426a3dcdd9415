"""Presets are settings that their algorithms take, and both libraries get the same ones."""

import gymnasium as gym
import pytest

from rlenvs_agents.algorithms import algorithm
from rlenvs_agents.dqn_presets import NAMED
from rlenvs_agents.presets import preset, whole_preset
from rlenvs_agents.zoo_presets import ZOO


def test_every_preset_is_taken() -> None:
    for name, envs in NAMED.items():
        for env_id, kinds in envs.items():
            for kind in kinds:
                assert algorithm(name).config(preset(name, env_id, kind)) is not None


def test_both_libraries_make_the_same_updates() -> None:
    for env_id in ("CartPole-v1", "MountainCar-v0", "Acrobot-v1", "LunarLander-v3"):
        ours, theirs = preset("dqn", env_id, "zoo"), preset("sb3-dqn", env_id, "zoo")
        settings = theirs["settings"]
        assert ours["discount"] == theirs["discount"]
        assert (ours["train_every_steps"], ours["updates_per_train"]) == (
            settings["train_freq"],
            settings["gradient_steps"],
        )
        for name in ("learning_rate", "batch_size", "buffer_size", "learning_starts"):
            assert ours[name] == settings[name]


def test_targets_are_counted_in_updates() -> None:
    with_zoo = [env for env, kinds in NAMED["sb3-dqn"].items() if "zoo" in kinds]
    every = {env: preset("dqn", env, "zoo")["target"]["every_updates"] for env in with_zoo}
    assert every == {"CartPole-v1": 128, "MountainCar-v0": 300, "Acrobot-v1": 250, "LunarLander-v3": 250}


@pytest.mark.parametrize(("name", "env_id"), [(name, env_id) for name, envs in ZOO.items() for env_id in envs])
def test_the_zoos_settings_are_taken_by_sb3(name, env_id) -> None:
    pytest.importorskip("sb3_contrib" if name == "sb3-qrdqn" else "stable_baselines3")
    if "Lander" in env_id:
        pytest.importorskip("Box2D")
    row = algorithm(name)
    assert row.load()(gym.make(env_id), row.config(preset(name, env_id, "zoo")), seed=0).learn(40).num_timesteps >= 40


def test_a_rate_falls_as_the_run_goes_on() -> None:
    pytest.importorskip("stable_baselines3")
    row = algorithm("sb3-ppo")
    rate = {"kind": "linear", "start": 0.5, "end": 0.1}
    agent = row.load()(gym.make("CartPole-v1"), row.config({"settings": {"learning_rate": rate}}), seed=0)
    assert [agent.model.lr_schedule(left) for left in (1.0, 0.5, 0.0)] == pytest.approx([0.5, 0.3, 0.1])
    for wrong in ({"kind": "linear", "start": 1}, {"kind": "inverse", "start": 1, "end": 0}, {}):
        with pytest.raises(ValueError, match=r"`settings` must hold a number or .* as 'learning_rate', got {"):
            row.load()(gym.make("CartPole-v1"), row.config({"settings": {"learning_rate": wrong}}), seed=0)


def test_planes_bring_planes() -> None:
    for algo in ("dqn", "sb3-dqn", "sb3-ppo"):
        assert whole_preset(algo, "rlenvs/Snake6x6-v0", "planes").env_kwargs == {"observation": "planes"}
    assert whole_preset("dqn", "rlenvs/Snake6x6-v0").env_kwargs == {}


def test_a_name_that_there_is_not() -> None:
    with pytest.raises(ValueError, match="`preset` must be one of default, zoo for dqn on Acrobot-v1, got 'zooo'"):
        preset("dqn", "Acrobot-v1", "zooo")
