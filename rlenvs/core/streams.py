"""The random generators of all lanes."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rlenvs.core.pcg import WORD_BITS, entropy_of, seeded

LOW = 2**64 - 1


class Streams:
    """One PCG64 generator per lane, each as ``numpy.random.default_rng(seed)`` would start it. 40 bytes per lane.

    Attributes:
        words: the generators, (n, 4) uint64; see :mod:`rlenvs.core.pcg`.
        shown: the generators as they were handed out, until :meth:`collect`.
    """

    def __init__(self, n_lanes: int) -> None:
        self.words: NDArray[np.uint64] = np.zeros((n_lanes, 4), dtype=np.uint64)
        self._seeds: Sequence[int] | None = None
        self.shown: tuple[np.random.Generator, ...] = ()
        # Half a draw that `Generator.integers` has left behind, of the few lanes where someone drew so.
        self._halves: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self.words)

    def seed(self, seeds: range | Sequence[int | None]) -> None:
        """Seed the lanes, but not those whose seed is None, unless they never had one."""
        self.collect()
        if isinstance(seeds, range):
            self._halves.clear()
            self._seeds = seeds
            self._fill(slice(None), seeds)
            return
        if self._seeds is None:
            seeds = [_entropy() if seed is None else seed for seed in seeds]
        chosen = [lane for lane, seed in enumerate(seeds) if seed is not None]
        if not chosen:
            return
        own = [seed for seed in seeds if seed is not None]
        known = list(self._seeds or own)
        for lane, seed in zip(chosen, own, strict=True):
            known[lane] = seed
            self._halves.pop(lane, None)
        self._seeds = known
        self._fill(chosen, own)

    def ensure(self) -> None:
        """Seed all lanes from the operating system if they never were."""
        if self._seeds is None:
            self.seed([None] * len(self))

    def _fill(self, lanes: slice | list[int], seeds: range | list[int]) -> None:
        largest = seeds[-1] if isinstance(seeds, range) else max(seeds)
        if largest < 2**WORD_BITS:
            self.words[lanes] = seeded(entropy_of(seeds))
            return
        for lane, seed in zip(range(len(self)) if isinstance(lanes, slice) else lanes, seeds, strict=True):
            self._take(lane, np.random.PCG64(seed))

    @property
    def seeds(self) -> tuple[int, ...]:
        """What each lane was last seeded with."""
        self.ensure()
        return tuple(self._seeds or ())

    @property
    def generators(self) -> tuple[np.random.Generator, ...]:
        """The generators as NumPy's. Numbers drawn from them are missing from the lanes' streams.

        They belong to the lanes until the next step or reset; ask for new ones then.
        """
        self.ensure()
        if not self.shown:
            self.shown = tuple(self._generator(lane) for lane in range(len(self)))
        return self.shown

    def collect(self) -> None:
        """Take back the generators that were handed out."""
        for lane, generator in enumerate(self.shown):
            self._take(lane, generator.bit_generator)
        self.shown = ()

    def _generator(self, lane: int) -> np.random.Generator:
        high, low, plus_high, plus_low = self.words[lane].tolist()
        bit_generator = np.random.PCG64(0)
        half = self._halves.get(lane)
        bit_generator.state = {
            "bit_generator": "PCG64",
            "state": {"state": high << 64 | low, "inc": plus_high << 64 | plus_low},
            "has_uint32": int(half is not None),
            "uinteger": half or 0,
        }
        return np.random.Generator(bit_generator)

    def _take(self, lane: int, bit_generator: Any) -> None:
        state = bit_generator.state
        whole, plus = state["state"]["state"], state["state"]["inc"]
        self.words[lane] = (whole >> 64, whole & LOW, plus >> 64, plus & LOW)
        self._halves.pop(lane, None)
        if state["has_uint32"]:
            self._halves[lane] = state["uinteger"]

    def to_plain(self) -> dict[str, Any]:
        """The generators as plain values and one array."""
        self.collect()
        seeds = None if self._seeds is None else [int(seed) for seed in self._seeds]
        halves = [[lane, half] for lane, half in self._halves.items()]
        return {"words": self.words.copy(), "seeds": seeds, "halves": halves}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Streams:
        """The generators that :meth:`to_plain` gave."""
        streams = cls(len(plain["words"]))
        streams.words[:] = plain["words"]
        streams._seeds = plain["seeds"]
        streams._halves = {int(lane): int(half) for lane, half in plain["halves"]}
        return streams

    def __getstate__(self) -> dict[str, Any]:
        self.collect()
        return self.__dict__.copy()


def _entropy() -> int:
    return int.from_bytes(os.urandom(WORD_BITS // 8), "little")
