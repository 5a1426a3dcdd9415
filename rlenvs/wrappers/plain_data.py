"""Arguments as plain data: one value for all, or a list of values."""

from __future__ import annotations

from typing import Any

import numpy as np


def as_list(value: Any, length: int) -> list[Any]:
    """A list or tuple as a list, of whatever length; any other value ``length`` times."""
    return list(value) if isinstance(value, (list, tuple, np.ndarray)) else [value] * length


def is_whole(value: Any) -> bool:
    """Whether the value is an integer; True and False are none."""
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def plain(value: Any) -> Any:
    """NumPy's arrays and numbers as lists and Python's numbers, at any depth, so that a spec survives JSON."""
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    return [plain(entry) for entry in value] if isinstance(value, (list, tuple)) else value
