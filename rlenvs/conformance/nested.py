"""Nested data as environments return it: walking it, keeping a copy of it, comparing two of it."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np

LARGE = 8192
"""Arrays of more bytes than this are remembered by their digest: enough to compare, little to keep."""


@dataclass(frozen=True, slots=True)
class Digest:
    """Stands for a large array."""

    shape: tuple[int, ...]
    dtype: str
    code: bytes


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far two numbers may lie apart and still be called equal."""

    relative: float = 0.0
    absolute: float = 0.0


EXACT = Tolerance()
NEARLY = Tolerance(relative=1e-6, absolute=1e-8)
ROUNDING = Tolerance(relative=1e-4, absolute=1e-6)


def children(value: Any) -> Iterator[tuple[str, Any]]:
    """The parts of a container with their subscripts; nothing for anything else."""
    if isinstance(value, Mapping):
        for key in value:
            yield f"[{key!r}]", value[key]
    elif isinstance(value, list | tuple):
        for index, part in enumerate(value):
            yield f"[{index}]", part


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Walks dicts, lists and tuples, and yields (subscript, leaf)."""
    if isinstance(value, Mapping | list | tuple):
        for subscript, part in children(value):
            yield from leaves(part, path + subscript)
    else:
        yield path, value


def mutable_parts(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every array, dict and list inside `value`, itself included, with its subscript."""
    if isinstance(value, np.ndarray | dict | list):
        yield path, value
    for subscript, part in children(value):
        yield from mutable_parts(part, path + subscript)


def fingerprint(array: np.ndarray[Any, Any]) -> Digest:
    """A digest of an array's shape, dtype and content."""
    data = np.ascontiguousarray(array)
    code = hashlib.blake2b(data.view(np.uint8).data if data.size else b"", digest_size=16).digest()
    return Digest(array.shape, str(array.dtype), code)


def remember(value: Any) -> Any:
    """A copy of nested data that nobody can change later; large arrays become digests."""
    if isinstance(value, np.ndarray):
        if value.dtype == object:
            return [remember(part) for part in value.tolist()] if value.ndim else remember(value.item())
        return fingerprint(value) if value.nbytes > LARGE else value.copy()
    if isinstance(value, bool | int | float | str | bytes | type(None) | np.generic):
        return value
    if isinstance(value, Mapping):
        return {key: remember(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return tuple(remember(part) for part in value)
    if isinstance(value, list):
        return [remember(part) for part in value]
    if isinstance(value, set | frozenset):
        return frozenset(repr(part) for part in value)
    return _opaque(value)


def _opaque(value: Any) -> str:
    """A text for an object of an unknown kind: its own if it has one, its type if that would be an address."""
    kind = type(value).__name__
    own_text = type(value).__dict__.get("__repr__")
    if isinstance(value, Enum) or own_text is not None:
        text = repr(value)
        return f"<{kind}>" if " at 0x" in text else text
    return f"<{kind}>"


def imprint(value: Any) -> str:
    """A short text that is the same for equal nested data, of any size, in this process."""
    code = hashlib.blake2b(digest_size=16)
    for path, leaf in leaves(value):
        code.update(path.encode())
        if isinstance(leaf, np.ndarray) and leaf.dtype != object:
            code.update(repr((leaf.dtype, leaf.shape)).encode() + leaf.tobytes())
        else:
            code.update(repr(leaf).encode())
    return code.hexdigest()


def difference(first: Any, second: Any, tolerance: Tolerance = EXACT, path: str = "") -> str | None:
    """Describes the first place where two remembered values differ, or None when they are equal."""
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        if set(first) != set(second):
            return f"{path or 'the value'} has keys {sorted(map(str, first))} and {sorted(map(str, second))}"
        return _first_difference(((f"{path}[{k!r}]", first[k], second[k]) for k in first), tolerance)
    if isinstance(first, list | tuple) and isinstance(second, list | tuple):
        if len(first) != len(second):
            return f"{path or 'the value'} has {len(first)} and {len(second)} elements"
        pairs = zip(first, second, strict=True)
        return _first_difference(((f"{path}[{i}]", a, b) for i, (a, b) in enumerate(pairs)), tolerance)
    if isinstance(first, np.ndarray) and isinstance(second, np.ndarray):
        return _array_difference(first, second, tolerance, path)
    return None if _scalars_equal(first, second, tolerance) else f"{path}: {short(first)} and {short(second)}"


def _first_difference(triples: Iterator[tuple[str, Any, Any]], tolerance: Tolerance) -> str | None:
    for path, first, second in triples:
        found = difference(first, second, tolerance, path)
        if found:
            return found
    return None


def _array_difference(
    first: np.ndarray[Any, Any], second: np.ndarray[Any, Any], tolerance: Tolerance, path: str
) -> str | None:
    if first.shape != second.shape or first.dtype != second.dtype:
        return f"{path}: {first.dtype}{first.shape} and {second.dtype}{second.shape}"
    # The bytes decide nearly always, and cost a tenth of a comparison that knows about NaN.
    if first.tobytes() == second.tobytes():
        return None
    if first.dtype.kind in "fc":
        same = np.isclose(first, second, rtol=tolerance.relative, atol=tolerance.absolute, equal_nan=True)
    else:
        same = np.asarray(first == second)
    if bool(np.all(same)):
        return None
    place = tuple(int(i) for i in np.argwhere(~np.atleast_1d(same))[0])
    flat = np.atleast_1d(first)[place], np.atleast_1d(second)[place]
    return f"{path}{list(place)}: {flat[0]} and {flat[1]}"


def _scalars_equal(first: Any, second: Any, tolerance: Tolerance) -> bool:
    numbers = int | float | np.number | np.bool_
    if isinstance(first, numbers) and isinstance(second, numbers):
        a, b = float(first), float(second)
        if a == b or (a != a and b != b):
            return True
        return bool(np.isclose(a, b, rtol=tolerance.relative, atol=tolerance.absolute))
    try:
        return bool(first == second) or repr(first) == repr(second)
    except Exception:
        return type(first) is type(second)


def short(value: Any, limit: int = 120) -> str:
    """A one-line text of a value, cut to `limit` characters."""
    if isinstance(value, Digest):
        return f"an array {value.dtype}{value.shape}"
    text = " ".join(repr(value).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
