"""A convolutional network for images, its weights one flat vector, read by NumPy to act and by TensorFlow to learn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rlenvs_agents.networks.activations import activated, of_tensorflow
from rlenvs_agents.networks.blas import one_thread
from rlenvs_agents.networks.flat import FlatWeights
from rlenvs_agents.networks.heads import headed, reshaped

FloatArray = NDArray[np.float32]
Convolutions = tuple[tuple[int, int, int], ...]

SCALE = np.float32(1 / 255)
NATURE: Convolutions = ((32, 8, 4), (64, 4, 2), (64, 3, 1))
"""Filters, size and stride of each convolution of Mnih et al. (2015); a dense layer of 512 follows."""
SMALLEST = 36
"""Side of the smallest image that they fit into."""


@dataclass(frozen=True)
class ConvolutionalNetwork(FlatWeights):
    """Convolutions without padding, then dense layers, with an activation after each but the last.

    Args:
        shape: (H, W, C) of a picture of bytes, see :class:`~rlenvs_agents.networks.encoding.Pictures`.
        convolutions: filters, size and stride of each.
        hidden: units of the dense layers.
        n_actions: A.
        head: see :class:`~rlenvs_agents.dqn.config.DQNConfig`.
        activation: "relu", "tanh" or "elu".
        precision: in which TensorFlow computes all layers but the last, "float32" or "bfloat16". Weights and gradients
            are float32 in both (Kalamkar et al., 2019), and NumPy acts in float32.

    Raises:
        ValueError: if a convolution is larger than what comes into it.
    """

    shape: tuple[int, int, int]
    convolutions: Convolutions
    hidden: tuple[int, ...]
    n_actions: int
    head: str = "plain"
    activation: str = "relu"
    precision: str = "float32"

    def __post_init__(self) -> None:
        check_fit(self.convolutions, *self.shape[:2])

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of one input."""
        return self.shape

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        """Shapes of kernels (size, size, channels in, channels out), then of matrices."""
        rows, columns, channels = self.shape
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
        """Action values (n, A) of pictures (n, H, W, C) of bytes.

        Args:
            layers: of :meth:`layers`.
            inputs: pictures, an array or a tensor.
            maximum: ``np.maximum`` or ``tf.maximum``.
        """
        if isinstance(inputs, np.ndarray):
            with one_thread():
                scaled = np.multiply(inputs, SCALE, dtype=np.float32)
                hidden = self._hidden(
                    layers[:-1], scaled, _convolved, partial(activated, self.activation, maximum=maximum)
                )
        else:
            hidden = self._hidden_by_tensorflow(layers[:-1], inputs)
        matrix, bias = layers[-1]
        return headed(self.head, hidden @ matrix + bias, self.n_actions, maximum)

    def _hidden(self, layers: list[tuple[Any, Any]], pictures: Any, convolved: Any, activate: Any) -> Any:
        """What the last layer reads, of pictures (n, H, W, C)."""
        n_convolutions = len(self.convolutions)
        hidden = pictures
        for (kernel, bias), (_, _, stride) in zip(layers[:n_convolutions], self.convolutions, strict=True):
            hidden = activate(convolved(hidden, kernel, bias, stride))
        hidden = reshaped(hidden, (-1, self.shapes[n_convolutions][0]))
        for matrix, bias in layers[n_convolutions:]:
            hidden = activate(hidden @ matrix + bias)
        return hidden

    def _hidden_by_tensorflow(self, layers: list[tuple[Any, Any]], inputs: Any) -> Any:
        from rlenvs_agents.framework import tf

        kind = tf.as_dtype(self.precision)
        (kernel, bias), *others = layers
        # Bytes are exact in bfloat16 too, and a kernel has fewer numbers to scale than a picture.
        rounded = [(tf.cast(matrix, kind), tf.cast(bias, kind)) for matrix, bias in ((kernel * SCALE, bias), *others)]
        # TensorFlow's own rectifier, which it makes one operation of with the convolution and the bias.
        activate = of_tensorflow(self.activation)
        hidden = self._hidden(rounded, tf.cast(inputs, kind), _convolved_by_tensorflow, activate)
        return tf.cast(hidden, tf.float32)


def fits_nature(shape: Sequence[int]) -> bool:
    """Whether an image of that shape is large enough for :data:`NATURE`; the channels may stand anywhere."""
    return sorted(shape)[-2] >= SMALLEST


def check_fit(convolutions: Sequence[Sequence[int]], height: int, width: int) -> None:
    """Make sure that no convolution is larger than what comes into it.

    Raises:
        ValueError: if one is.
    """
    rows, columns = height, width
    for filters, size, stride in convolutions:
        if size > min(rows, columns):
            raise ValueError(
                f"`convolutions` must fit into the image: {[filters, size, stride]} does not fit into "
                f"{rows}×{columns}, which is what is left of {height}×{width} there."
            )
        rows, columns = (rows - size) // stride + 1, (columns - size) // stride + 1


def _convolved(pictures: FloatArray, kernel: FloatArray, bias: FloatArray, stride: int) -> FloatArray:
    """One matrix product over all places where the kernel fits."""
    size, _, _, filters = kernel.shape
    windows = np.lib.stride_tricks.sliding_window_view(pictures, (size, size), axis=(1, 2))[:, ::stride, ::stride]
    n, rows, columns = windows.shape[:3]
    places = windows.transpose(0, 1, 2, 4, 5, 3).reshape(n * rows * columns, -1)
    product: FloatArray = places @ kernel.reshape(-1, filters)
    return product.reshape(n, rows, columns, filters) + bias


def _convolved_by_tensorflow(pictures: Any, kernel: Any, bias: Any, stride: int) -> Any:
    from rlenvs_agents.framework import tf

    return tf.nn.bias_add(tf.nn.conv2d(pictures, kernel, stride, "VALID"), bias)
