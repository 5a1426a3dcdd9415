"""Numbers that change with the steps: exploration rates, learning rates. Immutable; a step is an absolute count."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Protocol

from rlenvs_agents.configs import check_number, check_whole, part, settle


class Schedule(Protocol):
    """A number for every step."""

    def at(self, step: int) -> float:
        """The value after ``step`` steps."""

    def fixed(self, total: int) -> Schedule:
        """The same in absolute steps, once it is known that learning first runs for ``total``."""


@part("constant")
@dataclass(frozen=True)
class Constant:
    """Always the same value."""

    value: float

    def __post_init__(self) -> None:
        settle(self, value=check_number("value", self.value, 0))

    def at(self, step: int) -> float:  # noqa: ARG002  # part of the protocol
        """The value."""
        return self.value

    def fixed(self, total: int) -> Constant:  # noqa: ARG002  # part of the protocol
        """Itself."""
        return self


@part("linear")
@dataclass(frozen=True)
class Linear:
    """From ``start`` in a straight line to ``end``, and ``end`` from then on.

    Args:
        start: value at step 0.
        end: value from ``begin + steps`` on.
        steps: length of the line; None: ``fraction`` of the steps of the first call of ``learn``.
        fraction: in (0, 1].
        begin: the step at which the line begins.
        late: whether the line is the last ``fraction`` of those steps, not the first; without ``steps`` and ``begin``.
    """

    start: float
    end: float
    steps: int | None = None
    fraction: float = 1.0
    begin: int = 0
    late: bool = False

    def __post_init__(self) -> None:
        settle(self, start=check_number("start", self.start, 0), end=check_number("end", self.end, 0))
        settle(self, fraction=check_number("fraction", self.fraction, 1e-9, 1))
        check_whole("begin", self.begin, 0)
        if self.steps is not None:
            check_whole("steps", self.steps)
        if self.late and (self.steps is not None or self.begin):
            raise ValueError("`late` needs `fraction` alone: `steps` and `begin` already tell where the line lies.")

    def at(self, step: int) -> float:
        """The value after ``step`` steps; ``start`` as long as the length is not known."""
        done = step - self.begin
        if self.steps is None or done <= 0:
            return self.start
        if done >= self.steps:
            return self.end
        return self.start + (self.end - self.start) * done / self.steps

    def fixed(self, total: int) -> Linear:
        """The line with its length in steps."""
        if self.steps is not None:
            return self
        steps = max(1, round(self.fraction * total))
        begin = max(0, total - steps) if self.late else self.begin
        return replace(self, steps=steps, begin=begin, late=False)


@part("exponential")
@dataclass(frozen=True)
class Exponential:
    """``end + (start − end) · exp(−step / scale)``."""

    start: float
    end: float
    scale: float

    def __post_init__(self) -> None:
        settle(self, start=check_number("start", self.start, 0), end=check_number("end", self.end, 0))
        settle(self, scale=check_number("scale", self.scale, 1e-9))

    def at(self, step: int) -> float:
        """The value after ``step`` steps."""
        return float(self.end + (self.start - self.end) * math.exp(-step / self.scale))

    def fixed(self, total: int) -> Exponential:  # noqa: ARG002  # part of the protocol
        """Itself."""
        return self


@part("inverse")
@dataclass(frozen=True)
class Inverse:
    """``start / (1 + decay · step)``, but not below ``end``; the textbook's α₀/(1 + k·decay)."""

    start: float
    decay: float
    end: float = 0.0

    def __post_init__(self) -> None:
        settle(self, start=check_number("start", self.start, 0), end=check_number("end", self.end, 0))
        settle(self, decay=check_number("decay", self.decay, 0))

    def at(self, step: int) -> float:
        """The value after ``step`` steps."""
        value = self.start / (1.0 + self.decay * step)
        return value if value > self.end else self.end

    def fixed(self, total: int) -> Inverse:  # noqa: ARG002  # part of the protocol
        """Itself."""
        return self


@part("logarithmic")
@dataclass(frozen=True)
class Logarithmic:
    """``start · (1 − log10((step + 1) / scale))``, but within [end, start].

    That is ``start`` for the first ``scale`` steps, and ``end`` from about ``10 · scale`` on.
    """

    start: float
    end: float
    scale: float

    def __post_init__(self) -> None:
        settle(self, start=check_number("start", self.start, 0), end=check_number("end", self.end, 0))
        settle(self, scale=check_number("scale", self.scale, 1e-9))

    def at(self, step: int) -> float:
        """The value after ``step`` steps."""
        value = self.start * (1.0 - math.log10((step + 1) / self.scale))
        return max(self.end, min(self.start, value))

    def fixed(self, total: int) -> Logarithmic:  # noqa: ARG002  # part of the protocol
        """Itself."""
        return self


def schedule_of(name: str, value: Any) -> Schedule:
    """A schedule as it is; a number becomes a constant.

    Raises:
        TypeError: if it is neither.
    """
    if hasattr(value, "at") and hasattr(value, "fixed"):
        return value  # type: ignore[no-any-return]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(
            f"`{name}` must be a number or a schedule (Constant, Linear, Exponential, Logarithmic, Inverse), "
            f"got {value!r}."
        )
    return Constant(check_number(name, value, 0))
