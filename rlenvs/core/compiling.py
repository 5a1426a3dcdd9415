"""Compiles the text of the rules for vector environments. The single environments run the same text as it stands."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any

Function = Callable[..., Any]

# The text allocates nothing, so nothing need be counted: counting the references to the rows of arrays that are handed
# from function to function takes five times as long as a game of Snake itself.
OPTIONS = {"error_model": "numpy", "forceinline": True, "_nrt": False}


def compiled(text: Function, **helpers: Function) -> Function:
    """Compile a plain function with Numba.

    The machine code is kept on disk between processes where that can be written; where it cannot, each process
    compiles anew. It is thrown away as soon as the file of ``text`` or of any helper changes.

    Args:
        text: a function of this package, written in what Numba understands. It makes no arrays.
        helpers: compiled forms of the plain functions that ``text`` calls, under the names by which it calls them.
    """
    # Imported here: numba takes longer to import than everything else together, and only lanes need it.
    from numba import njit
    from numba.core.cpu import CPUTargetOptions

    assert isinstance(text, FunctionType)  # noqa: S101  # ours, never a user's
    plain = FunctionType(text.__code__, {**text.__globals__, **helpers}, text.__name__, text.__defaults__)
    plain.__module__ = text.__module__
    # Numba finds machine code by the name of the function and the file that it stands in, and knows nothing of what
    # the function calls. So the name says it.
    plain.__qualname__ = f"{text.__qualname__}_{_digest(text, helpers)}"
    # One of them is Numba's own business; a version without it compiles slower code, not none.
    options = {name: value for name, value in OPTIONS.items() if hasattr(CPUTargetOptions, name)}
    try:
        function = njit(cache=True, **options)(plain)
    except RuntimeError:  # there is no place to keep anything
        return njit(**options)(plain)  # type: ignore[no-any-return]  # numba has no types
    _forgive(function)
    return function  # type: ignore[no-any-return]


def _digest(text: Function, helpers: dict[str, Function]) -> str:
    """A short name for everything that a compiled function is made of."""
    digest = hashlib.sha256(_source(text.__code__.co_filename))
    for name, helper in sorted(helpers.items()):
        plain = getattr(helper, "py_func", helper)
        digest.update(f"{name}={plain.__module__}.{plain.__qualname__}".encode())
        digest.update(_source(plain.__code__.co_filename))
    return digest.hexdigest()[:12]


@cache
def _source(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError:  # from a zip file, say; the names must do
        return b""


def _forgive(function: Any) -> None:
    """Let a full disk or a broken file cost a compilation, not the program."""
    kept = getattr(function, "_cache", None)
    for name in ("save_overload", "load_overload"):
        if hasattr(kept, name):
            setattr(kept, name, _attempt(getattr(kept, name)))


def _attempt(action: Function) -> Function:
    def attempt(*args: Any, **kwargs: Any) -> Any:
        try:
            return action(*args, **kwargs)
        except (OSError, EOFError, pickle.UnpicklingError):
            return None

    return attempt
