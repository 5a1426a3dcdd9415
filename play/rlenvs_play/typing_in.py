"""A number that the player types: a seed, or an action that has no key."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

MOST_DIGITS = 12


class Typed(NamedTuple):
    """A number that was typed, and for what."""

    purpose: str
    number: int


@dataclass(frozen=True)
class Entry:
    """The digits so far."""

    purpose: str  # "seed" or "action"
    digits: str = ""

    def after(self, key: str) -> tuple[Entry | None, Typed | None]:
        """What is left to type after one more key, and the number if that was the last one.

        Enter takes the number, escape throws it away, backspace the last digit; other keys do nothing.
        """
        if key.isdigit() and len(self.digits) < MOST_DIGITS:
            return replace(self, digits=self.digits + key), None
        if key == "backspace":
            return replace(self, digits=self.digits[:-1]), None
        if key == "escape" or (key == "enter" and not self.digits):
            return None, None
        if key == "enter":
            return None, Typed(self.purpose, int(self.digits))
        return self, None
