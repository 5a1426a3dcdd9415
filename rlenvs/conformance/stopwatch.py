"""Time as the sizes of the checks are measured by it: fair on a busy machine and to a sleeping environment."""

import time

CROWD = 4.0
"""How much slower than alone the process is believed to run beside others."""


class Stopwatch:
    """Counts the processor's time, or a quarter of the time on the wall where that is more.

    On a busy machine the wall clock runs ahead and would cut the checks short; an environment that sleeps or waits
    for another process costs none of the processor's time.
    """

    def __init__(self) -> None:
        self._cpu = time.process_time()
        self._wall = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds since this was made."""
        return max(time.process_time() - self._cpu, (time.monotonic() - self._wall) / CROWD)
