"""Imports of Stable-Baselines3."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

NO_TENSORFLOW = "tensorboard.compat.notf"
"""TensorBoard's own switch: where a module of this name can be imported, it does without TensorFlow."""


def library(module: str, name: str) -> Any:
    """A class of Stable-Baselines3 or sb3-contrib.

    Both import TensorBoard for their logs, which would import TensorFlow to no purpose: some seconds.

    Raises:
        ImportError: if the module is not installed.
    """
    if "tensorflow" not in sys.modules and "tensorboard" not in sys.modules:
        sys.modules.setdefault(NO_TENSORFLOW, ModuleType(NO_TENSORFLOW))
    return getattr(importlib.import_module(module), name)
