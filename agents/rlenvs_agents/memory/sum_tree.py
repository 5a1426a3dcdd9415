"""A binary tree of sums: draws in proportion to a priority, in logarithmic time."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rlenvs.core.compiling import compiled


class SumTree:
    """Priorities, and the sums of halves, quarters and so on.

    A changed priority recomputes the sums above it from their two parts, and never adds a difference: rounding errors
    do not pile up, however many changes there are.

    Args:
        size: how many priorities; all are 0 at first.
    """

    def __init__(self, size: int) -> None:
        self._leaves = 1 << max(size - 1, 0).bit_length()
        self._size = size
        self._nodes = np.zeros(2 * self._leaves)
        self._set, self._set_one, self._find = _kernels()

    @property
    def total(self) -> float:
        """Sum of all priorities."""
        return float(self._nodes[1])

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self._nodes.nbytes

    @staticmethod
    def needs(size: int) -> int:
        """Bytes that a tree of that size will hold."""
        return 16 << max(size - 1, 0).bit_length()

    @property
    def priorities(self) -> NDArray[np.float64]:
        """(size,), a view: to be read only."""
        return self._nodes[self._leaves : self._leaves + self._size]

    def set(self, index: NDArray[np.int64], priority: NDArray[np.float64]) -> None:
        """Change priorities (m,) at places (m,); of one place named twice, the last counts."""
        self._set(self._nodes, self._leaves, index, priority)

    def set_one(self, index: int, priority: float) -> None:
        """Change one."""
        self._set_one(self._nodes, self._leaves, index, priority)

    def set_all(self, priorities: NDArray[np.float64]) -> None:
        """Change all (size,)."""
        self._nodes[:] = 0
        self._nodes[self._leaves : self._leaves + self._size] = priorities
        level = self._leaves
        while level > 1:
            self._nodes[level // 2 : level] = self._nodes[level : 2 * level].reshape(-1, 2).sum(axis=1)
            level //= 2

    def find(self, mass: NDArray[np.float64]) -> NDArray[np.int64]:
        """Where the running sum of the priorities first exceeds each ``mass`` (m,), 0 <= mass < total.

        A place of priority 0 is never found, also where rounding leads there.
        """
        found = np.empty(len(mass), np.int64)
        self._find(self._nodes, self._leaves, mass, found)
        return found


@cache
def _kernels() -> tuple[Any, Any, Any]:
    one = compiled(_set_one)
    return compiled(_set, _set_one=one), one, compiled(_find)


def _set_one(nodes: Any, leaves: Any, index: Any, priority: Any) -> None:
    node = leaves + index
    nodes[node] = priority
    node //= 2
    while node > 0:
        nodes[node] = nodes[2 * node] + nodes[2 * node + 1]
        node //= 2


def _set(nodes: Any, leaves: Any, index: Any, priority: Any) -> None:
    for i in range(len(index)):
        _set_one(nodes, leaves, index[i], priority[i])


def _find(nodes: Any, leaves: Any, mass: Any, found: Any) -> None:
    for i in range(len(mass)):
        rest, node = mass[i], 1
        while node < leaves:
            node *= 2
            # Where the right half is empty, only rounding can lead there.
            if rest >= nodes[node] and nodes[node + 1] > 0:
                rest -= nodes[node]
                node += 1
        found[i] = node - leaves
