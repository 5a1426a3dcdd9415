"""A steady beat."""

from __future__ import annotations

import time
from collections.abc import Callable

TICKS_PER_SECOND = 60.0
SPIN_SECONDS = 0.0005


class Pacer:
    """Waits for the next tick of a steady beat.

    Appointments are kept on a grid, so that a tick that came a little late does not move all later ones; after a
    long pause the grid begins anew instead of catching up.

    Args:
        rate: ticks per second.
        clock: seconds, growing.
        sleep: waits for a number of seconds.
    """

    def __init__(
        self,
        rate: float = TICKS_PER_SECOND,
        *,
        clock: Callable[[], float] = time.perf_counter,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._period = 1.0 / rate
        self._clock = clock
        self._sleep = sleep
        self._last = clock()
        self._next = self._last + self._period

    def wait(self) -> float:
        """Wait for the next tick; return the seconds since the last one."""
        left = self._next - self._clock()
        if left > 0:
            self._sleep(left)
        now = self._clock()
        self._next += self._period
        if self._next <= now:
            self._next = now + self._period
        since, self._last = now - self._last, now
        return since
