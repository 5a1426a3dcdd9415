"""Settings of the deep Q-network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rlenvs_agents.configs import check_choice, check_number, check_whole, part, settle
from rlenvs_agents.exploration import EpsilonGreedy, Exploration, exploration_of
from rlenvs_agents.schedules import Constant, Schedule, schedule_of

BOOTSTRAPS = ("max", "double")
HEADS = ("plain", "dueling", "dueling-max")
LOSSES = ("huber", "squared")


@part("hard")
@dataclass(frozen=True)
class HardTarget:
    """The target network becomes a copy of the network every so many updates (Mnih et al., 2015); 1: there is none."""

    every_updates: int = 250

    def __post_init__(self) -> None:
        check_whole("every_updates", self.every_updates)


@part("soft")
@dataclass(frozen=True)
class SoftTarget:
    """The target network moves the part ``rate`` of the way to the network at every update (Lillicrap et al., 2016)."""

    rate: float = 0.01

    def __post_init__(self) -> None:
        settle(self, rate=check_number("rate", self.rate, 0, 1))


@dataclass(frozen=True, kw_only=True)
class DQNConfig:
    """Settings of :class:`~rlenvs_agents.dqn.agent.DQN`.

    Args:
        discount: γ in [0, 1].
        hidden: units of the hidden layers.
        head: "plain"; "dueling": value plus advantage minus the mean advantage; "dueling-max": minus the largest one.
        bootstrap: what the target takes the next state to be worth: the "max" of the target network, or its value of
            the network's own best action ("double").
        loss: "huber" (linear beyond errors of 1) or "squared".
        target: HardTarget or SoftTarget.
        learning_rate: of Adam, a number or a schedule over environment steps.
        max_gradient_norm: longer gradients are shortened to it; None: no limit.
        buffer_size: transitions that are remembered.
        batch_size: transitions per update.
        learning_starts: environment steps made at random before the first update.
        train_every_steps: environment steps between two occasions to update.
        updates_per_train: updates at each occasion, fused into one call.
        exploration: how to behave: an exploration, or ε as a number or a schedule.
    """

    discount: float = 0.99
    hidden: Sequence[int] = (64, 64)
    head: str = "plain"
    bootstrap: str = "max"
    loss: str = "huber"
    target: HardTarget | SoftTarget = HardTarget()
    learning_rate: Schedule | float = Constant(1e-3)  # noqa: RUF009  # immutable
    max_gradient_norm: float | None = 10.0
    buffer_size: int = 50_000
    batch_size: int = 32
    learning_starts: int = 1000
    train_every_steps: int = 4
    updates_per_train: int = 1
    exploration: Exploration | Schedule | float = field(default_factory=EpsilonGreedy)

    def __post_init__(self) -> None:
        for name in ("buffer_size", "batch_size", "train_every_steps", "updates_per_train"):
            check_whole(name, getattr(self, name))
        check_whole("learning_starts", self.learning_starts, 0)
        for units in self.hidden:
            check_whole("hidden", units)
        check_choice("head", self.head, HEADS)
        check_choice("bootstrap", self.bootstrap, BOOTSTRAPS)
        check_choice("loss", self.loss, LOSSES)
        if not isinstance(self.target, (HardTarget, SoftTarget)):
            raise TypeError(f"`target` must be a HardTarget or a SoftTarget, got {self.target!r}.")
        if self.max_gradient_norm is not None:
            check_number("max_gradient_norm", self.max_gradient_norm, 1e-12)
        settle(
            self,
            discount=check_number("discount", self.discount, 0, 1),
            hidden=tuple(self.hidden),
            learning_rate=schedule_of("learning_rate", self.learning_rate),
            exploration=exploration_of(self.exploration),
        )
