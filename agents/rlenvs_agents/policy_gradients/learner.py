"""One update of a policy and of its baseline, as one compiled call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rlenvs_agents.dqn import rules
from rlenvs_agents.framework import tf
from rlenvs_agents.networks.dense import Network
from rlenvs_agents.policy_gradients.parts import PARTS
from rlenvs_agents.policy_gradients.rollout import Transitions

SMALLEST = 256
"""Rows of the smallest update; larger ones are powers of two, so that few shapes are ever compiled."""


class Rates(NamedTuple):
    """Numbers that an update is told."""

    policy: float  # learning rate
    value: float  # learning rate
    entropy: float  # bonus


@dataclass(frozen=True)
class UpdateRule:
    """What makes one compiled update different from another."""

    policy: Network
    value: Network | None
    epochs: int  # of the baseline
    max_gradient_norm: float | None


class Told(NamedTuple):
    """What came of an update."""

    parts: dict[str, NDArray[np.float32]]
    policy_loss: float
    value_loss: float
    entropy: float


def rows_for(n: int, minibatches: int) -> int:
    """Rows of an update with n transitions: a power of two for each minibatch."""
    each = max(SMALLEST // minibatches, -(-n // minibatches), 1)
    return minibatches * (1 << (each - 1).bit_length())


def packed(batch: Transitions, n_actions: int, order: NDArray[np.int64], minibatches: int) -> NDArray[np.float32]:
    """Transitions as one array (minibatches, rows, numbers): inputs, mask, action, advantage, target, weight.

    Rows beyond the transitions have weight 0; every minibatch has as many of them as the others, give or take one.
    """
    n, width = batch.inputs.shape
    array = np.zeros((rows_for(n, minibatches), width + n_actions + 4), np.float32)
    array[:n, :width] = batch.inputs[order]
    array[:, width : width + n_actions] = 1
    if batch.mask is not None:
        array[:n, width : width + n_actions] = batch.mask[order]
    for place, column in enumerate((batch.action, batch.advantage, batch.target)):
        array[:n, width + n_actions + place] = column[order]
    array[:n, -1] = 1
    return np.ascontiguousarray(array.reshape(-1, minibatches, array.shape[1]).swapaxes(0, 1))


def log_policy(network: Network, weights: Any, inputs: Any, mask: Any) -> Any:
    """Logarithms of the probabilities of actions, (B, A); those of impossible ones are about −1e30."""
    logits = network.values(network.layers(weights), inputs, tf.maximum)
    return tf.nn.log_softmax(tf.where(mask, logits, rules.IMPOSSIBLE))


def weighted_mean(values: Any, weight: Any) -> Any:
    """The mean of ``values`` (B,) under ``weight`` (B,); 0 where all weights are."""
    return tf.reduce_sum(values * weight) / tf.maximum(tf.reduce_sum(weight), 1.0)


def policy_losses(log_p: Any, action: Any, advantage: Any, weight: Any) -> tuple[Any, Any]:
    """The score-function loss ``−A · log π(a|s)`` (Williams, 1992), and the entropy of the policy; means."""
    chosen = tf.gather(log_p, action, axis=1, batch_dims=1)
    p = tf.exp(log_p)
    entropy = -tf.reduce_sum(tf.where(p > 0, p * log_p, 0.0), axis=1)
    return weighted_mean(-advantage * chosen, weight), weighted_mean(entropy, weight)


@lru_cache(maxsize=64)
def compiled(rule: UpdateRule) -> Callable[[Mapping[str, Any], NDArray[np.float32], Rates], Told]:
    """The update as a compiled function of the learner's parts, a packed batch, and rates.

    It holds no weights, so agents with the same shapes share one compilation.
    """
    n_policy = rule.policy.n_weights
    n = n_policy + (0 if rule.value is None else rule.value.n_weights)

    @tf.function(jit_compile=True)  # type: ignore[untyped-decorator]  # TensorFlow has no types
    def update(flat: Any, array: Any, rates: Any) -> Any:
        blocks = [flat[place * n : (place + 1) * n] for place in range(3)]
        policy, value = (block[:n_policy] for block in blocks), (block[n_policy:] for block in blocks)
        policy, *told = _policy_steps(rule, (*policy, flat[3 * n]), array, rates)
        value, loss = _value_steps(rule, (*value, flat[3 * n + 1]), array, rates)
        whole = [tf.concat([policy[place], value[place]], 0) for place in range(3)]
        return tf.concat([*whole, policy[3][None], value[3][None], told[0][None], loss[None], told[1][None]], 0)

    def call(parts: Mapping[str, Any], array: NDArray[np.float32], rates: Rates) -> Told:
        flat = np.concatenate([parts[name] for name in PARTS]).astype(np.float32)
        after = np.asarray(update(flat, array, np.array(rates, np.float32)))
        new = {name: after[place * n : (place + 1) * n] for place, name in enumerate(PARTS[:3])}
        return Told({**new, "counts": after[3 * n : 3 * n + 2]}, *(float(figure) for figure in after[3 * n + 2 :]))

    call.update = update  # type: ignore[attr-defined]  # tests count its compilations
    return call


def _policy_steps(rule: UpdateRule, state: Any, array: Any, rates: Any) -> Any:
    """One step of Adam for each minibatch."""
    width, n_actions = rule.policy.sizes[0], rule.policy.sizes[-1]
    losses, entropies = tf.constant(0.0), tf.constant(0.0)
    for index in tf.range(array.shape[0]):
        rows = array[index]
        action = tf.cast(rows[:, width + n_actions], tf.int32)
        with tf.GradientTape() as tape:
            tape.watch(state[0])
            log_p = log_policy(rule.policy, state[0], rows[:, :width], rows[:, width : width + n_actions] > 0.5)
            loss, entropy = policy_losses(log_p, action, rows[:, width + n_actions + 1], rows[:, -1])
            total = loss - rates[2] * entropy
        state = _adam(state, rules.shortened(tape.gradient(total, state[0]), rule.max_gradient_norm), rates[0])
        losses, entropies = losses + loss, entropies + entropy
    return state, losses / array.shape[0], entropies / array.shape[0]


def _value_steps(rule: UpdateRule, state: Any, array: Any, rates: Any) -> Any:
    """Steps of Adam toward the targets, ``epochs`` times over the minibatches."""
    loss = tf.constant(0.0)
    if rule.value is None:
        return state, loss
    width = rule.value.sizes[0]
    for index in tf.range(rule.epochs * array.shape[0]):
        rows = array[tf.math.floormod(index, array.shape[0])]
        with tf.GradientTape() as tape:
            tape.watch(state[0])
            values = rule.value.values(rule.value.layers(state[0]), rows[:, :width], tf.maximum)[:, 0]
            loss = weighted_mean(rules.squared(values - rows[:, -2]), rows[:, -1])
        state = _adam(state, rules.shortened(tape.gradient(loss, state[0]), rule.max_gradient_norm), rates[1])
    return state, loss


def _adam(state: Any, gradient: Any, rate: Any) -> Any:
    weights, first, second, count = state
    weights, (first, second) = rules.adam(weights, gradient, (first, second), count + 1.0, rate)
    return weights, first, second, count + 1.0
