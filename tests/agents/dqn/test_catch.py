"""The convolutional network learns from pixels."""

import pytest

from rlenvs_agents import DQN, DQNConfig, evaluate
from rlenvs_agents.dqn import HardTarget
from rlenvs_agents.memory import Frames
from rlenvs_agents.networks import ConvolutionalNetwork
from rlenvs_agents.schedules import Linear
from tests.agents.dqn.catch import Catch

pytest.importorskip("tensorflow")


def test_it_learns_to_catch_from_pixels() -> None:
    """False alarm: none, the seed is fixed; a paddle that moves at random scores below 0."""
    config = DQNConfig(
        convolutions=[[16, 4, 2], [32, 3, 1]], hidden=[64], buffer_size=20_000, learning_starts=500, store=Frames(),
        train_every_steps=2, target=HardTarget(200), learning_rate=1e-3, bootstrap="double", discount=0.95,
        exploration=Linear(1.0, 0.05, steps=6000),
    )  # fmt: skip
    agent = DQN(Catch(), config, seed=0).learn(6000)
    assert isinstance(agent.network, ConvolutionalNetwork)
    assert evaluate(agent, Catch(), episodes=50).mean_return >= 0.9
