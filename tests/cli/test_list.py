"""`rlenvs list`."""

import json

import gymnasium as gym
import pytest

import rlenvs  # noqa: F401  # registers the ids
from rlenvs.cli import run

IDS = sorted(spec.id for spec in gym.registry.values() if spec.namespace == "rlenvs")


def test_json_says_what_the_registry_says(capsys):
    assert run(["list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [entry["id"] for entry in listed] == IDS
    for entry in listed:
        spec = gym.spec(entry["id"])
        assert entry["max_episode_steps"] == spec.max_episode_steps
        assert entry["reward_threshold"] == spec.reward_threshold
        assert entry["settings"] == spec.kwargs


@pytest.mark.parametrize(
    ("env_id", "observation", "actions"),
    [
        ("rlenvs/GridWorld-v0", "Box(0 … 1, (4, 4), int32)", "Discrete(4)"),
        ("rlenvs/MDP-v0", "Discrete(3)", "Discrete(3)"),
        ("rlenvs/Snake-v0", "Box(0 … 3, (10, 10), uint8)", "Discrete(4)"),
    ],
)
def test_spaces_are_short(env_id, observation, actions, capsys):
    run(["list", "--json"])
    (entry,) = [entry for entry in json.loads(capsys.readouterr().out) if entry["id"] == env_id]
    assert (entry["observation_space"], entry["action_space"]) == (observation, actions)
    assert entry["summary"].endswith(".")


def test_table_has_every_id_once(capsys):
    assert run(["list"]) == 0
    first_words = [line.split()[0] for line in capsys.readouterr().out.splitlines() if line.strip()]
    for env_id in IDS:
        assert first_words.count(env_id) == 1


def test_table_shows_limits_and_thresholds(capsys):
    run(["list"])
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "rlenvs/GridWorld-v0" in line]
    assert line.split()[-2:] == ["100", "10"]
