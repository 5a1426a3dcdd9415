"""A table of action values that grows with the observations it meets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from rlenvs_agents.observations import ObservationReader

Row = tuple[list[float], list[int]]
"""Values and numbers of updates, one of each per action."""


class QTable:
    """Action values by observation: Discrete ones by their number, arrays of whole numbers by their content.

    Values are kept as lists of floats, which Python reads several times faster than single entries of an array.
    Entries of impossible actions are minus infinity, so that the largest entry is always a possible action's.

    Args:
        space: the observation space.
        n_actions: A.
        initial: value of what has not been learned.
        max_rows: observations the table may hold.

    Raises:
        TypeError: if observations are real numbers, which hardly ever come twice.
        ValueError: if a Discrete space is larger than ``max_rows``.
    """

    shared = False  # a change of one row leaves the others alone

    def __init__(self, space: gym.Space[Any], n_actions: int, *, initial: float, max_rows: int) -> None:
        reader = ObservationReader(space)
        self.dtype, self.n_actions, self.initial, self.max_rows = reader.dtype, n_actions, initial, max_rows
        self.discrete = isinstance(space, gym.spaces.Discrete)
        self._rows: dict[Any, Row] = {}
        if np.issubdtype(self.dtype, np.floating):
            raise TypeError(
                f"`env` has real-valued observations, {space}: a table would hardly meet one of them twice. "
                "rlenvs.wrappers.DiscretizeObservation(env, bins) makes them countable, or set `tiles`."
            )
        if isinstance(space, gym.spaces.Discrete) and space.n > max_rows:
            raise ValueError(
                f"`env` has {space.n} observations, more than `max_rows` = {max_rows} rows of a table; "
                "raise it, or use an agent with a network, such as DQN."
            )

    def __len__(self) -> int:
        return len(self._rows)

    def row(self, observation: Any, possible: Sequence[int] | None = None) -> Row:
        """Values and counts of an observation, to be changed in place; a new row where it has not been met.

        Args:
            observation: one observation, as the environment gives it.
            possible: the possible actions; None: all are.

        Raises:
            ValueError: if the table is full.
        """
        key = observation if self.discrete else observation.tobytes()
        row = self._rows.get(key)
        if row is None:
            row = self._new_row(int(key) if self.discrete else key, possible)
        elif possible is not None:
            for action in possible:
                if row[0][action] == -math.inf:
                    row[0][action] = self.initial
        return row

    def renewed(self, row: Row, possible: Sequence[int] | None = None) -> Row:  # noqa: ARG002  # as tiles have it
        """The same row: no other row's change touches it."""
        return row

    def change(self, row: Row, action: int, amount: float) -> None:
        """Add to one value."""
        row[0][action] += amount
        row[1][action] += 1

    def values(self, observations: NDArray[Any]) -> NDArray[np.float64]:
        """Values (n, A) of observations (n, *shape); initial ones where an observation has not been met."""
        unknown: Row = ([self.initial] * self.n_actions, [])
        keys = observations.tolist() if self.discrete else [entry.tobytes() for entry in observations]
        rows = [self._rows.get(key, unknown)[0] for key in keys]
        return np.array(rows, dtype=np.float64).reshape(-1, self.n_actions)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """The table as arrays: keys (n,) int64 or (n, bytes) uint8; values and counts (n, A)."""
        shape = (len(self._rows), self.n_actions)
        rows = {
            "values": np.array([values for values, _ in self._rows.values()], dtype=np.float64).reshape(shape),
            "counts": np.array([counts for _, counts in self._rows.values()], dtype=np.int64).reshape(shape),
        }
        if self.discrete:
            return {"keys": np.array(list(self._rows), dtype=np.int64), **rows}
        width = len(next(iter(self._rows), b""))
        keys = np.frombuffer(b"".join(self._rows), dtype=np.uint8)
        return {"keys": keys.reshape(len(self._rows), width), **rows}

    def fill(self, arrays: dict[str, NDArray[Any]]) -> None:
        """Take over what :meth:`to_arrays` gave."""
        keys = arrays["keys"].tolist() if self.discrete else [key.tobytes() for key in arrays["keys"]]
        rows = zip(arrays["values"].tolist(), arrays["counts"].tolist(), strict=True)
        self._rows = dict(zip(keys, rows, strict=True))

    def _new_row(self, key: Any, possible: Sequence[int] | None) -> Row:
        if len(self._rows) >= self.max_rows:
            raise ValueError(
                f"The table is full: the environment has shown more than `max_rows` = {self.max_rows} different "
                "observations; raise it, or use an agent with a network, such as DQN."
            )
        values = [self.initial] * self.n_actions
        if possible is not None:
            values = [self.initial if action in possible else -math.inf for action in range(self.n_actions)]
        self._rows[key] = row = (values, [0] * self.n_actions)
        return row
