"""What a rendered frame must be, and when rendering fails for no fault of the environment."""

import io
from typing import Any

import gymnasium
import numpy as np

from rlenvs.conformance.handle import CrashError

_DISPLAY = ("display", "opengl", "glfw", "egl", "osmesa", "video", "gl context", "x11", "xcb", "framebuffer")


def display_missing(crash: CrashError) -> bool:
    """Whether rendering failed for want of a library or a display, which is no defect."""
    text = crash.text.lower()
    missing = isinstance(crash.error, ImportError | gymnasium.error.DependencyNotInstalled)
    return missing or any(word in text for word in _DISPLAY)


def frame_fault(mode: str, frame: Any) -> str | None:
    """What is wrong with a frame for its mode, or None."""
    if mode == "human":
        return None if frame is None else f"`render` must return None, got {type(frame).__name__}"
    if mode.endswith("_list"):
        if not isinstance(frame, list):
            return f"`render` must return a list, got {type(frame).__name__}"
        return next((f for part in frame if (f := frame_fault(mode.removesuffix("_list"), part))), None)
    if mode == "ansi":
        good = isinstance(frame, str | io.StringIO)
        return None if good else f"`render` must return a str, got {type(frame).__name__}"
    if mode == "rgb_array":
        return _picture_fault(frame)
    return None


def _picture_fault(frame: Any) -> str | None:
    if not isinstance(frame, np.ndarray):
        return f"`render` must return an array, got {type(frame).__name__}"
    if frame.dtype != np.uint8 or frame.ndim != 3 or frame.shape[2] != 3 or 0 in frame.shape:
        return f"`render` must return uint8 (H, W, 3), got {frame.dtype} {frame.shape}"
    return None
