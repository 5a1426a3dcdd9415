"""What is looked at in every single answer of the environment."""

import math
from collections import deque
from collections.abc import Iterator
from typing import Any

import numpy as np

from rlenvs.conformance.membership import type_fault, value_fault
from rlenvs.conformance.nested import Digest, difference, leaves, mutable_parts, remember, short
from rlenvs.conformance.survey import Call

Seen = Iterator[tuple[str, str]]


class InSpace:
    """Observations belong to their space, in type and in value.

    Args:
        space: The observation space.
    """

    def __init__(self, space: Any) -> None:
        self._space = space

    def __call__(self, call: Call) -> Seen:
        """Looks at one answer."""
        fault = type_fault(call.observation, self._space)
        if fault:
            yield "observation-type", fault
        fault = value_fault(call.observation, self._space)
        if fault:
            yield "observation-in-space", fault
        else:
            yield from _infinite(call.observation)


def _infinite(observation: Any) -> Seen:
    for path, leaf in leaves(observation):
        if isinstance(leaf, np.ndarray | np.floating) and leaf.dtype.kind == "f" and np.isinf(leaf).any():
            yield "observation-finite", f"the observation{path} holds an infinite number"
            return


def reward_rule(call: Call) -> Seen:
    """Rewards are finite plain numbers."""
    if call.kind == "reset":
        return
    reward = call.reward
    if isinstance(reward, bool | np.bool_) or not isinstance(reward, int | float | np.integer | np.floating):
        yield "reward-number", f"the reward must be a number, got {type(reward).__name__} {short(reward, 40)}"
        return
    if not math.isfinite(reward):
        yield "reward-finite", f"the reward is {reward}"
    if not isinstance(reward, int | float):
        yield "reward-plain", f"the reward is a {type(reward).__name__}, not a plain float"


def flag_rule(call: Call) -> Seen:
    """Flags are plain bools."""
    if call.kind == "reset":
        return
    for name, flag in (("terminated", call.terminated), ("truncated", call.truncated)):
        if not isinstance(flag, bool):
            yield "flags-plain-bool", f"`{name}` must be a plain bool, got {type(flag).__name__} {short(flag, 40)}"


def info_rule(call: Call) -> Seen:
    """Infos are dicts with names as keys."""
    if not isinstance(call.info, dict):
        yield "info-dict", f"info must be a dict, got {type(call.info).__name__}"
        return
    for key in call.info:
        if not isinstance(key, str):
            yield "info-dict", f"the keys of info must be strings, got {key!r}"


class Sharing:
    """Nothing returned is shared between calls, and nothing returned changes afterwards.

    Every array, dict and list of the last calls is kept alive, so that an address stands for one object. Of
    large observations fewer calls are kept.

    Args:
        memory: How many bytes of returned data to keep alive.
        calls: How many calls to keep at most.
    """

    def __init__(self, memory: int = 32_000_000, calls: int = 512) -> None:
        self._memory = memory
        self._calls = calls
        self._kept: deque[tuple[Call, Any, list[int], int]] = deque()
        self._owners: dict[int, list[tuple[int, str, Any]]] = {}
        self._bytes = 0
        self._number = 0

    def __call__(self, call: Call) -> Seen:
        """Looks at one answer beside those before it."""
        self._number += 1
        keys: list[int] = []
        size = 0
        for kind, root in (("observation", call.observation), ("info", call.info)):
            for path, part in mutable_parts(root):
                key = _home(part)
                size += part.nbytes if isinstance(part, np.ndarray) else 64
                earlier = self._shared_with(key, part)
                if earlier:
                    yield f"{kind}-not-shared", f"{kind}{path} shares memory with {earlier}"
                self._owners.setdefault(key, []).append((self._number, f"{kind}{path}", part))
                keys.append(key)
        self._kept.append((call, (remember(call.info)), keys, size))
        self._bytes += size
        while len(self._kept) > 3 and (len(self._kept) > self._calls or self._bytes > self._memory):
            yield from self._forget()

    def finish(self) -> Seen:
        """Looks at what is still kept, once the survey is over."""
        while self._kept:
            yield from self._forget()

    def _shared_with(self, key: int, part: Any) -> str | None:
        for number, what, other in self._owners.get(key, ()):
            if number != self._number and (part is other or _overlap(part, other)):
                back = self._number - number
                return f"the {what} returned {back} call{'s' if back > 1 else ''} before"
        return None

    def _forget(self) -> Seen:
        call, info, keys, size = self._kept.popleft()
        self._bytes -= size
        changed = difference(call.moment.observation, remember(call.observation))
        if changed:
            yield "returned-data-stays", f"the observation returned at {call} was changed later: {changed}"
        changed = difference(info, remember(call.info))
        if changed:
            yield "returned-data-stays", f"the info returned at {call} was changed later: {changed}"
        for key in keys:
            owners = self._owners.get(key)
            if owners:
                owners.pop(0)
                if not owners:
                    del self._owners[key]


def _home(part: Any) -> int:
    """What an array stands on: the id of the object that owns its memory."""
    while isinstance(part, np.ndarray) and part.base is not None:
        part = part.base
    return id(part)


def _overlap(part: Any, other: Any) -> bool:
    if not isinstance(part, np.ndarray) or not isinstance(other, np.ndarray):
        return False
    return part.size > 0 and bool(np.may_share_memory(part, other))


class InfoTypes:
    """Collects which types and shapes each key of info takes, and where keys occur."""

    def __init__(self) -> None:
        self.kinds: dict[str, dict[Any, tuple[str, Any]]] = {}
        self.at_reset: list[set[str]] = []
        self.at_step: set[str] = set()
        self.steps: dict[str, int] = {}
        self.step_calls = 0

    def __call__(self, call: Call) -> Seen:
        """Looks at one info; judges nothing yet."""
        yield from ()
        if not isinstance(call.info, dict):
            return
        keys = {key for key in call.info if isinstance(key, str)}
        if call.kind == "reset":
            self.at_reset.append(keys)
        else:
            self.step_calls += 1
            self.at_step |= keys
            for key in keys:
                self.steps[key] = self.steps.get(key, 0) + 1
        for path, value in _flat(call.info):
            kinds = self.kinds.setdefault(path, {})
            kind = _kind(value)
            if kind not in kinds and len(kinds) < 16:
                kinds[kind] = (str(call), remember_raw(value))
            elif isinstance(value, float) and value != int_or(value):
                # A number with a fraction shows best what an integer array would cut off.
                kinds[kind] = (kinds[kind][0], value)


def int_or(value: float) -> float:
    """The value without its fraction, or the value itself where that is undefined."""
    return float(int(value)) if math.isfinite(value) else value


def remember_raw(value: Any) -> Any:
    """A copy of one info value that keeps the type it came in."""
    kept = value.copy() if isinstance(value, np.ndarray) else remember(value)
    return value if isinstance(kept, Digest) else kept


def _flat(info: dict[Any, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in info.items():
        where = f"{path}[{key!r}]"
        if isinstance(value, dict):
            yield from _flat(value, where)
        else:
            yield where, value


def _kind(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return ("array", str(value.dtype), value.shape)
    return type(value).__name__
