"""Steps several lanes and remembers what came of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rlenvs_agents.lanes import Lanes, Seen
from rlenvs_agents.memory import ReplayMemory
from rlenvs_agents.reporting import Episodes


def finite(reward: Any) -> float:
    """Return a reward as a float.

    Raises:
        ValueError: if it is not finite: one such would spoil every weight.
    """
    number = float(reward)
    if not -math.inf < number < math.inf:
        raise ValueError(
            f"`env` must give finite rewards, got {number!r}; gymnasium.wrappers.TransformReward can repair them."
        )
    return number


class Collector:
    """Keeps the lanes going, whatever their autoreset mode, and puts each transition into the memory once.

    Args:
        lanes: to step.
        memory: for as many lanes.
    """

    def __init__(self, lanes: Lanes, memory: ReplayMemory) -> None:
        self._lanes = lanes
        self._memory = memory
        self._seen: Seen | None = None
        self._return = np.zeros(lanes.count)
        self._length = np.zeros(lanes.count, np.int64)
        self._all = np.ones(lanes.count, np.bool_)

    def begin(self, seed: int) -> None:
        """Begin an episode in every lane, if none was begun."""
        if self._seen is None:
            self._seen = self._lanes.reset(seed)

    @property
    def seen(self) -> Seen:
        """What to act upon; after :meth:`begin`."""
        return self._seen  # type: ignore[return-value]  # begun

    def step(self, actions: NDArray[np.int64], told: Episodes) -> int:
        """Act in every lane.

        Args:
            actions: (n,).
            told: hears of the games that end.

        Returns:
            The transitions made: fewer than lanes where some are being reset.
        """
        seen = self.seen
        stepped = self._lanes.step(actions, self._all)
        valid = stepped.valid
        for reward in stepped.reward[valid].tolist():
            finite(reward)
        final = stepped.final
        self._memory.add(
            seen.observation, actions, stepped.reward, stepped.terminated, stepped.truncated, final.observation,
            final.mask, valid,
        )  # fmt: skip
        self._return[valid] += stepped.raw_reward[valid]
        self._length[valid] += 1
        # Of a game that was over before the agent's first move there is nothing to tell.
        for lane in np.flatnonzero(stepped.game_over & (self._length > 0)).tolist():
            told.add(float(self._return[lane]), int(self._length[lane]))
            self._return[lane], self._length[lane] = 0.0, 0
        self._seen = stepped.seen
        return int(valid.sum())

    def get_state(self) -> dict[str, Any]:
        """Where the lanes are; plain values and arrays."""
        seen = None if self._seen is None else {"observation": self._seen.observation, "mask": self._seen.mask}
        return {
            "lanes": self._lanes.get_state(),
            "seen": seen,
            "return": self._return.copy(),
            "length": self._length.copy(),
        }

    def set_state(self, state: Mapping[str, Any]) -> None:
        """Go on from a state of :meth:`get_state`; brings the lanes back.

        Raises:
            ValueError: if that cannot be done.
        """
        self._lanes.set_state(state["lanes"])
        seen = state["seen"]
        self._seen = None if seen is None else Seen(seen["observation"], seen["mask"])
        self._return, self._length = state["return"].copy(), state["length"].copy()
