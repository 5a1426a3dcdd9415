"""Episodes as data: what was asked of an environment, what it answered, and the code that asks it again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rlenvs.conformance.handle import Handle
from rlenvs.conformance.nested import EXACT, Tolerance, difference, remember

MASK = "action_mask"


@dataclass(frozen=True, slots=True)
class Episode:
    """A reset and the actions after it. `seed` None resets without a seed."""

    seed: int | None
    actions: tuple[Any, ...]

    def first(self, steps: int) -> "Episode":
        """The same episode, cut after some steps."""
        return Episode(self.seed, self.actions[:steps])


@dataclass(frozen=True, slots=True)
class Moment:
    """What one call returned, remembered. A reset has reward 0 and both flags False."""

    observation: Any
    reward: Any
    terminated: Any
    truncated: Any
    mask: Any
    info: Any

    @property
    def over(self) -> bool:
        """Whether the episode ended with this call."""
        return bool(self.terminated) or bool(self.truncated)


def opening(observation: Any, info: Any) -> Moment:
    """Remembers what a reset returned."""
    return moment(observation, 0.0, None, None, info)


def moment(observation: Any, reward: Any, terminated: Any, truncated: Any, info: Any) -> Moment:
    """Remembers what one call returned."""
    kept = remember(info) if isinstance(info, dict) else {}
    return Moment(remember(observation), remember(reward), truth(terminated), truth(truncated), kept.get(MASK), kept)


def truth(flag: Any) -> bool:
    """A flag as a plain bool, whatever its type."""
    try:
        return bool(flag)
    except Exception:
        return False


Trace = list[Moment]
Hook = Callable[[Handle], None]


@dataclass(slots=True)
class Treatment:
    """What a replay does differently from the plain one.

    Attributes:
        before: Called with the handle before every call.
        after: Called with the handle and the raw result after every call.
        action: Turns the recorded action into the one that is passed.
        acted: Called with the action that was passed, after the step.
    """

    before: Hook | None = None
    after: Callable[[Handle, Any], None] | None = None
    action: Callable[[Any], Any] = field(default=lambda action: own(action))
    acted: Callable[[Any], None] | None = None


PLAIN = Treatment()


def own(action: Any) -> Any:
    """A copy of an action, so that the record stays whatever the environment does to it."""
    if isinstance(action, np.ndarray):
        return action.copy()
    if isinstance(action, dict):
        return {key: own(part) for key, part in action.items()}
    if isinstance(action, tuple):
        return tuple(own(part) for part in action)
    return action


def play(handle: Handle, episode: Episode, treatment: Treatment = PLAIN) -> Trace:
    """Plays one recorded episode and remembers every answer; stops where the episode ends."""
    _before(treatment, handle)
    observation, info = handle.reset(seed=episode.seed)
    trace = [opening(observation, info)]
    if treatment.after is not None:
        treatment.after(handle, (observation, info))
    for recorded in episode.actions:
        if trace[-1].over:
            break
        _before(treatment, handle)
        action = treatment.action(recorded)
        result = handle.step(action)
        trace.append(moment(*result))
        if treatment.acted is not None:
            treatment.acted(action)
        if treatment.after is not None:
            treatment.after(handle, (result[0], result[4]))
    return trace


def _before(treatment: Treatment, handle: Handle) -> None:
    if treatment.before is not None:
        treatment.before(handle)


@dataclass(frozen=True, slots=True)
class Divergence:
    """The first place where two traces of the same episodes differ."""

    episode: int
    step: int
    what: str

    def __str__(self) -> str:
        place = "`reset`" if self.step == 0 else f"step {self.step}"
        return f"{self.what} differs at {place} of episode {self.episode + 1}"


def compare_moments(first: Moment, second: Moment, tolerance: Tolerance = EXACT) -> str | None:
    """Names what differs between two moments, infos left aside but for the mask."""
    for name in ("observation", "reward", "terminated", "truncated", "mask"):
        found = difference(getattr(first, name), getattr(second, name), tolerance)
        if found:
            return f"{name} ({found.lstrip(': ')})"
    return None


def compare_traces(first: Sequence[Trace], second: Sequence[Trace], tolerance: Tolerance = EXACT) -> Divergence | None:
    """The first divergence between two lists of traces, as far as both go."""
    for index, (one, other) in enumerate(zip(first, second, strict=False)):
        for step, (a, b) in enumerate(zip(one, other, strict=False)):
            what = compare_moments(a, b, tolerance)
            if what:
                return Divergence(index, step, what)
        if len(one) != len(other):
            return Divergence(index, min(len(one), len(other)), "the length of the episode")
    return None


@dataclass(frozen=True, slots=True)
class Deviation:
    """Where a replay left the reference."""

    text: str
    episode: int
    step: int


def limited(script: list[Episode], calls: int | None) -> list[Episode]:
    """The first episodes of a script, up to a number of calls."""
    if calls is None:
        return script
    chosen: list[Episode] = []
    for episode in script:
        if calls <= 1:
            break
        chosen.append(episode.first(calls - 1))
        calls -= len(chosen[-1].actions) + 1
    return chosen
