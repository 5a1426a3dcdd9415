"""Environments by id or as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import gymnasium as gym

import rlenvs  # noqa: F401  # registers the ids
from rlenvs.wrappers.chains import CHAIN, made_with_chain
from rlenvs_agents.atari_presets import game_of


def make(env_id: str, env_kwargs: Mapping[str, Any] | None = None) -> gym.Env[Any, Any]:
    """Make an environment; ``chain="atari"`` among the arguments wraps a game (:mod:`rlenvs.wrappers.chains`).

    Raises:
        ValueError: if it takes no such keyword argument, or is an Atari game of which nobody says how it is seen.
        gymnasium.error.Error: if there is no such environment.
    """
    arguments = env_kwargs or {}
    if game_of(env_id) and not {CHAIN, "obs_type"} & set(arguments):
        raise ValueError(
            f"{env_id} is an Atari game, and agents see games through a chain of wrappers: add `--preset atari` for "
            "settings and wrappers (dqn, sb3-dqn), or `-k chain=atari` for the wrappers alone."
        )
    try:
        return made_with_chain(env_id, arguments)
    except TypeError as error:
        if "unexpected keyword argument" not in str(error):
            raise
        raise ValueError(f"{env_id} does not take these settings: {error}.") from error


@contextmanager
def made(env: gym.Env[Any, Any] | str, env_kwargs: Mapping[str, Any] | None = None) -> Iterator[gym.Env[Any, Any]]:
    """The environment; one that was made here from an id is closed at the end."""
    if not isinstance(env, str):
        yield env
        return
    own = make(env, env_kwargs)
    try:
        yield own
    finally:
        own.close()


def spec_text(env: gym.Env[Any, Any]) -> str | None:
    """The spec of an environment and its wrappers as JSON; None where there is none, or it holds what JSON cannot."""
    try:
        return None if env.spec is None else env.spec.to_json()
    except (ValueError, TypeError):
        return None
