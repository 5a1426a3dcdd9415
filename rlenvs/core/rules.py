"""What the engine asks of the rules of a game: plain functions of state, action and chance."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

import gymnasium as gym

from rlenvs.rendering import Scene

StateT = TypeVar("StateT")
ObsT_co = TypeVar("ObsT_co", covariant=True)


class Rules(Protocol[StateT, ObsT_co]):
    """A game with ``n`` actions. There is no random generator below this line: chance comes in as ``u``.

    ``u`` is uniform in [0, 1). A state is opaque to the engine; ``transition`` may change the state that it is
    given and return it.
    """

    @property
    def observation_space(self) -> gym.Space[Any]:
        """The space of what :meth:`observe` returns."""

    @property
    def action_meanings(self) -> tuple[str, ...]:
        """One word in capitals per action."""

    def initial(self, u: float) -> StateT:
        """The state in which an episode starts."""

    def transition(self, state: StateT, action: int, u: float) -> tuple[StateT, float, bool, bool]:
        """Next state, reward, terminated, truncated. ``action`` is valid and the episode has not ended."""

    def observe(self, state: StateT) -> ObsT_co:
        """A fresh observation that shares memory with nothing."""

    def info(self, state: StateT) -> dict[str, Any]:
        """A fresh dictionary with the same keys for every state."""

    def scene(self, state: StateT) -> Scene:
        """The picture of the state, as data."""
