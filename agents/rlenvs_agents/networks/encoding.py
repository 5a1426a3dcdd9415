"""Observations as rows of numbers for a network."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from rlenvs_agents.observations import outside

WIDEST = 100_000
"""Inputs that a dense network may have."""


class Encoder:
    """Turns observations (n, *shape) into inputs (n, width) float32: Discrete one-hot, arrays flat, bytes in [0, 1].

    Args:
        space: Discrete, Box, MultiBinary or MultiDiscrete.

    Raises:
        ValueError: if the inputs would be too wide.
    """

    def __init__(self, space: gym.Space[Any]) -> None:
        self._space = space
        self._first = 0
        self._one_hot = isinstance(space, gym.spaces.Discrete)
        self._scale = np.float32(1)
        self.width = int(np.prod(space.shape or (1,)))
        if isinstance(space, gym.spaces.Discrete):
            self._first, self.width = int(space.start), int(space.n)
        elif isinstance(space, gym.spaces.Box) and space.dtype == np.uint8 and (space.high == 255).all():
            self._scale = np.float32(1 / 255)
        if self.width > WIDEST:
            raise ValueError(f"`env` has observations of {self.width} numbers; a dense network takes at most {WIDEST}.")

    def __call__(self, observations: NDArray[Any]) -> NDArray[np.float32]:
        """Inputs (n, width).

        Raises:
            ValueError: if an observation is not in a Discrete space.
        """
        if self._one_hot:
            inputs = np.zeros((len(observations), self.width), dtype=np.float32)
            places = observations.reshape(-1) - self._first
            # Seen as unsigned, what lies below 0 is large too.
            if len(places) and places.astype(np.uint64).max() >= self.width:
                raise outside(observations.reshape(-1), self._space)
            inputs[np.arange(len(observations)), places] = 1
            return inputs
        flat = observations.reshape(len(observations), -1).astype(np.float32)
        return flat if self._scale == 1 else flat * self._scale


class Pictures:
    """Turns images of bytes (n, C, H, W), (n, H, W, C) or (n, H, W) into pictures (n, H, W, C).

    Args:
        shape: of one image. The smaller of the outer axes is that of the channels, the first if they are equal.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        first, second, third = (*shape, 1) if len(shape) == 2 else shape
        self._first = len(shape) == 3 and first <= third
        self.shape = (second, third, first) if self._first else (first, second, third)

    def __call__(self, images: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Pictures (n, H, W, C)."""
        if not self._first:
            return images.reshape(len(images), *self.shape)
        pictures = np.empty((len(images), *self.shape), np.uint8)
        for channel in range(self.shape[2]):  # twice as fast as a transposed copy
            pictures[..., channel] = images[:, channel]
        return pictures
