"""Presets are settings that their algorithms take, and both libraries get the same ones."""

import pytest

from rlenvs_agents.algorithms import algorithm
from rlenvs_agents.dqn_presets import NAMED
from rlenvs_agents.presets import preset, whole_preset


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


def test_planes_bring_planes() -> None:
    for algo in ("dqn", "sb3-dqn", "sb3-ppo"):
        assert whole_preset(algo, "rlenvs/Snake6x6-v0", "planes").env_kwargs == {"observation": "planes"}
    assert whole_preset("dqn", "rlenvs/Snake6x6-v0").env_kwargs == {}


def test_a_name_that_there_is_not() -> None:
    with pytest.raises(ValueError, match="`preset` must be one of default, zoo for dqn on Acrobot-v1, got 'zooo'"):
        preset("dqn", "Acrobot-v1", "zooo")
