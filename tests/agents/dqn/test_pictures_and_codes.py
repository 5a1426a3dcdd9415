"""What is taken for a picture, and how much memory there is."""

import gymnasium as gym
import numpy as np
import pytest

import rlenvs  # noqa: F401
from rlenvs_agents import capacity
from rlenvs_agents.dqn.assembly import network_of
from rlenvs_agents.dqn.config import DQNConfig
from rlenvs_agents.networks import ConvolutionalNetwork


@pytest.mark.parametrize(
    ("space", "convolved"),
    [
        (gym.spaces.Box(0, 255, (40, 40), np.uint8), True),
        (gym.spaces.Box(0, 3, (40, 40), np.uint8), False),
        (gym.spaces.Box(0, 255, (4, 84, 84), np.uint8), True),
        (gym.make("rlenvs/Snake-v0", rows=40, columns=40).observation_space, False),
    ],
)
def test_boards_of_codes_are_no_pictures(space, convolved) -> None:
    network, _ = network_of(space, 4, DQNConfig())
    assert isinstance(network, ConvolutionalNetwork) == convolved


@pytest.mark.parametrize(("text", "bytes_there"), [("1048576\n", 1048576), ("max\n", None), (None, None)])
def test_a_container_has_what_it_may_have(text, bytes_there, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(capacity, "LIMITS", ())
    machine = capacity.memory()
    file = tmp_path / "memory.max"
    if text is not None:
        file.write_text(text)
    monkeypatch.setattr(capacity, "LIMITS", (tmp_path / "absent", file))
    assert capacity.memory() == (bytes_there or machine)
