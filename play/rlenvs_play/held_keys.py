"""Which keys are down, and which were tapped since the last step."""

from __future__ import annotations

from collections import deque
from typing import Any

from rlenvs_play.controls import Controls

LONGEST_QUEUE = 3


class HeldKeys:
    """Keeps held keys and short taps apart, so that a tap between two steps is not lost.

    Two quick taps make two steps, in their order: a snake turns round in a corner.

    Args:
        controls: what the keys mean.

    Attributes:
        held: the keys that are down, the most recent one last.
    """

    def __init__(self, controls: Controls) -> None:
        self._controls = controls
        self.held: list[str] = []
        self._taps: deque[tuple[str, tuple[str, ...]]] = deque(maxlen=LONGEST_QUEUE)

    def press(self, key: str) -> bool:
        """Remember a key that went down; false if it was down already (the keyboard repeats)."""
        if key in self.held:
            return False
        self.held.append(key)
        self._taps.append((key, tuple(self.held)))
        return True

    def release(self, key: str) -> None:
        """Forget a key that went up; one that was never seen going down does no harm."""
        if key in self.held:
            self.held.remove(key)

    def release_all(self) -> None:
        """Forget everything."""
        self.held.clear()
        self._taps.clear()

    def forget_taps(self) -> None:
        """Forget what was tapped; keys that are down stay down."""
        self._taps.clear()

    def next_action(self) -> Any | None:
        """The action for one step: of the oldest tap, else of the held keys, else None."""
        while self._taps:
            key, then = self._taps.popleft()
            # Keys that followed while this one was still down make a chord with it, if there is such a chord.
            together = [*then, *(other for other in self.held if other not in then)] if key in self.held else [*then]
            action = self._controls.choose(together, key)
            if action is not None:
                self._drop_part_of(together, key, action)
                return action
        return self._controls.choose(self.held) if self.held else None

    def _drop_part_of(self, together: list[str], key: str, action: object) -> None:
        """A tap that already took part in the chord is not played a second time."""
        alone = self._controls.choose([key], key)
        if repr(alone) == repr(action):
            return
        taps = [tap for tap in self._taps if tap[0] not in together]
        self._taps.clear()
        self._taps.extend(taps)
