"""From an id or an environment to one that can be played."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gymnasium as gym

import rlenvs
from rlenvs.cli.environments import spec_of
from rlenvs.wrappers.chains import CHAIN, made_with_chain
from rlenvs_play.phases import Pace
from rlenvs_play.settings import Settings

SLOW = 4
"""Environments that are drawn at most so often a second are played in turns."""
USUAL_FPS = 30.0
PICTURE_MODES = ("rgb_array", "rgb_array_list")


def make_playable(env_id: str, *, terminal: bool, arguments: Mapping[str, Any] | None = None) -> gym.Env[Any, Any]:
    """Make an environment that gives pictures: pixels, or text for the terminal where it has text.

    Raises:
        gymnasium.error.Error: if there is no such environment.
        ValueError: if it has no picture.
    """
    if _is_atari(env_id) or CHAIN in (arguments or {}):
        _register_atari()
    if CHAIN in (arguments or {}):
        return made_with_chain(env_id, {**(arguments or {}), "render_mode": "rgb_array"})
    modes = _modes(env_id)
    wanted = ("ansi", "rgb_array") if terminal else ("rgb_array", "ansi")
    mode = next((mode for mode in wanted if mode in modes), None)
    if mode is None or (mode == "ansi" and not terminal):
        raise ValueError(_no_picture(env_id, modes))
    return gym.make(env_id, render_mode=mode, **(arguments or {}))


def make_playable_atari(env_id: str, *, arguments: Mapping[str, Any] | None = None) -> gym.Env[Any, Any]:
    """Make a game with the whole chain through which an agent plays it; see :func:`rlenvs.make_atari`.

    Raises:
        gymnasium.error.Error: if there is no such game.
    """
    _register_atari()
    return rlenvs.make_atari(env_id, render_mode="rgb_array", **(arguments or {}))


def check_playable(env: gym.Env[Any, Any], *, terminal: bool) -> None:
    """Make sure that an environment that somebody made gives pictures.

    Raises:
        ValueError: if it does not.
    """
    allowed = (*PICTURE_MODES, "ansi") if terminal else PICTURE_MODES
    if env.render_mode not in allowed:
        raise ValueError(
            f"`env` must be made with render_mode={' or '.join(map(repr, ('ansi', 'rgb_array')[not terminal :]))}, "
            f"got render_mode={env.render_mode!r}; play shows the pictures in a window of its own."
        )


def pace_of(env: gym.Env[Any, Any], settings: Settings) -> Pace:
    """Whether to wait for keys: the settings say so, or the environment is finite or slow."""
    if settings.pace != "auto":
        return Pace.TURNS if settings.pace == "turns" else Pace.REAL_TIME
    shows_model = any(hasattr(env.unwrapped, name) for name in ("model", "P"))
    return Pace.TURNS if shows_model or fps_of(env) <= SLOW else Pace.REAL_TIME


def fps_of(env: gym.Env[Any, Any], fps: float | None = None) -> float:
    """Steps per second: what is asked for, else ``render_fps``, which may be any number; else 30."""
    try:
        value = float(env.metadata.get("render_fps") or USUAL_FPS) if fps is None else float(fps)
    except (TypeError, ValueError):
        return USUAL_FPS
    return value if 0 < value < float("inf") else USUAL_FPS


def name_of(env: gym.Env[Any, Any]) -> str:
    """The id of an environment, or the name of its class."""
    return type(env.unwrapped).__name__ if env.spec is None else str(env.spec.id)


def register_atari_of(spec: Any) -> None:
    """Register the Atari games if a spec is one of them."""
    if spec is not None and _is_atari(spec.id):
        _register_atari()


def _is_atari(env_id: str) -> bool:
    return env_id.partition("/")[0].removeprefix("ale_py:") == "ALE"


def _modes(env_id: str) -> list[str]:
    """The render modes of an environment, read from its class; the environment is not made."""
    creator = spec_of(env_id).entry_point
    made = gym.envs.registration.load_env_creator(creator) if isinstance(creator, str) else creator
    modes = getattr(made, "metadata", {}).get("render_modes")
    return list(PICTURE_MODES) if modes is None else list(modes)


def _no_picture(env_id: str, modes: list[str]) -> str:
    if "ansi" in modes:
        return f"{env_id} has no picture for a window, but one for the terminal: play it with --terminal."
    return f"{env_id} has no picture to play by: its render modes are {modes}."


def _register_atari() -> None:
    try:
        import ale_py
    except ImportError as error:
        raise gym.error.DependencyNotInstalled(
            'Atari games need ale-py, which is not installed: pip install "rlenvs[atari]".'
        ) from error
    ale_py.ALEInterface.setLoggerMode(ale_py.LoggerMode.Error)
    gym.register_envs(ale_py)
