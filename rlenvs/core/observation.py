"""How a state of a finite MDP is shown: as its index, or through a table of arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

ObsT_co = TypeVar("ObsT_co", covariant=True)
IntArray = NDArray[np.int64]

LARGEST_TABLE = 2**22
"""Entries up to which all observations are computed beforehand (32 MiB of int64)."""


class Observation(Protocol[ObsT_co]):
    """An observation for every state of a finite MDP."""

    @property
    def space(self) -> gym.Space[Any]:
        """The space of one observation."""

    def one(self, state: int) -> ObsT_co:
        """The observation of a state; fresh memory."""

    def many(self, states: IntArray, out: NDArray[Any]) -> None:
        """Write the observations of an array of states (n,) into ``out``, (n, *shape) of the dtype of the space."""


class IndexObservation:
    """The state's own number, as a plain int."""

    def __init__(self, n_states: int) -> None:
        self.space: gym.spaces.Discrete = gym.spaces.Discrete(n_states)

    def one(self, state: int) -> int:
        """The state."""
        return state

    def many(self, states: IntArray, out: NDArray[Any]) -> None:
        """Write the states."""
        out[:] = states


class ArrayObservation(Generic[ObsT_co]):
    """An array for every state, given by a function of many states at once.

    Args:
        space: the space of one observation.
        encode: states (n,) -> observations (n, *space.shape) of the dtype of the space. The one text of the rule.
        n_states: S. All observations are computed beforehand if they have at most 2**22 entries.
    """

    def __init__(self, space: gym.spaces.Box, encode: Callable[[IntArray], NDArray[Any]], n_states: int) -> None:
        self.space = space
        self._encode = encode
        self._table: NDArray[Any] | None = None
        self._rows: list[NDArray[Any]] = []
        if n_states * int(np.prod(space.shape)) <= LARGEST_TABLE:
            self._table = encode(np.arange(n_states))
            self._rows = list(self._table)

    def one(self, state: int) -> NDArray[Any]:
        """The observation of a state, an array of the shape of the space; fresh memory."""
        if self._rows:
            return self._rows[state].copy()
        return self._encode(np.array([state]))[0]  # type: ignore[no-any-return]

    def many(self, states: IntArray, out: NDArray[Any]) -> None:
        """Write the observations of states (n,) into ``out``, (n, *shape)."""
        if self._table is None:
            out[...] = self._encode(states)
        else:
            self._table.take(states, axis=0, out=out, mode="clip")  # states are in range; clipping needs no buffer
