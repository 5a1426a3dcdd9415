"""Updates of a convolutional deep Q-network, in place: its weights are too many to be carried in and out of a call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rlenvs_agents.dqn.config import HardTarget, SoftTarget
from rlenvs_agents.dqn.learner import Batch, Updated, UpdateRule, lesson, vectors
from rlenvs_agents.framework import tf
from rlenvs_agents.networks import ConvolutionalNetwork

FloatArray = NDArray[np.float32]


class ImageLearner:
    """Holds the weights, the target network and the moments of the optimiser as one variable per kernel and bias.

    Convolutions are TensorFlow's own: its compiler has slower ones.

    Args:
        rule: how it learns.
        parts: by name, see :func:`rlenvs_agents.dqn.learner.vectors`, and the number of updates made, ``count`` (1,).
    """

    def __init__(self, rule: UpdateRule, parts: Mapping[str, NDArray[Any]]) -> None:
        self._rule = rule
        self._names = vectors(rule.optimiser.n_moments)
        self._held = {name: _variables(rule, parts[name]) for name in self._names}
        self._count = int(parts["count"][0])
        self._once = tf.function(self._update_once)

    def layers(self, network: ConvolutionalNetwork) -> list[tuple[FloatArray, FloatArray]]:
        """Kernels or matrices, and biases, of the network, to act by; later updates do not change them."""
        del network
        # Not copied: an update copies what is still read, and changes the rest in place.
        arrays = [np.asarray(memoryview(variable.read_value())) for variable in self._held["weights"]]
        return list(zip(arrays[::2], arrays[1::2], strict=True))

    @property
    def parts(self) -> dict[str, FloatArray]:
        """Everything by name: flat vectors, and the count."""
        flat = {
            name: np.concatenate([variable.numpy().reshape(-1) for variable in held])
            for name, held in self._held.items()
        }
        return {**flat, "count": np.array([self._count], np.float32)}

    def update(self, batch: Batch, rate: float) -> Updated:
        """K updates in a row, with the rows of a batch (K, B, …)."""
        told = []
        for k in range(len(batch.action)):
            row = [tf.convert_to_tensor(entry[k]) for entry in batch]
            self._count += 1
            told.append(self._once(row, np.float32(rate), np.float32(self._count)))
            target = self._rule.target
            if isinstance(target, HardTarget) and self._count % target.every_updates == 0:
                _assign(self._held["target"], self._held["weights"])
        errors = np.stack([np.asarray(each[0]) for each in told])
        figures = np.mean([np.asarray(each[1]) for each in told], axis=0)
        return Updated(self, np.concatenate([errors.reshape(-1), figures]), batch.action.shape)

    def _update_once(self, row: list[Any], rate: Any, count: Any) -> Any:
        rule = self._rule
        own, target, *moments = self._held.values()
        learned = lesson(rule, _pairs(own), _pairs(target), Batch(*row))
        gradients = learned.gradients
        if rule.max_gradient_norm is not None:
            gradients, _ = tf.clip_by_global_norm(gradients, rule.max_gradient_norm)
        for weight, gradient, *held in zip(own, gradients, *moments, strict=True):
            rule.optimiser.apply(weight, gradient, tuple(held), count, rate)
        if isinstance(rule.target, SoftTarget):
            for slow, weight in zip(target, own, strict=True):
                slow.assign_add(rule.target.rate * (weight - slow), read_value=False)
        return learned.error, tf.stack([learned.loss, learned.value])


def _variables(rule: UpdateRule, flat: NDArray[Any]) -> list[Any]:
    return [tf.Variable(array) for layer in rule.network.layers(flat.astype(np.float32)) for array in layer]


def _pairs(held: list[Any]) -> list[tuple[Any, Any]]:
    values = [variable.read_value() for variable in held]
    return list(zip(values[::2], values[1::2], strict=True))


def _assign(held: list[Any], values: Any) -> None:
    for variable, value in zip(held, values, strict=True):
        variable.assign(value, read_value=False)
