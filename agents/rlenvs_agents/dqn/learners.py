"""Which learner a network gets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from numpy.typing import NDArray

from rlenvs_agents.dqn.image_learner import ImageLearner
from rlenvs_agents.dqn.learner import Batch, Updated, UpdateRule, compiled, state_of
from rlenvs_agents.networks import ConvolutionalNetwork

Update = Callable[[Any, Batch, float], Updated]


def learner_of(rule: UpdateRule, parts: Mapping[str, NDArray[Any]]) -> tuple[Any, Update]:
    """What holds the weights, and what makes updates of it with a batch and a learning rate.

    Args:
        rule: how it learns.
        parts: what it has learned, see :func:`rlenvs_agents.dqn.learner.initial_parts`.
    """
    if isinstance(rule.network, ConvolutionalNetwork):
        return ImageLearner(rule, parts), ImageLearner.update
    return state_of(parts, rule.optimiser.n_moments), compiled(rule)
