"""What a deep Q-network is put together from, by its environment and its settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.vector import VectorEnv
from numpy.typing import NDArray

from rlenvs_agents.dqn.config import AUTO, DQNConfig
from rlenvs_agents.memory import Frames, ReplayMemory, Store, Whole
from rlenvs_agents.networks import NATURE, ConvolutionalNetwork, Encoder, Network, Pictures
from rlenvs_agents.networks.convolutional import fits_nature
from rlenvs_agents.networks.precision import HALF, settled
from rlenvs_agents.observations import ObservationReader

THIN = ("PassiveEnvChecker", "OrderEnforcing", "TimeLimit", "RecordEpisodeStatistics", "ClipReward")
"""Wrappers that leave observations alone."""

QNetwork = Network | ConvolutionalNetwork
Encode = Callable[[NDArray[Any]], NDArray[Any]]


class OneLane:
    """What one lane of a vector environment looks like; it cannot be stepped.

    Args:
        env: the vector environment.
    """

    def __init__(self, env: VectorEnv[Any, Any, Any]) -> None:
        self.vector = env
        self.observation_space = env.single_observation_space
        self.action_space = env.single_action_space
        self.spec = env.spec

    @property
    def unwrapped(self) -> OneLane:
        """Itself."""
        return self


def shown(env: Any) -> Any:
    """A single environment as it is; a vector environment as one of its lanes."""
    return OneLane(env) if isinstance(env, VectorEnv) else env


def network_of(space: gym.Space[Any], n_actions: int, settings: DQNConfig) -> tuple[QNetwork, Encode]:
    """The network, and what turns observations (n, *shape) into its inputs.

    Raises:
        ValueError: if there are convolutions and the observations are no images of bytes; if there are none and the
            precision is bfloat16.
    """
    rows, hidden = _convolutions(space, settings)
    if rows:
        if not _is_image(space):
            raise ValueError(f"`convolutions` need images of bytes, (C, H, W), (H, W, C) or (H, W), got {space}.")
        precision = settled(settings.precision)
        pictures = Pictures(tuple(space.shape or ()))
        kinds = (settings.head, settings.activation, precision)
        return ConvolutionalNetwork(pictures.shape, rows, hidden, n_actions, *kinds), pictures
    if settings.precision == HALF:
        raise ValueError(
            f'`precision` "{HALF}" is for convolutional networks, and this one has none; use "float32" or "auto".'
        )
    encode = Encoder(space)
    return Network((encode.width, *hidden, n_actions), settings.head, settings.activation), encode


def memory_of(env: Any, reader: ObservationReader, n_actions: int, lanes: int, settings: DQNConfig) -> ReplayMemory:
    """The replay memory.

    Raises:
        ValueError: if it does not fit into what this machine has free; names ``buffer_size``.
    """
    try:
        return ReplayMemory(
            settings.buffer_size,
            reader.shape,
            reader.dtype,
            n_actions,
            lanes=lanes,
            discount=settings.discount,
            n_steps=settings.steps,
            store=settings.store or _store_for(env),
            sampler=settings.replay,
        )
    except ValueError as error:
        raise ValueError(f"`buffer_size` {settings.buffer_size}: {error}") from error


def _convolutions(space: gym.Space[Any], settings: DQNConfig) -> tuple[Any, tuple[int, ...]]:
    hidden = tuple(settings.hidden)
    if settings.convolutions != AUTO:
        return settings.convolutions, hidden
    if _is_image(space) and fits_nature(space.shape or ()):
        return NATURE, (512,)
    return (), hidden


def _is_image(space: gym.Space[Any]) -> bool:
    """Whether they are pictures: bytes that use their whole range, and not codes of a few things."""
    if not isinstance(space, gym.spaces.Box) or space.dtype != np.uint8 or len(space.shape) not in (2, 3):
        return False
    return bool((space.low == 0).all() and (space.high == 255).all())


def _store_for(env: Any) -> Store:
    """Frames apart where the outermost wrapper that matters stacks them along the first axis."""
    layer = env
    while isinstance(layer, gym.Wrapper) and type(layer).__name__ in THIN:
        layer = layer.env
    shape: tuple[int, ...] = tuple(env.observation_space.shape or ())
    stacks = type(layer).__name__ in ("FrameStack", "FrameStackObservation")
    return Frames() if stacks and len(shape) == 3 and shape[0] < shape[2] else Whole()
