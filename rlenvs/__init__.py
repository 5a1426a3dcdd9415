"""Gymnasium environments whose truth is known exactly, wrappers that are right, and a conformance suite.

Importing this package registers the environments: ``import rlenvs; gym.make("rlenvs/GridWorld-v0")``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rlenvs.registration import register

if TYPE_CHECKING:
    from rlenvs.wrappers.atari import make_atari

__all__ = ["__version__", "make_atari", "register"]

__version__ = "0.1.0"

register()


def __getattr__(name: str) -> Any:
    # Found when asked for, so that importing the package registers the environments and does nothing else.
    if name == "make_atari":
        from rlenvs.wrappers.atari import make_atari

        return make_atari
    raise AttributeError(f"module 'rlenvs' has no attribute {name!r}")
