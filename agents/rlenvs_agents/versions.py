"""Which versions a result was made with."""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version

PACKAGES = (
    "rlenvs",
    "gymnasium",
    "numpy",
    "scipy",
    "tensorflow",
    "torch",
    "stable-baselines3",
    "sb3-contrib",
    "ale-py",
)


@cache
def _installed() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def versions() -> dict[str, str]:
    """Python and the packages that are installed, by name. Nothing is imported."""
    return dict(_installed())
