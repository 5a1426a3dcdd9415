"""Where a replay memory keeps observations: each once, in a ring that successors share."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import DTypeLike, NDArray

from rlenvs_agents.configs import part
from rlenvs_agents.memory.pieces import Arrays, from_pieces, in_pieces

# The numbers of the records that an observation is made of, oldest first. Record i is in slot i mod `records`.
Chain = tuple[int, ...]


class Ring(Protocol):
    """Records in the order in which they were written; the oldest give way.

    An episode of T steps writes T + 1: what it began with, and what each step led to.
    """

    written: int  # records so far
    records: int  # that are kept

    @property
    def nbytes(self) -> int:
        """Bytes held."""

    def begin(self, observation: NDArray[Any]) -> Chain:
        """Write the first observation of an episode."""

    def move(self, chain: Chain, observation: NDArray[Any], following: NDArray[Any]) -> Chain:
        """Write the observation that follows."""

    def holds(self, chain: Chain, observation: NDArray[Any]) -> bool:
        """Whether the chain's newest record is still there and fits that observation."""

    def get(self, slots: NDArray[Any]) -> NDArray[Any]:
        """Observations (…, *shape), copies, by the slots (…,) of their newest records."""

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """All that is kept, not copied."""

    def fill(self, arrays: Arrays) -> None:
        """Take over what :meth:`to_arrays` gave."""


class Store(Protocol):
    """A way to keep observations, as data."""

    def frames(self, shape: tuple[int, ...]) -> int:
        """How many records an observation of that shape is made of."""

    def records(self, size: int) -> int:
        """How many records ``size`` transitions are given."""

    def needs(self, records: int, shape: tuple[int, ...], dtype: DTypeLike) -> int:
        """Bytes for that many records."""

    def make(self, records: int, shape: tuple[int, ...], dtype: DTypeLike) -> Ring:
        """The ring itself."""


@part("whole")
@dataclass(frozen=True)
class Whole:
    """Keeps every observation as it is, once: the successor of one is the next.

    Args:
        records_per_transition: an episode of T steps takes T + 1 records, so 2 always suffice; with less, fewer
            transitions are remembered while episodes are very short.

    Raises:
        ValueError: if it is not between 1 and 2.
    """

    records_per_transition: float = 2.0

    def __post_init__(self) -> None:
        _check_ratio(self.records_per_transition)

    def frames(self, shape: tuple[int, ...]) -> int:  # noqa: ARG002  # whatever the shape
        """One."""
        return 1

    def records(self, size: int) -> int:
        """How many records ``size`` transitions are given."""
        return math.ceil(size * self.records_per_transition)

    def needs(self, records: int, shape: tuple[int, ...], dtype: DTypeLike) -> int:
        """Bytes for that many records."""
        return records * math.prod(shape) * np.dtype(dtype).itemsize

    def make(self, records: int, shape: tuple[int, ...], dtype: DTypeLike) -> Ring:
        """The ring itself."""
        return WholeRing(records, shape, dtype)


@part("frames")
@dataclass(frozen=True)
class Frames:
    """Keeps each frame of stacked images once, and stacks them again when they are drawn.

    Observations have shape (S, ...): S frames, the newest last, which move on by one with every step. Whatever an
    episode's first stack is padded with is kept too (nothing more, where it is the first frame repeated).

    Args:
        records_per_transition: room for frames. 17/16 hold all transitions while episodes have 16 steps or more on
            average; fewer are remembered while they are shorter.

    Raises:
        ValueError: if it is not between 1 and 2.
    """

    records_per_transition: float = 1.0625

    def __post_init__(self) -> None:
        _check_ratio(self.records_per_transition)

    def frames(self, shape: tuple[int, ...]) -> int:
        """S.

        Raises:
            ValueError: if the shape cannot be a stack.
        """
        if len(shape) < 2 or shape[0] < 2:
            raise ValueError(
                f"`store` Frames() needs observations of shape (S, ...), S >= 2 frames with the newest last, got "
                f"{shape}. Stack them with FrameStack(env, size=4), or use Whole()."
            )
        return shape[0]

    def records(self, size: int) -> int:
        """How many records ``size`` transitions are given."""
        return math.ceil(size * self.records_per_transition)

    def needs(self, records: int, shape: tuple[int, ...], dtype: DTypeLike) -> int:
        """Bytes for that many records."""
        return records * (math.prod(shape[1:]) * np.dtype(dtype).itemsize + np.dtype(np.int32).itemsize)

    def make(self, records: int, shape: tuple[int, ...], dtype: DTypeLike) -> Ring:
        """The ring itself."""
        return FrameRing(records, shape, dtype)


