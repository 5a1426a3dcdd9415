"""How a gradient changes the weights: settings as data, and steps as pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from rlenvs_agents.configs import check_number, part, settle

BELOW_ONE = 1 - 1e-9


class Optimiser(Protocol):
    """A rule to step by; what it remembers are so many vectors as long as the weights, zero at first."""

    n_moments: ClassVar[int]

    def step(
        self, weights: Any, gradient: Any, moments: tuple[Any, ...], count: Any, rate: Any
    ) -> tuple[Any, tuple[Any, ...]]:
        """One step.

        Args:
            weights: (n,).
            gradient: (n,).
            moments: what it remembers, (n,) each.
            count: number of this step, from 1.
            rate: the learning rate.

        Returns:
            New weights and moments.
        """

    def apply(self, weights: Any, gradient: Any, moments: tuple[Any, ...], count: Any, rate: Any) -> None:
        """The same in place, for variables of TensorFlow of any shape; one pass over memory."""


@part("adam")
@dataclass(frozen=True)
class Adam:
    """Adam (Kingma and Ba, 2015, algorithm 1).

    Args:
        first: β₁, how much of the mean gradient is kept.
        second: β₂, how much of the mean square is kept.
        epsilon: ε, beside the root.
    """

    first: float = 0.9
    second: float = 0.999
    epsilon: float = 1e-8
    n_moments: ClassVar[int] = 2

    def __post_init__(self) -> None:
        settle(
            self,
            first=check_number("first", self.first, 0, BELOW_ONE),
            second=check_number("second", self.second, 0, BELOW_ONE),
            epsilon=check_number("epsilon", self.epsilon, 1e-30),
        )

    def step(
        self, weights: Any, gradient: Any, moments: tuple[Any, ...], count: Any, rate: Any
    ) -> tuple[Any, tuple[Any, ...]]:
        """One step; moments: running means of the gradient and of its square."""
        first = self.first * moments[0] + (1 - self.first) * gradient
        second = self.second * moments[1] + (1 - self.second) * gradient * gradient
        # The corrections for the start at zero are numbers: taken out of the vectors, they cost nothing.
        root = (1 - self.second**count) ** 0.5
        size = rate * root / (1 - self.first**count)
        return weights - size * first / (second**0.5 + self.epsilon * root), (first, second)

    def apply(self, weights: Any, gradient: Any, moments: tuple[Any, ...], count: Any, rate: Any) -> None:
        """One step in place."""
        from rlenvs_agents.framework import tf

        first, second = self.first**count, self.second**count
        tf.raw_ops.ResourceApplyAdam(
            var=weights.handle, m=moments[0].handle, v=moments[1].handle, beta1_power=first, beta2_power=second,
            lr=rate, beta1=self.first, beta2=self.second, epsilon=self.epsilon * (1 - second) ** 0.5, grad=gradient,
        )  # fmt: skip


@part("rmsprop")
@dataclass(frozen=True)
class RMSProp:
    """RMSProp (Hinton, 2012), centred as Graves (2013, equations 38 to 45) has it, where DQN was first trained so.

    Args:
        decay: ρ, how much of the means is kept.
        epsilon: ε, under the root.
        momentum: how much of the last step is made again.
        centred: divide by the spread of the gradient instead of its size.
    """

    decay: float = 0.95
    epsilon: float = 1e-5
    momentum: float = 0.0
    centred: bool = True
    n_moments: ClassVar[int] = 3

    def __post_init__(self) -> None:
        settle(
            self,
            decay=check_number("decay", self.decay, 0, BELOW_ONE),
            epsilon=check_number("epsilon", self.epsilon, 1e-30),
            momentum=check_number("momentum", self.momentum, 0, BELOW_ONE),
        )

    def step(
        self,
        weights: Any,
        gradient: Any,
        moments: tuple[Any, ...],
        count: Any,  # noqa: ARG002  # part of the protocol
        rate: Any,
    ) -> tuple[Any, tuple[Any, ...]]:
        """One step; moments: running means of the gradient and of its square, and the last step."""
        mean = self.decay * moments[0] + (1 - self.decay) * gradient
        square = self.decay * moments[1] + (1 - self.decay) * gradient * gradient
        # Of a constant gradient nothing is left but rounding, which may be below zero.
        spread = abs(square - mean * mean) if self.centred else square
        move = self.momentum * moments[2] + rate * gradient / (spread + self.epsilon) ** 0.5
        return weights - move, (mean, square, move)

    def apply(
        self,
        weights: Any,
        gradient: Any,
        moments: tuple[Any, ...],
        count: Any,  # noqa: ARG002  # part of the protocol
        rate: Any,
    ) -> None:
        """One step in place; without ``centred`` the mean of the gradient is not kept."""
        from rlenvs_agents.framework import tf

        mean, square, move = (moment.handle for moment in moments)
        settings = {"rho": self.decay, "momentum": self.momentum, "epsilon": self.epsilon, "lr": rate, "grad": gradient}
        if self.centred:
            tf.raw_ops.ResourceApplyCenteredRMSProp(var=weights.handle, mg=mean, ms=square, mom=move, **settings)
        else:
            tf.raw_ops.ResourceApplyRMSProp(var=weights.handle, ms=square, mom=move, **settings)
