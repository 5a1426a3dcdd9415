"""Convolutions and lanes of one's own for Stable-Baselines3's algorithms."""

import gymnasium as gym
import numpy as np
import pytest

import rlenvs  # noqa: F401
from rlenvs_agents.algorithms import algorithm
from rlenvs_agents.networks import ConvolutionalNetwork

torch = pytest.importorskip("torch")
pytest.importorskip("stable_baselines3")

ROWS = [[4, 3, 1], [6, 2, 2]]
BOARD = {"sb3-dqn": {"learning_starts": 8, "train_freq": 1}, "sb3-ppo": {"n_steps": 8, "batch_size": 8}}


def agent(name, env, **arguments):
    row = algorithm(name)
    settings = {**BOARD[name], "policy_kwargs": {"net_arch": [5]}}
    return row.load()(env, row.config({"convolutions": ROWS, "settings": settings, **arguments}), seed=3)


def planes():
    return gym.make("rlenvs/Snake6x6-v0", observation="planes")


def test_the_network_is_that_of_ours() -> None:
    """With the weights of SB3's, ours gives the same values."""
    theirs = agent("sb3-dqn", planes())
    ours = ConvolutionalNetwork((6, 6, 3), tuple(map(tuple, ROWS)), (5,), 4)
    weights = [part.detach().numpy() for part in theirs.model.q_net.parameters()]
    kernels = [np.moveaxis(kernel, (2, 3, 1, 0), (0, 1, 2, 3)) for kernel in weights[:4:2]]
    # PyTorch lays channels flat before places, TensorFlow after them.
    first = weights[4].reshape(5, 6, 2, 2).transpose(2, 3, 1, 0).reshape(24, 5)
    layers = list(zip([*kernels, first, weights[6].T], weights[1::2], strict=True))
    pictures = np.random.default_rng(0).integers(0, 2, (7, 6, 6, 3)).astype(np.uint8) * 255
    images = torch.tensor(np.moveaxis(pictures, 3, 1))
    with torch.no_grad():
        expected = theirs.model.q_net(images).numpy()
    assert ours.values(layers, pictures) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("name", BOARD)
def test_lanes_are_stepped_together_and_all_count(name) -> None:
    learner = agent(name, planes(), lanes=3).learn(60)
    assert learner.model.n_envs == 3
    assert learner.num_timesteps == 60
    assert learner.episodes.count > 0
    assert learner.learn(10).num_timesteps == 72  # a whole round
    lone = agent(name, planes())
    before = [part.detach().clone() for part in lone.model.policy.parameters()]
    assert any(not torch.equal(a, b) for a, b in zip(before, learner.model.policy.parameters(), strict=True))


def test_lanes_differ() -> None:
    observed = agent("sb3-ppo", planes(), lanes=3).model.env.reset()
    assert observed.shape == (3, 3, 6, 6)
    assert not np.array_equal(observed[0], observed[1])


def test_what_is_refused() -> None:
    with pytest.raises(ValueError, match="`convolutions` need images of bytes with 1, 3 or 4 channels"):
        agent("sb3-dqn", gym.make("CartPole-v1"))
    with pytest.raises(ValueError, match="`convolutions` must be rows"):
        agent("sb3-dqn", planes(), convolutions=[[3, 3]])
    with pytest.raises(ValueError, match="`lanes` must be 1 for an environment that was not made by"):
        agent("sb3-dqn", planes().unwrapped.__class__(rows=6, columns=6, observation="planes"), lanes=2)
    with pytest.raises(ValueError, match="`lanes` must be at least 1"):
        agent("sb3-dqn", planes(), lanes=0)
