"""Updates of a deep Q-network, any number in a row, as one compiled call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from rlenvs_agents.dqn import rules
from rlenvs_agents.dqn.config import HardTarget, SoftTarget
from rlenvs_agents.networks.dense import Network

VECTORS = ("weights", "target", "first", "second")


class LearnerState(NamedTuple):
    """Everything that an update changes, within one vector: a call is paid for by the number of its tensors."""

    flat: Any  # (4 n + 1,) float32: weights, target network, two moments of Adam, and the number of updates

    @property
    def parts(self) -> dict[str, NDArray[np.float32]]:
        """The parts by name, as views: four of shape (n,), and the count."""
        array = np.asarray(self.flat)
        n = array.size // 4
        return {**{name: array[place * n : (place + 1) * n] for place, name in enumerate(VECTORS)}, "count": array[-1:]}


class Weights(NamedTuple):
    """The parts of a learner's state while it is updated; tensors."""

    weights: Any  # (n,)
    target: Any  # (n,), of the target network
    first: Any  # (n,), moments of Adam
    second: Any  # (n,)
    count: Any  # updates made


class Updated(NamedTuple):
    """What came of a call."""

    state: LearnerState
    told: Any  # errors, mean loss and mean value in one tensor: read when somebody asks
    shape: tuple[int, ...]  # (K, B)

    @property
    def errors(self) -> NDArray[np.float32]:
        """Target minus value of each transition, (K, B)."""
        return np.asarray(self.told)[:-2].reshape(self.shape)

    @property
    def loss(self) -> float:
        """Mean loss of the updates."""
        return float(self.told[-2])

    @property
    def value(self) -> float:
        """Mean value of the actions that were taken."""
        return float(self.told[-1])


class Batch(NamedTuple):
    """K batches of B transitions: one for each of K updates in a row."""

    inputs: Any  # (K, B, width) float32
    action: Any  # (K, B) int32
    reward: Any  # (K, B) float32
    discount: Any  # (K, B) float32, 0 at termination
    next_inputs: Any  # (K, B, width) float32
    next_mask: Any  # (K, B, A) bool
    weight: Any  # (K, B) float32, of each transition in the loss


@dataclass(frozen=True)
class UpdateRule:
    """What makes one compiled update different from another."""

    network: Network
    bootstrap: str
    loss: str
    target: HardTarget | SoftTarget
    max_gradient_norm: float | None


def initial_state(weights: NDArray[np.float32]) -> LearnerState:
    """A learner that has made no update; the target network is a copy."""
    zeros = np.zeros_like(weights)
    return state_of({"weights": weights, "target": weights, "first": zeros, "second": zeros, "count": np.zeros(1)})


def state_of(parts: Mapping[str, NDArray[Any]]) -> LearnerState:
    """The learner with these :attr:`LearnerState.parts`."""
    return LearnerState(tf.constant(np.concatenate([parts[name] for name in (*VECTORS, "count")]), tf.float32))


def packed(batch: Batch) -> NDArray[np.float32]:
    """A batch as one array (K, B, numbers of a transition); whole numbers and booleans become floats, exactly."""
    single = [batch.action, batch.reward, batch.discount, batch.weight]
    columns = [np.asarray(entry, np.float32)[..., None] for entry in single]
    return np.concatenate([batch.inputs, batch.next_inputs, np.asarray(batch.next_mask, np.float32), *columns], axis=-1)


def unpacked(array: Any, width: int, n_actions: int) -> Batch:
    """The batch of B transitions that row k of :func:`packed` holds, as tensors (B, …)."""
    single = 2 * width + n_actions
    return Batch(
        array[:, :width],
        tf.cast(array[:, single], tf.int32),
        array[:, single + 1],
        array[:, single + 2],
        array[:, width : 2 * width],
        array[:, 2 * width : single] > 0.5,
        array[:, single + 3],
    )


@lru_cache(maxsize=64)
def compiled(rule: UpdateRule) -> Callable[[LearnerState, Batch, float], Updated]:
    """The update as a compiled function of state, batch and learning rate.

    It holds no weights, so agents with the same shapes share one compilation.
    """
    n, width, n_actions = rule.network.n_weights, rule.network.sizes[0], rule.network.sizes[-1]

    @tf.function(jit_compile=True)  # type: ignore[untyped-decorator]  # TensorFlow has no types
    def update(flat: Any, array: Any, rate: Any) -> Any:
        state = Weights(flat[:n], flat[n : 2 * n], flat[2 * n : 3 * n], flat[3 * n : 4 * n], flat[4 * n])
        errors = tf.zeros(array.shape[:2], tf.float32)
        losses, values = tf.constant(0.0), tf.constant(0.0)
        for k in tf.range(array.shape[0]):
            batch = unpacked(array[k], width, n_actions)
            state, error, loss, value = _one_update(rule, state, batch, rate)
            errors = tf.tensor_scatter_nd_update(errors, [[k]], [error])
            losses, values = losses + loss, values + value
        figures = tf.stack([losses, values]) / array.shape[0]
        return tf.concat([*state[:4], state.count[None]], 0), tf.concat([tf.reshape(errors, [-1]), figures], 0)

    def call(state: LearnerState, batch: Batch, rate: float) -> Updated:
        flat, told = update(state.flat, packed(batch), np.float32(rate))
        return Updated(LearnerState(flat), told, batch.action.shape)

    return call


def _one_update(rule: UpdateRule, state: Weights, batch: Batch, rate: Any) -> Any:
    network = rule.network
    next_target = network.values(network.layers(state.target), batch.next_inputs, tf.maximum)
    next_own = network.values(network.layers(state.weights), batch.next_inputs, tf.maximum)
    worth = rules.BOOTSTRAPS[rule.bootstrap](next_own, next_target, batch.next_mask)
    target = rules.td_target(batch.reward, batch.discount, worth)
    with tf.GradientTape() as tape:
        tape.watch(state.weights)
        values = network.values(network.layers(state.weights), batch.inputs, tf.maximum)
        chosen = tf.gather(values, batch.action, axis=1, batch_dims=1)
        error = target - chosen
        loss = tf.reduce_mean(batch.weight * rules.LOSSES[rule.loss](error))
    gradient = rules.shortened(tape.gradient(loss, state.weights), rule.max_gradient_norm)
    count = state.count + 1.0
    weights, (first, second) = rules.adam(state.weights, gradient, (state.first, state.second), count, rate)
    new_target = followed(rule.target, weights, state.target, count)
    return Weights(weights, new_target, first, second, count), error, loss, tf.reduce_mean(chosen)


def followed(rule: HardTarget | SoftTarget, weights: Any, target: Any, count: Any) -> Any:
    """The target network after update number ``count``."""
    if isinstance(rule, SoftTarget):
        return target + rule.rate * (weights - target)
    return tf.where(tf.equal(tf.math.floormod(count, float(rule.every_updates)), 0.0), weights, target)
