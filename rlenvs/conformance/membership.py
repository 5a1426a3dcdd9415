"""Says in words why a value is not a member of a space; stricter than `contains`, which casts and warns."""

from typing import Any

import numpy as np
from gymnasium import spaces

from rlenvs.conformance.nested import short


def type_fault(value: Any, space: Any, path: str = "") -> str | None:
    """Describes the first part of `value` whose type, dtype or shape is not the space's, or None."""
    if isinstance(space, spaces.Dict):
        return _dict_fault(value, space, path)
    if isinstance(space, spaces.Tuple):
        return _tuple_fault(value, space, path)
    if isinstance(space, spaces.Discrete):
        good = isinstance(value, int | np.integer) and not isinstance(value, bool | np.bool_)
        scalar = isinstance(value, np.ndarray) and value.shape == () and value.dtype.kind in "iu"
        return None if good or scalar else f"{_at(path)} must be an integer, got {_kind(value)}"
    if isinstance(space, spaces.Box | spaces.MultiDiscrete | spaces.MultiBinary):
        return _array_fault(value, space, path)
    if isinstance(space, spaces.Text):
        return None if isinstance(value, str) else f"{_at(path)} must be a str, got {_kind(value)}"
    return None


def value_fault(value: Any, space: Any, path: str = "") -> str | None:
    """Describes the first part of `value` that lies outside the space, types left aside, or None."""
    if isinstance(space, spaces.Dict) and isinstance(value, dict):
        parts = ((value[k], s, f"{path}[{k!r}]") for k, s in space.spaces.items() if k in value)
        return next((f for v, s, p in parts if (f := value_fault(v, s, p))), None)
    if isinstance(space, spaces.Tuple) and isinstance(value, tuple | list):
        both = zip(value, space.spaces, strict=False)
        return next((f for i, (v, s) in enumerate(both) if (f := value_fault(v, s, f"{path}[{i}]"))), None)
    if isinstance(space, spaces.Box):
        return _bound_fault(value, space, path)
    if isinstance(space, spaces.Discrete | spaces.MultiDiscrete | spaces.MultiBinary):
        return _plain_fault(value, space, path)
    return _contains_fault(value, space, path)


def _dict_fault(value: Any, space: spaces.Dict, path: str) -> str | None:
    if not isinstance(value, dict):
        return f"{_at(path)} must be a dict, got {_kind(value)}"
    if set(value) != set(space.spaces):
        missing, extra = set(space.spaces) - set(value), set(value) - set(space.spaces)
        return f"{_at(path)} has the wrong keys: missing {sorted(missing)}, not in the space {sorted(extra)}"
    parts = ((value[key], part, f"{path}[{key!r}]") for key, part in space.spaces.items())
    return next((fault for v, s, p in parts if (fault := type_fault(v, s, p))), None)


def _tuple_fault(value: Any, space: Any, path: str) -> str | None:
    if not isinstance(value, tuple) or len(value) != len(space.spaces):
        return f"{_at(path)} must be a tuple of {len(space.spaces)}, got {_kind(value)} {short(value, 60)}"
    parts = enumerate(zip(value, space.spaces, strict=True))
    return next((fault for i, (v, s) in parts if (fault := type_fault(v, s, f"{path}[{i}]"))), None)


def _array_fault(value: Any, space: Any, path: str) -> str | None:
    if not isinstance(value, np.ndarray) and not (space.shape == () and isinstance(value, np.generic)):
        return f"{_at(path)} must be an array {space.dtype}{space.shape}, got {_kind(value)}"
    if value.shape != space.shape:
        return f"{_at(path)} must have shape {space.shape}, got {value.shape}"
    if value.dtype != space.dtype:
        return f"{_at(path)} must have dtype {space.dtype}, got {value.dtype}"
    return None


def _bound_fault(value: Any, space: spaces.Box, path: str) -> str | None:
    array = _numbers(value, space.shape)
    if array is None:
        return None
    if array.dtype.kind == "f" and np.isnan(array).any():
        place = [int(i) for i in np.argwhere(np.isnan(np.atleast_1d(array)))[0]]
        return f"{_at(path)} holds NaN at {place}"
    outside = (array < space.low) | (array > space.high)
    if not outside.any():
        return None
    place_ = tuple(int(i) for i in np.argwhere(np.atleast_1d(outside))[0])
    low, high = (np.atleast_1d(bound)[place_] for bound in (space.low, space.high))
    got = np.atleast_1d(array)[place_]
    return f"{_at(path)} is outside its bounds at {list(place_)}: got {got}, the space allows [{low}, {high}]"


def _plain_fault(value: Any, space: Any, path: str) -> str | None:
    array = _numbers(value, space.shape or ())
    if array is None or array.dtype.kind not in "iub":
        return None
    given = array.astype(space.dtype) if array.ndim else np.asarray(array).astype(np.int64)[()]
    return None if space.contains(given) else f"{_at(path)} is not in {space}: got {short(value)}"


def _contains_fault(value: Any, space: Any, path: str) -> str | None:
    try:
        good = bool(space.contains(value))
    except Exception as error:
        return f"{_at(path)}: `{type(space).__name__}.contains` raised {type(error).__name__}: {error}"
    return None if good else f"{_at(path)} is not in {short(space)}: got {short(value)}"


def _numbers(value: Any, shape: tuple[int, ...]) -> np.ndarray[Any, Any] | None:
    """The value as an array of the space's shape; None when that is impossible, which is a fault of type."""
    try:
        array = np.asarray(value)
    except Exception:
        return None
    return array if array.shape == shape and array.dtype.kind in "fiub" else None


def _at(path: str) -> str:
    return f"the observation{path}" if path else "the observation"


def _kind(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"an array {value.dtype}{value.shape}"
    return f"{type(value).__name__}"
