"""A dense network whose weights are one flat vector, read by NumPy to act and by TensorFlow to learn."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rlenvs_agents.networks.activations import activated
from rlenvs_agents.networks.flat import FlatWeights
from rlenvs_agents.networks.heads import headed
from rlenvs_agents.networks.precision import SINGLE

FloatArray = NDArray[np.float32]


@dataclass(frozen=True)
class Network(FlatWeights):
    """Dense layers with an activation between them.

    ``values`` is written with operators that NumPy arrays and TensorFlow tensors share, so there is one text of it.

    Args:
        sizes: width of the input, units of the hidden layers, number of actions.
        head: see :class:`~rlenvs_agents.dqn.config.DQNConfig`.
        activation: "relu", "tanh" or "elu".
    """

    sizes: tuple[int, ...]
    head: str = "plain"
    activation: str = "relu"

    @property
    def n_actions(self) -> int:
        """A."""
        return self.sizes[-1]

    @property
    def precision(self) -> str:
        """In which numbers it is learned."""
        return SINGLE

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of one input."""
        return self.sizes[:1]

    @property
    def shapes(self) -> list[tuple[int, int]]:
        """Shapes of the weight matrices; a dueling head has one unit more, the value."""
        *inner, last = self.sizes
        widths = [*inner, last if self.head == "plain" else last + 1]
        return list(pairwise(widths))

    def values(self, layers: list[tuple[Any, Any]], inputs: Any, maximum: Any = np.maximum) -> Any:
        """Action values (n, A) of inputs (n, width).

        Args:
            layers: of :meth:`layers`.
            inputs: an array, or a tensor.
            maximum: ``np.maximum`` or ``tf.maximum``.
        """
        hidden = inputs
        for matrix, bias in layers[:-1]:
            hidden = activated(self.activation, hidden @ matrix + bias, maximum)
        matrix, bias = layers[-1]
        return headed(self.head, hidden @ matrix + bias, self.sizes[-1], maximum)
