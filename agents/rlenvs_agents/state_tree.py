"""States as trees of plain values and arrays, taken apart for JSON and npz and put together again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

ARRAY = "array"
"""An object with this key alone stands in JSON for the array of that name."""

Arrays = dict[str, NDArray[Any]]


def apart(tree: Any, name: str = "state") -> tuple[Any, Arrays]:
    """Take a tree apart.

    Args:
        tree: mappings, sequences, plain values, and arrays anywhere.
        name: what the names of its arrays begin with.

    Returns:
        The tree as JSON knows it, and its arrays by the names that it holds in their places.

    Raises:
        TypeError: if an array holds Python objects, or a value is none of these.
    """
    arrays: Arrays = {}
    return _plain(tree, name, arrays), arrays


def together(plain: Any, arrays: Mapping[str, NDArray[Any]]) -> Any:
    """The tree that :func:`apart` took apart; tuples have become lists.

    Raises:
        KeyError: if an array is missing.
    """
    if isinstance(plain, dict):
        if plain.keys() == {ARRAY}:
            return arrays[plain[ARRAY]]
        return {key: together(value, arrays) for key, value in plain.items()}
    if isinstance(plain, list):
        return [together(value, arrays) for value in plain]
    return plain


def _plain(value: Any, name: str, arrays: Arrays) -> Any:
    if isinstance(value, np.ndarray):
        if value.dtype == object:
            raise TypeError(f"{name} holds Python objects, which cannot be saved without pickle.")
        arrays[name] = value
        return {ARRAY: name}
    if isinstance(value, Mapping):
        return {str(key): _plain(entry, f"{name}.{key}", arrays) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry, f"{name}.{place}", arrays) for place, entry in enumerate(value)]
    if isinstance(value, np.generic):
        return value.item()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise TypeError(f"{name} must be plain data to be saved, got {value!r}.")
