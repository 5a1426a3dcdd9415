"""Updates of a dense deep Q-network, any number in a row, as one compiled call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rlenvs_agents.dqn import rules
from rlenvs_agents.dqn.config import HardTarget, SoftTarget
from rlenvs_agents.dqn.optimisers import Adam, Optimiser
from rlenvs_agents.framework import tf
from rlenvs_agents.networks import Network

MOMENTS = ("first", "second", "third")


class LearnerState(NamedTuple):
    """Everything that an update changes, within one vector: a call is paid for by the number of its tensors."""

    flat: Any  # ((2 + m) n + 1,) float32: weights, target network, m moments of the optimiser, number of updates
    n_moments: int = 2

    @property
    def weights(self) -> NDArray[np.float32]:
        """The weights (n,), a view: they may be all that is wanted of some megabytes."""
        array: NDArray[np.float32] = np.asarray(memoryview(self.flat))
        return array[: array.size // (2 + self.n_moments)]

    def layers(self, network: Network) -> list[Any]:
        """Matrices and biases of the network, as views."""
        return network.layers(self.weights)

    @property
    def parts(self) -> dict[str, NDArray[np.float32]]:
        """The parts by name, as views: all of shape (n,), and the count."""
        array = np.asarray(self.flat)
        names = vectors(self.n_moments)
        n = array.size // len(names)
        return {**{name: array[place * n : (place + 1) * n] for place, name in enumerate(names)}, "count": array[-1:]}


class Weights(NamedTuple):
    """The parts of a learner's state while it is updated; tensors."""

    weights: Any  # (n,)
    target: Any  # (n,), of the target network
    moments: tuple[Any, ...]  # (n,) each, of the optimiser
    count: Any  # updates made


class Updated(NamedTuple):
    """What came of a call."""

    state: Any  # the learner from now on
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

    inputs: Any  # (K, B, *input shape): float32, or bytes for a convolutional network
    action: Any  # (K, B) int32
    reward: Any  # (K, B) float32
    discount: Any  # (K, B) float32, 0 at termination
    next_inputs: Any  # as `inputs`
    next_mask: Any  # (K, B, A) bool
    weight: Any  # (K, B) float32, of each transition in the loss


class Lesson(NamedTuple):
    """What a batch of B transitions teaches; tensors."""

    error: Any  # (B,), target minus value
    loss: Any  # mean
    value: Any  # mean, of the actions taken
    gradients: list[Any]  # of the loss, for each matrix and bias in turn


@dataclass(frozen=True)
class UpdateRule:
    """What makes one compiled update different from another."""

    network: Any  # Network, or ConvolutionalNetwork for an ImageLearner
    bootstrap: str
    loss: str
    target: HardTarget | SoftTarget
    max_gradient_norm: float | None
    optimiser: Optimiser = Adam()  # noqa: RUF009  # immutable


def vectors(n_moments: int) -> tuple[str, ...]:
    """The names of the vectors of a learner's state."""
    return ("weights", "target", *MOMENTS[:n_moments])


def initial_parts(weights: NDArray[np.float32], n_moments: int = 2) -> dict[str, NDArray[Any]]:
    """The parts of a learner that has made no update; the target network is a copy."""
    zeros = {name: np.zeros_like(weights) for name in MOMENTS[:n_moments]}
    return {"weights": weights, "target": weights, **zeros, "count": np.zeros(1)}


def initial_state(weights: NDArray[np.float32], n_moments: int = 2) -> LearnerState:
    """A learner that has made no update; the target network is a copy."""
    return state_of(initial_parts(weights, n_moments), n_moments)


def state_of(parts: Mapping[str, NDArray[Any]], n_moments: int = 2) -> LearnerState:
    """The learner with these :attr:`LearnerState.parts`."""
    arrays = [parts[name] for name in (*vectors(n_moments), "count")]
    return LearnerState(tf.constant(np.concatenate(arrays), tf.float32), n_moments)


def packed(batch: Batch, rate: float) -> NDArray[np.float32]:
    """A batch as one array (K, B, …); whole numbers and booleans become floats, exactly."""
    shape = batch.action.shape
    single = [batch.action, batch.reward, batch.discount, batch.weight, np.broadcast_to(np.float32(rate), shape)]
    columns = [np.asarray(entry, np.float32)[..., None] for entry in single]
    return np.concatenate([np.asarray(batch.next_mask, np.float32), *columns, batch.inputs, batch.next_inputs], axis=-1)


