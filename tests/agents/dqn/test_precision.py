"""Convolutional networks that are learned in bfloat16."""

import json
from pathlib import Path

import gymnasium as gym
import numpy as np
import pytest

from rlenvs_agents import DQN, DQNConfig
from rlenvs_agents.comparison.workers import ONE_THREAD, QUIET
from rlenvs_agents.configs import from_plain, to_plain
from rlenvs_agents.dqn import HardTarget, SoftTarget
from rlenvs_agents.memory import Prioritised
from rlenvs_agents.networks import ConvolutionalNetwork, precision
from rlenvs_agents.schedules import Linear
from tests.agents.dqn.catch import Catch
from tests.agents.resume.saved_state import saved_state

tf = pytest.importorskip("tensorflow")

from rlenvs_agents.dqn import learner  # noqa: E402  # imports TensorFlow
from rlenvs_agents.dqn.image_learner import ImageLearner  # noqa: E402  # likewise

KINDS = ("float32", "bfloat16")
ROUNDING = 2.0**-8
"""Between neighbours of bfloat16, relative."""


def network(kind):
    return ConvolutionalNetwork((12, 10, 2), ((4, 4, 2), (3, 2, 1)), (6,), 3, "dueling", precision=kind)


def data(n=64):
    generator = np.random.default_rng(1)
    pictures = generator.integers(0, 256, (2, 1, n, 12, 10, 2)).astype(np.uint8)
    return learner.Batch(
        pictures[0],
        generator.integers(0, 3, (1, n)).astype(np.int32),
        generator.normal(size=(1, n)).astype(np.float32),
        np.full((1, n), 0.9, np.float32),
        pictures[1],
        np.ones((1, n, 3), bool),
        np.ones((1, n), np.float32),
    )


def rule_of(kind):
    return learner.UpdateRule(network(kind), "double", "huber", HardTarget(1000), None)


def test_values_differ_by_rounding_alone_and_are_float32() -> None:
    layers = network("float32").layers(network("float32").initial(np.random.default_rng(0)))
    pictures = np.random.default_rng(2).integers(0, 256, (50, 12, 10, 2)).astype(np.uint8)
    single, half = (network(kind).values(layers, tf.constant(pictures), tf.maximum).numpy() for kind in KINDS)
    assert half.dtype == np.float32
    assert np.abs(half - single).max() < 4 * ROUNDING * np.abs(single).max()
    assert not np.array_equal(half, single)
    by_numpy = network("bfloat16").values(layers, pictures)
    assert by_numpy == pytest.approx(single, abs=1e-5)  # who acts is not rounded


def test_gradients_point_the_same_way_and_are_float32() -> None:
    weights = network("float32").initial(np.random.default_rng(0))
    row = learner.Batch(*(tf.constant(entry[0]) for entry in data()))
    flat = []
    for kind in KINDS:
        layers = [(tf.constant(matrix), tf.constant(bias)) for matrix, bias in network(kind).layers(weights)]
        gradients = learner.lesson(rule_of(kind), layers, layers, row).gradients
        assert {piece.dtype for piece in gradients} == {tf.float32}
        flat.append(np.concatenate([piece.numpy().reshape(-1) for piece in gradients]))
    single, half = flat
    assert single @ half / np.linalg.norm(single) / np.linalg.norm(half) > 0.999
    assert np.linalg.norm(half) == pytest.approx(np.linalg.norm(single), rel=0.02)


def test_changes_smaller_than_bfloat16_can_tell_are_not_lost() -> None:
    """The weights themselves are float32: steps of a millionth add up."""
    start = network("float32").initial(np.random.default_rng(0))
    image = ImageLearner(rule_of("bfloat16"), learner.initial_parts(start))
    for _ in range(20):
        image.update(data(), 1e-6)
    moved = np.abs(image.parts["weights"] - start)
    assert np.median(moved) > 5e-6  # Adam's steps are of about the size of the rate
    assert moved.max() < 1e-4


