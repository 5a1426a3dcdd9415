"""Finds the keys for an environment: the player's, the environment's own, those its actions mean, or plain ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import gymnasium as gym
import numpy as np
from gymnasium import spaces

from rlenvs.wrappers.action_names import action_meanings
from rlenvs_play import default_keys
from rlenvs_play.components import component_controls
from rlenvs_play.controls import RESERVED, ChordControls, Controls
from rlenvs_play.keys import Chord, chord_text, read_chord, read_gymnasium_chord

Keys: TypeAlias = Mapping[Any, Any]
"""Chord ("left", "up+space", ("w", "d")) -> action; the empty tuple stands for no key at all."""


def controls_for(env: gym.Env[Any, Any], keys: Keys | None = None) -> Controls:
    """The controls of an environment.

    Args:
        env: the environment.
        keys: chords and their actions; None: those of the environment's ``get_keys_to_action()``, else what its actions
            are called, else arrows, digits and letters.

    Raises:
        TypeError: if the action space cannot be played with keys.
        ValueError: if a key is unknown or kept by the session, or an action is not in the space.
    """
    space = env.action_space
    if keys is not None:
        return _chord_controls(env, _checked({read_chord(key): action for key, action in keys.items()}, space))
    if isinstance(space, spaces.Discrete):
        return _chord_controls(env, _default_chords(env, space))
    return component_controls(space)


def _chord_controls(env: gym.Env[Any, Any], chords: dict[Chord, Any]) -> ChordControls:
    space = env.action_space
    idle = chords.get(frozenset())
    if not isinstance(space, spaces.Discrete):
        return ChordControls(chords, meanings={}, idle=_rest(space) if idle is None else idle)
    n_actions, start = int(space.n), int(space.start)
    words = _meanings(env) or []
    meanings = {
        start + index: "do nothing" if word in default_keys.IDLE_WORDS else word.lower()
        for index, word in enumerate(words)
    }
    if idle is None:
        idle = next((start + index for index, word in enumerate(words) if word in default_keys.IDLE_WORDS), None)
    reached = {action for action in chords.values() if isinstance(action, (int, np.integer))}
    many = len(reached) < n_actions and n_actions > len(default_keys.ROW_OF_KEYS)
    typed = range(start, start + n_actions) if many else range(0)
    return ChordControls(chords, meanings=meanings, idle=idle, typed=typed)


def _default_chords(env: gym.Env[Any, Any], space: spaces.Discrete) -> dict[Chord, Any]:
    n_actions, start = int(space.n), int(space.start)
    own = _own_chords(env)
    if own is not None:
        indices = {chord: int(action) - start for chord, action in own.items()}
    else:
        words = _meanings(env)
        indices = default_keys.keys_of_count(n_actions) if words is None else default_keys.keys_of_meanings(words)
    indices = default_keys.with_twins(indices)
    indices = default_keys.with_digits(indices, n_actions)
    return {chord: start + index for chord, index in indices.items() if not chord & RESERVED}


def _own_chords(env: gym.Env[Any, Any]) -> dict[Chord, Any] | None:
    """The environment's ``get_keys_to_action()``, if it has one that fits its actions."""
    try:
        own = env.get_wrapper_attr("get_keys_to_action")()
    except AttributeError:
        return None
    if not isinstance(own, Mapping) or not own:
        return None
    try:
        return _checked({read_gymnasium_chord(key): action for key, action in own.items()}, env.action_space)
    except ValueError as error:
        # A wrapper may have changed the actions below; then the keys of the environment inside say nothing.
        gym.logger.warn(f"get_keys_to_action() of {env} cannot be used: {error}")
        return None


def _meanings(env: gym.Env[Any, Any]) -> list[str] | None:
    n_actions = int(getattr(env.action_space, "n", 0))
    known = action_meanings(env)
    if known is None and env.spec is not None:
        known = [*default_keys.MEANINGS.get(env.spec.name, ())] or None
    return known if known is not None and len(known) == n_actions else None


def _checked(chords: dict[Chord, Any], space: gym.Space[Any]) -> dict[Chord, Any]:
    checked = {}
    for chord, action in chords.items():
        if chord & RESERVED:
            raise ValueError(f"`keys` cannot use {chord_text(chord)!r}: escape quits and tab hands over to an agent.")
        value = action if isinstance(space, spaces.Discrete) else np.asarray(action, dtype=space.dtype)
        if not space.contains(value):
            raise ValueError(f"`keys` gives {action!r} to {chord_text(chord)!r}, which is no action of {space}.")
        checked[chord] = int(value) if isinstance(space, spaces.Discrete) else value
    if not any(checked):
        raise ValueError("`keys` names no key; give at least one, as in {'left': 0, 'right': 1}.")
    return checked


def _rest(space: gym.Space[Any]) -> Any:
    """The action nearest to zero, where there is one: what happens while no key is held."""
    if isinstance(space, spaces.Box):
        return np.clip(np.zeros(space.shape), space.low, space.high).astype(space.dtype)
    return np.zeros(space.shape or (), dtype=space.dtype) if isinstance(space, spaces.MultiBinary) else None
