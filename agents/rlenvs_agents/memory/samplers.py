"""How transitions are drawn from a replay memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from rlenvs_agents.configs import part
from rlenvs_agents.memory.pieces import Arrays
from rlenvs_agents.memory.sum_tree import SumTree


class Live(NamedTuple):
    """Which places of a ring hold something: ``stored`` in a row from ``oldest`` on."""

    oldest: int
    stored: int
    size: int


class Draw(Protocol):
    """Draws places of a ring."""

    @property
    def nbytes(self) -> int:
        """Bytes held."""

    def new(self, index: int) -> None:
        """Something new is at that place."""

    def gone(self, index: int) -> None:
        """Nothing is at that place any more."""

    def draw(
        self, generator: np.random.Generator, shape: tuple[int, ...], live: Live, beta: float
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Places and importance weights, both of that shape, drawn with replacement."""

    def update(self, index: NDArray[np.int64], errors: NDArray[Any]) -> None:
        """Learn how wrong the values were at these places."""

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """All that later draws depend on."""

    def fill(self, arrays: Arrays) -> None:
        """Take over what :meth:`to_arrays` gave."""


class Sampler(Protocol):
    """A rule of drawing, as data; what it remembers is in the :class:`Draw` that it makes."""

    def needs(self, size: int) -> int:
        """Bytes for a ring of that size."""

    def make(self, size: int) -> Draw:
        """For a ring of that size."""


@part("uniform")
@dataclass(frozen=True)
class Uniform:
    """Every transition is as likely as any other."""

    def needs(self, size: int) -> int:  # noqa: ARG002  # whatever the size
        """None."""
        return 0

    def make(self, size: int) -> Draw:  # noqa: ARG002  # likewise
        """Itself remembers nothing."""
        return UniformDraw()


class UniformDraw:
    """Draws uniformly."""

    nbytes = 0

    def new(self, index: int) -> None:
        """Nothing to do."""

    def gone(self, index: int) -> None:
        """Nothing to do."""

    def draw(
        self,
        generator: np.random.Generator,
        shape: tuple[int, ...],
        live: Live,
        beta: float,  # noqa: ARG002  # all weights are equal
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Places, and ones."""
        index = generator.integers(live.oldest, live.oldest + live.stored, shape)
        np.subtract(index, live.size, out=index, where=index >= live.size)
        return index, np.ones(shape, np.float32)

    def update(self, index: NDArray[np.int64], errors: NDArray[Any]) -> None:
        """Nothing to do."""

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Nothing."""
        return {}

    def fill(self, arrays: Arrays) -> None:
        """Nothing to do."""


@part("prioritised")
@dataclass(frozen=True)
class Prioritised:
    """In proportion to (|error| + offset)^alpha; what is new counts as the largest so far (Schaul et al., 2016).

    The last axis of a draw is stratified: of a batch of k, one comes from each k-th part of the total (section 3.3).
    Importance weights are (N P(i))^-beta, divided by the largest of the batch, that is along the last axis.

    Args:
        alpha: 0 is uniform, 1 fully in proportion.
        offset: so that what was predicted exactly can be drawn again.

    Raises:
        ValueError: if an argument is out of range.
    """

    alpha: float = 0.6
    offset: float = 1e-6

    def __post_init__(self) -> None:
        if not 0 <= self.alpha < float("inf"):
            raise ValueError(f"`alpha` must be a number of at least 0, got {self.alpha!r}.")
        if not 0 < self.offset < float("inf"):
            raise ValueError(f"`offset` must be a number above 0, got {self.offset!r}.")

    def needs(self, size: int) -> int:
        """Bytes for a ring of that size."""
        return SumTree.needs(size)

    def make(self, size: int) -> Draw:
        """For a ring of that size."""
        return PrioritisedDraw(self, size)


class PrioritisedDraw:
    """Draws by a sum tree.

    Args:
        rule: its exponent and offset.
        size: of the ring.
    """

    def __init__(self, rule: Prioritised, size: int) -> None:
        self._rule = rule
        self._tree = SumTree(size)
        self._largest = 1.0

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self._tree.nbytes

    def new(self, index: int) -> None:
        """It is as likely as the likeliest so far."""
        self._tree.set_one(index, self._largest)

    def gone(self, index: int) -> None:
        """It is not drawn again."""
        self._tree.set_one(index, 0.0)

    def draw(
        self, generator: np.random.Generator, shape: tuple[int, ...], live: Live, beta: float
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Places and importance weights."""
        tree, strata = self._tree, shape[-1] if shape else 1
        mass = (generator.random(shape) + np.arange(strata).reshape(strata if shape else ())) * (tree.total / strata)
        # The product may round up to the total itself, which lies beyond every place.
        mass = np.minimum(mass, np.nextafter(tree.total, 0))
        index = tree.find(mass.reshape(-1)).reshape(shape)
        chance = tree.priorities[index] / tree.total
        weight = (live.stored * chance) ** -beta
        return index, (weight / (weight.max(axis=-1, keepdims=True) if shape else weight)).astype(np.float32)

    def update(self, index: NDArray[np.int64], errors: NDArray[Any]) -> None:
        """Set the priorities; of one place named twice, the last counts. What is gone stays gone."""
        priority = (np.abs(np.asarray(errors, np.float64)) + self._rule.offset) ** self._rule.alpha
        if not np.isfinite(priority).all():
            raise ValueError("`errors` must be finite numbers; learning has diverged.")
        there = self._tree.priorities[index] > 0
        index, priority = index[there], priority[there]
        if len(index):
            self._largest = max(self._largest, float(priority.max()))
            self._tree.set(index, priority)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """The priorities and the largest so far."""
        return {"priorities": self._tree.priorities, "largest": np.array(self._largest)}

    def fill(self, arrays: Arrays) -> None:
        """Take them over."""
        self._tree.set_all(arrays["priorities"])
        self._largest = float(arrays["largest"])
