"""Finds an action by what it means, so that nothing depends on its number."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np


def action_meanings(env: gym.Env[Any, Any]) -> list[str] | None:
    """The meaning of each action in capitals, from ``get_action_meanings()``; None where there is no such method."""
    try:
        method = env.get_wrapper_attr("get_action_meanings")
    except AttributeError:
        return None
    return [str(meaning).upper() for meaning in method()]


def find_action(env: gym.Env[Any, Any], name: str) -> int | None:
    """Number of the action called ``name``, or None where the environment names no such action."""
    meanings = action_meanings(env)
    if meanings is None or name.upper() not in meanings:
        return None
    return int(getattr(env.action_space, "start", 0)) + meanings.index(name.upper())


def checked_action(env: gym.Env[Any, Any], action: Any) -> Any:
    """Bring an action given as plain data (a number or a list) into the form of the action space.

    Raises:
        ValueError: if it is not in the action space.
    """
    space = env.action_space
    value = action if isinstance(space, gym.spaces.Discrete) else np.asarray(action, dtype=space.dtype)
    if not space.contains(value):
        raise ValueError(
            f"`action` must be a name from `get_action_meanings()` or an action of {space}, got {action!r}; "
            f"the names are {action_meanings(env)}."
        )
    return value


def resolve_action(env: gym.Env[Any, Any], action: Any) -> Any | None:
    """The action meant by a name (None where it has no such action) or by plain data.

    Raises:
        ValueError: if plain data is not in the action space.
    """
    return find_action(env, action) if isinstance(action, str) else checked_action(env, action)


def missing_action(env: gym.Env[Any, Any], wrapper: str, name: str) -> ValueError:
    """The error for an environment without the action called ``name``."""
    meanings = action_meanings(env)
    known = "it has no `get_action_meanings()`" if meanings is None else f"its actions are {meanings}"
    return ValueError(
        f"{wrapper} needs an action called {name!r}, and {env} has none: {known}. "
        "Give `action` as another name, or as the action itself."
    )
