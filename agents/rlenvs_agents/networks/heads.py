"""How the last layer's output becomes action values."""

from __future__ import annotations

from typing import Any

import numpy as np


def headed(head: str, output: Any, n_actions: int, maximum: Any) -> Any:
    """Action values (n, A).

    Args:
        head: "plain"; "dueling": value plus advantage minus the mean advantage (Wang et al., 2016, equation 9);
            "dueling-max": minus the largest one (equation 8).
        output: (n, A), or (n, 1 + A) with the value first; an array or a tensor.
        n_actions: A.
        maximum: ``np.maximum`` or ``tf.maximum``.
    """
    if head == "plain":
        return output
    value, advantage = output[:, :1], output[:, 1:]
    columns = [advantage[:, action : action + 1] for action in range(n_actions)]
    if head == "dueling":
        return value + advantage - sum(columns) / np.float32(n_actions)
    largest = columns[0]
    for column in columns[1:]:
        largest = maximum(largest, column)
    return value + advantage - largest


def reshaped(values: Any, shape: tuple[int, ...]) -> Any:
    """An array or a tensor in another shape."""
    if isinstance(values, np.ndarray):
        return values.reshape(shape)
    from rlenvs_agents.framework import tf

    return tf.reshape(values, shape)
