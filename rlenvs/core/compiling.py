"""Compiles the text of the rules for vector environments. The single environments run the same text as it stands."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any


def compiled(text: Callable[..., Any], **helpers: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a plain function with Numba.

    Args:
        text: a function of this package, written in what Numba understands.
        helpers: compiled forms of the plain functions that ``text`` calls, under the names by which it calls them.

    Returns:
        The compiled function. The machine code is kept on disk between processes where that can be written.
    """
    # Imported here: numba takes longer to import than everything else together, and only lanes need it.
    from numba import njit

    plain = text
    if helpers:
        assert isinstance(text, FunctionType)  # noqa: S101  # ours, never a user's
        plain = FunctionType(text.__code__, {**text.__globals__, **helpers}, text.__name__, text.__defaults__)
        plain.__module__ = text.__module__
        plain.__qualname__ = text.__qualname__
    function: Callable[..., Any] = njit(cache=True)(plain)
    return function
