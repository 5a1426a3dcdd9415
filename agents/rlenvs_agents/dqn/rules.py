"""What DQN learns from, as pure functions of tensors: targets, losses, and a step of the optimiser.

B is the batch, A the number of actions. Names carry their time: ``_tm1`` before the step, ``_t`` after it.
"""

from __future__ import annotations

from typing import Any

from rlenvs_agents.framework import tf

IMPOSSIBLE = -1e30


def bootstrap_max(q_t: Any, target_q_t: Any, mask_t: Any) -> Any:
    """The largest value of a possible action by the target network, (B,) (Mnih et al., 2015).

    Args:
        q_t: (B, A) by the network; not used.
        target_q_t: (B, A) by the target network.
        mask_t: (B, A) booleans, true where an action is possible.
    """
    del q_t
    return tf.reduce_max(tf.where(mask_t, target_q_t, IMPOSSIBLE), axis=1)


def bootstrap_double(q_t: Any, target_q_t: Any, mask_t: Any) -> Any:
    """The target network's value of the network's best possible action, (B,) (van Hasselt et al., 2016).

    Args:
        q_t: (B, A) by the network.
        target_q_t: (B, A) by the target network.
        mask_t: (B, A) booleans, true where an action is possible.
    """
    best = tf.argmax(tf.where(mask_t, q_t, IMPOSSIBLE), axis=1)
    return tf.gather(target_q_t, best, axis=1, batch_dims=1)


def td_target(r_t: Any, discount_t: Any, worth_t: Any) -> Any:
    """``r_t + discount_t · worth_t``, (B,); ``discount_t`` is 0 at termination, and the discount at truncation."""
    return r_t + discount_t * tf.stop_gradient(worth_t)


def huber(error: Any) -> Any:
    """``error² / 2`` up to 1, then ``|error| − 1/2`` (Huber, 1964)."""
    size = tf.abs(error)
    near = tf.minimum(size, 1.0)
    return 0.5 * near * near + (size - near)


def squared(error: Any) -> Any:
    """``error² / 2``."""
    return 0.5 * error * error


def adam(weights: Any, gradient: Any, moments: tuple[Any, Any], count: Any, rate: Any) -> tuple[Any, tuple[Any, Any]]:
    """One step of Adam with β 0.9 and 0.999, ε 1e-8 (Kingma and Ba, 2015, algorithm 1).

    Args:
        weights: (n,).
        gradient: (n,).
        moments: running means of the gradient and of its square, (n,) each.
        count: number of this step, from 1.
        rate: the learning rate.

    Returns:
        New weights and moments.
    """
    first = 0.9 * moments[0] + 0.1 * gradient
    second = 0.999 * moments[1] + 0.001 * gradient * gradient
    unbiased_first = first / (1.0 - tf.pow(0.9, count))
    unbiased_second = second / (1.0 - tf.pow(0.999, count))
    return weights - rate * unbiased_first / (tf.sqrt(unbiased_second) + 1e-8), (first, second)


def shortened(gradient: Any, longest: float | None) -> Any:
    """The gradient (n,), scaled down to the length ``longest`` if it is longer; None: as it is."""
    if longest is None:
        return gradient
    return gradient * tf.minimum(1.0, longest / (tf.norm(gradient) + 1e-6))


BOOTSTRAPS = {"max": bootstrap_max, "double": bootstrap_double}
LOSSES = {"huber": huber, "squared": squared}