class WholeRing:
    """A ring of observations.

    Args:
        records: that are kept.
        shape: of an observation.
        dtype: of an observation.
    """

    def __init__(self, records: int, shape: tuple[int, ...], dtype: DTypeLike) -> None:
        self.records = records
        self.written = 0
        self._kept: NDArray[Any] = np.zeros((records, *shape), dtype)

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self._kept.nbytes

    def begin(self, observation: NDArray[Any]) -> Chain:
        """Write an observation."""
        number = self.written
        self._kept[number % self.records] = observation
        self.written = number + 1
        return (number,)

    def move(self, chain: Chain, observation: NDArray[Any], following: NDArray[Any]) -> Chain:  # noqa: ARG002  # no overlap
        """Write the observation that follows."""
        return self.begin(following)

    def holds(self, chain: Chain, observation: NDArray[Any]) -> bool:
        """Bytes are compared: a NaN is itself."""
        kept: bytes = self._kept[chain[-1] % self.records].tobytes()
        return chain[0] >= self.written - self.records and kept == observation.tobytes()

    def get(self, slots: NDArray[Any]) -> NDArray[Any]:
        """Observations, copies."""
        return self._kept.take(slots, axis=0)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """The records written, not copied, and how many there have been."""
        return {**in_pieces("kept", self._kept[: self.written]), "written": np.array(self.written)}

    def fill(self, arrays: Arrays) -> None:
        """Take them over."""
        self.written = int(arrays["written"])
        from_pieces("kept", arrays, self._kept[: self.written])


class FrameRing:
    """A ring of frames, each with the slot of the one before it; the first of an episode comes before itself.

    Args:
        records: that are kept.
        shape: (S, ...) of an observation.
        dtype: of an observation.
    """

    def __init__(self, records: int, shape: tuple[int, ...], dtype: DTypeLike) -> None:
        self.records = records
        self.written = 0
        self._stack = shape[0]
        self._kept: NDArray[Any] = np.zeros((records, *shape[1:]), dtype)
        self._before = np.zeros(records, np.int32)

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self._kept.nbytes + self._before.nbytes

    def begin(self, observation: NDArray[Any]) -> Chain:
        """Write the first stack: one frame where it is repeated, else all."""
        first = self._write(observation[0], None)
        if all(np.array_equal(frame, observation[0]) for frame in observation[1:]):
            return (first,) * self._stack
        chain = [first]
        for frame in observation[1:]:
            chain.append(self._write(frame, chain[-1]))
        return tuple(chain)

    def move(self, chain: Chain, observation: NDArray[Any], following: NDArray[Any]) -> Chain:
        """Write the newest frame.

        Raises:
            ValueError: if the others are not those of ``observation``.
        """
        if following[:-1].tobytes() != observation[1:].tobytes():
            raise ValueError(
                "`next_observation` must be `observation` moved on by one frame along its first axis, the newest last, "
                "got other frames. Make FrameStack the outermost wrapper, with axis='first', or use Whole() as `store`."
            )
        return (*chain[1:], self._write(following[-1], chain[-1]))

    def holds(self, chain: Chain, observation: NDArray[Any]) -> bool:
        """Whether the newest and the oldest frames agree: with `move`, that is enough to tell two episodes apart."""
        if chain[0] < self.written - self.records:
            return False
        ends = ((chain[-1], observation[-1]), (chain[0], observation[0]))
        return all(self._kept[number % self.records].tobytes() == frame.tobytes() for number, frame in ends)

    def get(self, slots: NDArray[Any]) -> NDArray[Any]:
        """Stacks, copies."""
        places = np.empty((*slots.shape, self._stack), np.intp)
        places[..., -1] = slots
        for age in range(self._stack - 2, -1, -1):
            places[..., age] = self._before[places[..., age + 1]]
        return self._kept.take(places, axis=0)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """The frames written and what came before each, not copied, and how many there have been."""
        written = np.array(self.written)
        kept = in_pieces("kept", self._kept[: self.written])
        return {**kept, "before": self._before[: self.written], "written": written}

    def fill(self, arrays: Arrays) -> None:
        """Take them over."""
        self.written = int(arrays["written"])
        from_pieces("kept", arrays, self._kept[: self.written])
        self._before[: self.written] = arrays["before"]

    def _write(self, frame: NDArray[Any], before: int | None) -> int:
        number = self.written
        slot = number % self.records
        self._kept[slot] = frame
        self._before[slot] = slot if before is None else before % self.records
        self.written = number + 1
        return number


def _check_ratio(ratio: float) -> None:
    if not 1 <= ratio <= 2:
        raise ValueError(f"`records_per_transition` must be between 1 and 2, got {ratio!r}.")
