"""What is between the layers of a network, for NumPy arrays and TensorFlow tensors alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

ACTIVATIONS = ("relu", "tanh", "elu")


def activated(name: str, values: Any, maximum: Any) -> Any:
    """The rectifier max(x, 0), the hyperbolic tangent, or the exponential linear unit (Clevert et al., 2016, α 1).

    Args:
        name: one of :data:`ACTIVATIONS`.
        values: an array or a tensor.
        maximum: ``np.maximum`` or ``tf.maximum``.
    """
    if name == "relu":
        return maximum(values, np.float32(0))
    if isinstance(values, np.ndarray):
        return np.tanh(values) if name == "tanh" else maximum(values, np.expm1(np.minimum(values, np.float32(0))))
    return of_tensorflow(name)(values)


def of_tensorflow(name: str) -> Callable[[Any], Any]:
    """TensorFlow's own function of that name."""
    from rlenvs_agents.framework import tf

    found: Callable[[Any], Any] = {"relu": tf.nn.relu, "tanh": tf.tanh, "elu": tf.nn.elu}[name]
    return found
