"""A convolutional network for images, its weights one flat vector, read by NumPy to act and by TensorFlow to learn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rlenvs_agents.networks.activations import activated
from rlenvs_agents.networks.blas import one_thread
from rlenvs_agents.networks.flat import FlatWeights
from rlenvs_agents.networks.heads import headed, reshaped

FloatArray = NDArray[np.float32]
Convolutions = tuple[tuple[int, int, int], ...]

NATURE: Convolutions = ((32, 8, 4), (64, 4, 2), (64, 3, 1))
"""Filters, size and stride of each convolution of Mnih et al. (2015); a dense layer of 512 follows."""


@dataclass(frozen=True)
class ConvolutionalNetwork(FlatWeights):
    """Convolutions without padding, then dense layers, with an activation after each but the last.

    Args:
        shape: of an observation of bytes: (C, H, W), (H, W, C) or (H, W). The smaller of the outer axes is that of the
            channels, the first if they are equal.
        convolutions: filters, size and stride of each.
        hidden: units of the dense layers.
        n_actions: A.
        head: see :class:`~rlenvs_agents.dqn.config.DQNConfig`.
        activation: "relu", "tanh" or "elu".

    Raises:
        ValueError: if a convolution is larger than what comes into it.
    """

    shape: tuple[int, ...]
    convolutions: Convolutions
    hidden: tuple[int, ...]
    n_actions: int
    head: str = "plain"
    activation: str = "relu"

    def __post_init__(self) -> None:
        rows, columns, _ = self.picture
        for filters, size, stride in self.convolutions:
            if size > min(rows, columns):
                raise ValueError(
                    f"`convolutions` must fit into the image: {[filters, size, stride]} does not fit into "
                    f"{rows}×{columns}, which is what is left of {self.picture[0]}×{self.picture[1]} there."
                )
            rows, columns = (rows - size) // stride + 1, (columns - size) // stride + 1

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of one input."""
        return self.shape

    @property
    def channels_first(self) -> bool:
        """Whether the first axis is that of the channels."""
        return len(self.shape) == 3 and self.shape[0] <= self.shape[2]

    @property
    def picture(self) -> tuple[int, int, int]:
        """Rows, columns and channels."""
        if len(self.shape) == 2:
            return (*self.shape, 1)
        first, second, third = self.shape
        return (second, third, first) if self.channels_first else (first, second, third)

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        """Shapes of kernels (size, size, channels in, channels out), then of matrices."""
        rows, columns, channels = self.picture
        found: list[tuple[int, ...]] = []
        for filters, size, stride in self.convolutions:
            found.append((size, size, channels, filters))
            rows, columns, channels = (rows - size) // stride + 1, (columns - size) // stride + 1, filters
        width = rows * columns * channels
        for units in (*self.hidden, self.n_actions + (self.head != "plain")):
            found.append((width, units))
            width = units
        return found

    def values(self, layers: list[tuple[Any, Any]], inputs: Any, maximum: Any = np.maximum) -> Any:
        """Action values (n, A) of observations (n, *shape) of bytes.

        Args:
            layers: of :meth:`layers`.
            inputs: an array, or a tensor.
            maximum: ``np.maximum`` or ``tf.maximum``.
        """
        if isinstance(inputs, np.ndarray):
            with one_thread():
                return self._values(layers, inputs, maximum, _convolved)
        return self._values(layers, inputs, maximum, _convolved_by_tensorflow)

    def _values(self, layers: list[tuple[Any, Any]], inputs: Any, maximum: Any, convolved: Any) -> Any:
        n_convolutions = len(self.convolutions)
        hidden = self._scaled(inputs)
        for (kernel, bias), (_, _, stride) in zip(layers[:n_convolutions], self.convolutions, strict=True):
            hidden = convolved(hidden, kernel, stride)
            hidden = activated(self.activation, hidden + bias, maximum)
        hidden = reshaped(hidden, (-1, self.shapes[n_convolutions][0]))
        for matrix, bias in layers[n_convolutions:-1]:
            hidden = activated(self.activation, hidden @ matrix + bias, maximum)
        matrix, bias = layers[-1]
        return headed(self.head, hidden @ matrix + bias, self.n_actions, maximum)

    def _scaled(self, inputs: Any) -> Any:
        """Pictures (n, H, W, C) in [0, 1]."""
        scale = np.float32(1 / 255)
        shaped = reshaped(inputs, (-1, *self.picture)) if len(self.shape) == 2 else inputs
        if isinstance(inputs, np.ndarray):
            pictures = np.moveaxis(shaped, 1, 3) if self.channels_first else shaped
            return np.multiply(pictures, scale, dtype=np.float32, order="C")
        import tensorflow as tf

        pictures = tf.transpose(shaped, (0, 2, 3, 1)) if self.channels_first else shaped
        return tf.cast(pictures, tf.float32) * scale


def _convolved(pictures: FloatArray, kernel: FloatArray, stride: int) -> FloatArray:
    """One matrix product over all places where the kernel fits."""
    size, _, _, filters = kernel.shape
    windows = np.lib.stride_tricks.sliding_window_view(pictures, (size, size), axis=(1, 2))[:, ::stride, ::stride]
    n, rows, columns = windows.shape[:3]
    places = windows.transpose(0, 1, 2, 4, 5, 3).reshape(n * rows * columns, -1)
    product: FloatArray = places @ kernel.reshape(-1, filters)
    return product.reshape(n, rows, columns, filters)


def _convolved_by_tensorflow(pictures: Any, kernel: Any, stride: int) -> Any:
    import tensorflow as tf

    return tf.nn.conv2d(pictures, kernel, stride, "VALID")
