"""Updates of a deep Q-network, any number in a row, as one compiled call."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from rlenvs_agents.dqn import rules
from rlenvs_agents.dqn.config import HardTarget, SoftTarget
from rlenvs_agents.dqn.network import Network


class LearnerState(NamedTuple):
    """Everything that an update changes; each a tensor, or an array when saved."""

    weights: Any  # (n,) float32
    target: Any  # (n,) float32, of the target network
    first: Any  # (n,) float32, moments of Adam
    second: Any  # (n,) float32
    count: Any  # float32, updates made


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
    return LearnerState(*(tf.constant(entry) for entry in (weights, weights, zeros, zeros, np.float32(0))))


@lru_cache(maxsize=64)
def compiled(rule: UpdateRule) -> Any:
    """The update as a compiled function: (state, batch, learning rate) -> (state, errors (K, B), loss, mean value).

    It holds no weights, so agents with the same shapes share one compilation.
    """

    @tf.function(jit_compile=True)  # type: ignore[untyped-decorator]  # TensorFlow has no types
    def update(state: LearnerState, batch: Batch, rate: Any) -> Any:
        shape = batch.action.shape
        errors = tf.zeros(shape, tf.float32)
        losses, values = tf.constant(0.0), tf.constant(0.0)
        for k in tf.range(shape[0]):
            state, error, loss, value = _one_update(rule, state, Batch(*(entry[k] for entry in batch)), rate)
            errors = tf.tensor_scatter_nd_update(errors, [[k]], [error])
            losses, values = losses + loss, values + value
        return state, errors, losses / shape[0], values / shape[0]

    return update


def _one_update(rule: UpdateRule, state: LearnerState, batch: Batch, rate: Any) -> Any:
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
    return LearnerState(weights, new_target, first, second, count), error, loss, tf.reduce_mean(chosen)


def followed(rule: HardTarget | SoftTarget, weights: Any, target: Any, count: Any) -> Any:
    """The target network after update number ``count``."""
    if isinstance(rule, SoftTarget):
        return target + rule.rate * (weights - target)
    return tf.where(tf.equal(tf.math.floormod(count, float(rule.every_updates)), 0.0), weights, target)
