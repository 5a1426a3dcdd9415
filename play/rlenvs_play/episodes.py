"""What happened in an episode, step by step, so that it can be shown, undone, recorded and played again."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(slots=True)
class Moment:
    """One step: what was done, and what came of it."""

    action: Any
    reward: float
    terminated: bool
    truncated: bool
    by_agent: bool
    observation: Any = None  # after the step; None unless a recording wants it
    info: Any = None
    picture: Packed | None = None


@dataclass(slots=True)
class Episode:
    """An episode so far."""

    number: int  # 1, 2, … in this sitting
    seed: int
    first_observation: Any = None
    first_info: Any = None
    first_picture: Packed | None = None
    moments: list[Moment] = field(default_factory=list)

    @property
    def steps(self) -> int:
        """Steps taken."""
        return len(self.moments)

    @property
    def score(self) -> float:
        """The undiscounted return so far."""
        return float(sum(moment.reward for moment in self.moments))

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return bool(self.moments) and (self.moments[-1].terminated or self.moments[-1].truncated)

    @property
    def ending(self) -> str:
        """How it ended: "terminated", "truncated", or "" while it goes on."""
        if not self.ended:
            return ""
        return "terminated" if self.moments[-1].terminated else "truncated"

    @property
    def player(self) -> str:
        """Who played: "you", "agent", or both."""
        hands = {moment.by_agent for moment in self.moments}
        return {frozenset(): "you", frozenset((False,)): "you", frozenset((True,)): "agent"}.get(
            frozenset(hands), "you and agent"
        )


class Packed:
    """A picture that takes little memory: large areas of one colour are common."""

    __slots__ = ("_bytes", "_shape")

    def __init__(self, picture: NDArray[np.uint8]) -> None:
        self._shape = picture.shape
        self._bytes = zlib.compress(np.ascontiguousarray(picture).tobytes(), 1)

    def unpacked(self) -> NDArray[np.uint8]:
        """The picture."""
        return np.frombuffer(zlib.decompress(self._bytes), dtype=np.uint8).reshape(self._shape)
