"""When steps are due in real time."""

from __future__ import annotations

MOST_STEPS_PER_TICK = 8
SPEEDS = (0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)


class StepClock:
    """Counts out steps at so many per second, faster or slower as the player wants it.

    Args:
        fps: steps per second at speed 1.
    """

    def __init__(self, fps: float) -> None:
        self.fps = fps
        self._place = SPEEDS.index(1.0)
        self._due = 0.0

    @property
    def speed(self) -> float:
        """By how much the game runs faster than its own pace."""
        return SPEEDS[self._place]

    def change_speed(self, by: int) -> None:
        """Go up or down the list of speeds, as far as it goes."""
        self._place = min(max(self._place + by, 0), len(SPEEDS) - 1)

    def restart(self, *, at_once: bool = False) -> None:
        """Begin to count anew; ``at_once``: the first step is due with the next tick."""
        self._due = 1.0 if at_once else 0.0

    def steps_after(self, seconds: float) -> int:
        """How many steps are due after so much more time. What a slow machine could not do is not caught up."""
        self._due += seconds * self.fps * self.speed
        n_steps = min(int(self._due + 1e-9), MOST_STEPS_PER_TICK)
        self._due = min(self._due - n_steps, 1.0)
        return n_steps
