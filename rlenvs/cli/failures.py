"""What went wrong, in one sentence and as an exit status."""

from __future__ import annotations

import difflib
import re

import gymnasium as gym
import typer

BAD_INPUT = 2
STOPPED = 130

# `typer` carries its own copy of click or uses the installed one; either way this is the class it derives from.
ClickException: type[Exception] = next(c for c in typer.BadParameter.__mro__ if c.__name__ == "ClickException")

MISTAKES: tuple[type[BaseException], ...] = (
    ClickException,
    gym.error.Error,
    gym.error.UnregisteredEnv,
    ValueError,
    TypeError,
    ImportError,
    OSError,
)

EXTRAS = {
    "keras": "agents",
    "matplotlib": "agents",
    "tensorboard": "agents",
    "tensorflow": "agents",
    "sb3_contrib": "sb3",
    "stable_baselines3": "sb3",
    "torch": "sb3",
    "ale_py": "atari",
    "cv2": "atari",
    "pygame": "play",
    "Box2D": "box2d",
    "minari": "minari",
}


class UsageError(ValueError):
    """The command line was not understood."""


def status_of(error: BaseException) -> int | None:
    """The exit status of a user's mistake or of Ctrl-C; None for anything else, which is a fault of ours."""
    if isinstance(error, (KeyboardInterrupt, typer.Abort)):
        return STOPPED
    return BAD_INPUT if isinstance(error, MISTAKES) else None


def sentence(error: BaseException) -> str:
    """The error in one line, with the remedy where it is known."""
    if isinstance(error, (KeyboardInterrupt, typer.Abort)):
        return "stopped."
    if isinstance(error, gym.error.UnregisteredEnv):
        return _unknown_id(error)
    if isinstance(error, ModuleNotFoundError) and error.name:
        return _missing_module(error.name)
    if isinstance(error, ClickException):
        return _one_line(_click_message(error))
    if isinstance(error, OSError) and error.strerror:
        return _one_line(f"{error.filename}: {error.strerror}." if error.filename else error.strerror)
    return _one_line(str(error)) or type(error).__name__


def _click_message(error: BaseException) -> str:
    """The message, and where help is to be had."""
    message = str(getattr(error, "format_message", error.__str__)())
    context = getattr(error, "ctx", None)
    return message if context is None else f"{message.rstrip('.')}. Help: {context.command_path} --help"


def _missing_module(name: str) -> str:
    top = name.partition(".")[0]
    if top in EXTRAS:
        return f'this needs {top}, which is not installed. Remedy: pip install "rlenvs[{EXTRAS[top]}]"'
    return f"there is no module {name!r}; install it, or check the spelling."


def _unknown_id(error: BaseException) -> str:
    """Gymnasium's sentence; where it has no suggestion, the nearest name in any namespace."""
    message = _one_line(str(error)).rstrip(".")
    if "Did you mean" in message:
        return message
    wanted = re.search(r"Environment `([\w.-]+)`", message)
    names = {spec.name.lower(): spec.id for spec in gym.registry.values()}
    near = difflib.get_close_matches(wanted[1].lower(), names, n=1) if wanted else []
    hint = f"Did you mean {names[near[0]]}?" if near else "`rlenvs list` shows the environments."
    return f"{message.removesuffix('?')}. {hint}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