def unpacked(pack: Any, n_actions: int) -> tuple[Batch, Any]:
    """The batch of B transitions that a row of the array of :func:`packed` holds, as tensors (B, …), and the rate."""
    begin = n_actions + 5
    width = (pack.shape[-1] - begin) // 2
    inputs, next_inputs = pack[:, begin : begin + width], pack[:, begin + width :]
    action, reward, discount, weight, rate = (pack[:, n_actions + place] for place in range(5))
    mask = pack[:, :n_actions] > 0.5
    return Batch(inputs, tf.cast(action, tf.int32), reward, discount, next_inputs, mask, weight), rate[0]


@lru_cache(maxsize=64)
def compiled(rule: UpdateRule) -> Callable[[LearnerState, Batch, float], Updated]:
    """The update as a compiled function of state, batch and learning rate.

    It holds no weights, so agents with the same shapes share one compilation.
    """
    n, n_actions, n_moments = rule.network.n_weights, rule.network.n_actions, rule.optimiser.n_moments

    @tf.function(jit_compile=True)  # type: ignore[untyped-decorator]  # TensorFlow has no types
    def update(flat: Any, packs: Any) -> Any:
        vectors = [flat[place * n : (place + 1) * n] for place in range(2 + n_moments)]
        state = Weights(vectors[0], vectors[1], tuple(vectors[2:]), flat[-1])
        errors = tf.zeros(packs.shape[:2], tf.float32)
        losses, values = tf.constant(0.0), tf.constant(0.0)
        for k in tf.range(packs.shape[0]):
            batch, rate = unpacked(packs[k], n_actions)
            state, error, loss, value = _one_update(rule, state, batch, rate)
            errors = tf.tensor_scatter_nd_update(errors, [[k]], [error])
            losses, values = losses + loss, values + value
        figures = tf.stack([losses, values]) / packs.shape[0]
        flat = tf.concat([state.weights, state.target, *state.moments, state.count[None]], 0)
        return flat, tf.concat([tf.reshape(errors, [-1]), figures], 0)

    traced: dict[Any, Any] = {}

    def once(state: LearnerState, batch: Batch, rate: float) -> Updated:
        packs = packed(batch, rate)
        if packs.shape not in traced:  # the traced function itself: looking it up costs more than a small update
            traced[packs.shape] = update.get_concrete_function(state.flat, tf.constant(packs))
        flat, told = traced[packs.shape](state.flat, tf.convert_to_tensor(packs))
        return Updated(LearnerState(flat, n_moments), told, batch.action.shape)

    return once


def lesson(rule: UpdateRule, layers: Any, target_layers: Any, batch: Batch) -> Lesson:
    """What a batch teaches; the same text for every kind of network.

    Args:
        rule: how it learns.
        layers: of the network, tensors or variables' values.
        target_layers: of the target network.
        batch: of B transitions.
    """
    network = rule.network
    next_target = network.values(target_layers, batch.next_inputs, tf.maximum)
    # The plain maximum does not ask for the network's own values, and they are left out of the graph.
    next_own = network.values(layers, batch.next_inputs, tf.maximum)
    worth = rules.BOOTSTRAPS[rule.bootstrap](next_own, next_target, batch.next_mask)
    target = rules.td_target(batch.reward, batch.discount, worth)
    with tf.GradientTape() as tape:
        tape.watch(layers)
        values = network.values(layers, batch.inputs, tf.maximum)
        chosen = tf.gather(values, batch.action, axis=1, batch_dims=1)
        error = target - chosen
        loss = tf.reduce_mean(batch.weight * rules.LOSSES[rule.loss](error))
    # With respect to the layers, not to the vector they may be cut from: that would add up a padded vector for each.
    gradients = [piece for pair in tape.gradient(loss, layers) for piece in pair]
    return Lesson(error, loss, tf.reduce_mean(chosen), gradients)


def _one_update(rule: UpdateRule, state: Weights, batch: Batch, rate: Any) -> Any:
    network = rule.network
    learned = lesson(rule, network.layers(state.weights), network.layers(state.target), batch)
    gradient = tf.concat([tf.reshape(piece, [-1]) for piece in learned.gradients], 0)
    gradient = rules.shortened(gradient, rule.max_gradient_norm)
    count = state.count + 1.0
    weights, moments = rule.optimiser.step(state.weights, gradient, state.moments, count, rate)
    new_target = followed(rule.target, weights, state.target, count)
    return Weights(weights, new_target, moments, count), learned.error, learned.loss, learned.value


def followed(rule: HardTarget | SoftTarget, weights: Any, target: Any, count: Any) -> Any:
    """The target network after update number ``count``."""
    if isinstance(rule, SoftTarget):
        return target + rule.rate * (weights - target)
    return tf.where(tf.equal(tf.math.floormod(count, float(rule.every_updates)), 0.0), weights, target)
