"""Convolutions and lanes of one's own for Stable-Baselines3's algorithms."""

import gymnasium as gym
import numpy as np
import pytest

import rlenvs  # noqa: F401
from rlenvs_agents import Every
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


class Unnamed(gym.Wrapper):
    """Does not say with which arguments it was made."""


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


def test_appointments_within_a_round_are_kept() -> None:
    """Rounds of 3 steps meet a multiple of 20 once in three times."""
    told, shown = [], []
    learner = agent("sb3-ppo", planes(), lanes=3)
    learner.learn(100, Every(20, lambda s: told.append(s.step)), lambda done, total: shown.append((done, total)))
    assert told == [0, 20, 40, 60, 80, 100]
    assert shown[-1] == (100, 100)
    assert learner.num_timesteps == 102


def test_a_callback_ends_learning_within_a_round() -> None:
    learner = agent("sb3-ppo", planes(), lanes=3).learn(100, Every(20, lambda s: s.step == 40))
    assert learner.num_timesteps == 42


def test_lanes_have_masks_of_their_own() -> None:
    pytest.importorskip("sb3_contrib")
    row = algorithm("sb3-maskable-ppo")
    settings = {"n_steps": 8, "batch_size": 8}
    learner = row.load()(gym.make("rlenvs/GridWorld-v0"), row.config({"lanes": 2, "settings": settings}), seed=3)
    assert learner.learn(33).num_timesteps == 34
    assert learner.model.rollout_buffer.action_masks.shape[:2] == (8, 2)


def test_no_keywords_for_the_policy_are_none_too() -> None:
    row = algorithm("sb3-dqn")
    made = row.load()(planes(), row.config({"convolutions": ROWS, "settings": {"policy_kwargs": None}}), seed=3)
    assert made.model.q_net.features_extractor.body[0].out_channels == 4


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
    with pytest.raises(ValueError, match="`lanes` must be 1 for an environment that its spec cannot make again"):
        agent("sb3-dqn", Unnamed(planes()), lanes=2)
    with pytest.raises(ValueError, match=r"\[4, 3, 1\] does not fit into 2×2, which is what is left of 6×6 there"):
        agent("sb3-dqn", planes(), convolutions=[[4, 3, 2], [4, 3, 1]])
    with pytest.raises(ValueError, match="`lanes` must be at least 1"):
        agent("sb3-dqn", planes(), lanes=0)


def test_small_images_without_convolutions_go_through_dense_layers() -> None:
    row = algorithm("sb3-dqn")
    small = row.load()(planes(), row.config({"settings": {"buffer_size": 10}}), seed=0)
    assert type(small.model.policy).__name__ == "DQNPolicy"
    assert small.model.q_net.q_net[0].in_features == 6 * 6 * 3
    seen = row.load()(gym.make("rlenvs/SnakePixels-v0"), row.config({"settings": {"buffer_size": 10}}), seed=0)
    assert type(seen.model.policy).__name__ == "CnnPolicy"
