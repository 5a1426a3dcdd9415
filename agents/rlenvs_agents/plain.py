"""Records as JSON knows them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

WORDS = MappingProxyType({"Infinity": math.inf, "-Infinity": -math.inf})
"""How a record holds what a policy loses that never ends: JSON has no such numbers, and null is what is not known."""


def plain(value: Any) -> Any:
    """The value as JSON knows it: infinite numbers become the words of :data:`WORDS`, and what is no number null."""
    if isinstance(value, float):
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        return None if math.isnan(value) else value
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    return value
