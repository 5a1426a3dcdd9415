"""The newest steps of an episode, whose n-step returns are not complete yet."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rlenvs_agents.memory.pieces import Arrays
from rlenvs_agents.memory.stores import Chain

Complete = tuple[Chain, int, float, float]  # where it began, the action, the return, γ^k


class Tail:
    """What one lane has begun.

    Args:
        discount: γ.
        n_steps: n.
    """

    def __init__(self, discount: float, n_steps: int) -> None:
        self.n_steps = n_steps
        self.chain: Chain | None = None  # of the observation that the lane stands at; None: an episode begins
        self.mask: Any = None  # of the actions there
        self.pending: deque[tuple[Chain, int, float]] = deque()
        self._powers = [discount**k for k in range(n_steps + 1)]

    def push(self, chain: Chain, action: int, reward: float) -> None:
        """A step was made."""
        self.pending.append((chain, action, reward))

    def take(self, *, whole: bool) -> Iterator[Complete]:
        """Take the oldest step with its return; all of them one by one if ``whole``."""
        pending, powers = self.pending, self._powers
        while pending:
            chain, action, reward = pending[0]
            if len(pending) > 1:
                reward = sum(power * later[2] for power, later in zip(powers, pending, strict=False))
            steps = len(pending)
            pending.popleft()
            yield chain, action, reward, powers[steps]
            if not whole:
                return

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """All of it; a lane that stands nowhere has an empty chain, no mask is an empty one."""
        chains = [step[0] for step in self.pending]
        width = len(chains[0]) if chains else 0
        return {
            "chain": np.array(self.chain or (), np.int64),
            "mask": np.array([] if self.mask is None else self.mask, np.bool_),
            "chains": np.array(chains, np.int64).reshape(len(chains), width),
            "actions": np.array([step[1] for step in self.pending], np.int64),
            "rewards": np.array([step[2] for step in self.pending], np.float64),
        }

    def fill(self, arrays: Arrays) -> None:
        """Take over what :meth:`to_arrays` gave."""
        self.chain = tuple(arrays["chain"].tolist()) or None
        self.mask = arrays["mask"] if len(arrays["mask"]) else None
        steps = zip(arrays["chains"].tolist(), arrays["actions"].tolist(), arrays["rewards"].tolist(), strict=True)
        self.pending = deque((tuple(chain), action, reward) for chain, action, reward in steps)