@pytest.mark.parametrize(
    "settings",
    [
        {"precision": "float32"},
        {"precision": "bfloat16", "activation": "tanh"},
        {
            "precision": "bfloat16",
            "activation": "elu",
            "replay": Prioritised(),
            "target": SoftTarget(0.05),
            "learning_rate": Linear(1e-3, 0.0, fraction=0.75, late=True),  # the half is in the middle of the line
        },
    ],
    ids=repr,
)
def test_two_halves_are_the_whole(settings, tmp_path) -> None:
    config = DQNConfig(
        convolutions=[[4, 4, 2]], hidden=[8], learning_starts=20, batch_size=8, buffer_size=100, **settings
    )
    assert from_plain(DQNConfig, json.loads(json.dumps(to_plain(config)))) == config
    whole, half = (DQN(Catch(), config, seed=1) for _ in range(2))
    whole.learn(260)
    saved = half.learn(130, schedule_steps=260).save(tmp_path / "half")
    again = DQN.load(saved, Catch()).learn(130)
    assert saved_state(again, tmp_path / "again") == saved_state(whole, tmp_path / "whole")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("processor\t: 0\nflags\t\t: fpu avx512_bf16 amx_tile\n", "bfloat16"),
        ("flags : fpu amx_bf16", "bfloat16"),
        ("flags : fpu avx512f fma\nbugs : amx_bf16\n", "float32"),
        (None, "float32"),
    ],
)
def test_auto_asks_the_processor(monkeypatch, tmp_path, text, found) -> None:
    file = tmp_path / "cpuinfo"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    monkeypatch.setattr(precision, "_CPU_INFO", Path(file))
    monkeypatch.delenv("TF_ENABLE_ONEDNN_OPTS", raising=False)
    assert precision.settled("auto") == found
    assert [precision.settled(kind) for kind in KINDS] == list(KINDS)
    assert precision.is_emulated("bfloat16") == (found == "float32")
    assert not precision.is_emulated("float32")
    # TensorFlow has its kernels for such numbers from oneDNN, which may be switched off.
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", "0")
    assert precision.settled("auto") == "float32"


def test_what_auto_was_is_kept_and_emulating_is_told(monkeypatch, tmp_path) -> None:
    small = {"convolutions": [[4, 4, 2]], "hidden": [8], "learning_starts": 20, "batch_size": 8, "buffer_size": 100}
    monkeypatch.setattr(precision, "is_emulated", lambda kind: False)
    agent = DQN(Catch(), DQNConfig(precision="auto", **small), seed=0).learn(10)
    assert agent.config.precision == "bfloat16"
    agent.save(tmp_path / "agent")
    monkeypatch.setattr(precision, "is_emulated", lambda kind: kind == "bfloat16")
    assert DQN(Catch(), DQNConfig(precision="auto", **small), seed=0).config.precision == "float32"
    again = DQN.load(tmp_path / "agent", Catch())
    assert again.config.precision == "bfloat16"
    monkeypatch.setattr("rlenvs_agents.dqn.values.is_emulated", lambda kind: kind == "bfloat16")
    with pytest.warns(UserWarning, match='`precision` "bfloat16" is emulated here'):
        again.learn(30)
    assert DQN(gym.make("CartPole-v1"), DQNConfig(precision="auto", buffer_size=10)).config.precision == "float32"


def test_workers_compute_as_others_do() -> None:
    assert {name for name in {**ONE_THREAD, **QUIET} if not name.endswith("_THREADS")} == {"TF_CPP_MIN_LOG_LEVEL"}


def test_what_is_refused() -> None:
    with pytest.raises(ValueError, match="`precision` must be one of"):
        DQNConfig(precision="float16")
    with pytest.raises(ValueError, match=r'`precision` "bfloat16" is for convolutional networks'):
        DQN(gym.make("CartPole-v1"), DQNConfig(precision="bfloat16", buffer_size=10), seed=0)
    DQN(gym.make("CartPole-v1"), DQNConfig(precision="auto", buffer_size=10), seed=0)
