"""Environments by id and arguments, where one argument may ask for a whole chain of wrappers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gymnasium as gym

from rlenvs.wrappers.atari import make_atari

CHAIN = "chain"
"""The argument that names a chain; the others are for the function that builds it."""

CHAINS = ("atari",)

FOR_TRAINING = ("life_loss_ends", "clip_reward")
"""Arguments of ``make_atari`` that change what an episode and a reward are; scores are told without them."""


def made_with_chain(env_id: str, arguments: Mapping[str, Any]) -> gym.Env[Any, Any]:
    """Make an environment; ``chain="atari"`` among the arguments makes it with :func:`rlenvs.make_atari`.

    So an id and plain arguments, which a file or a command line can hold, say all about it.

    Raises:
        gymnasium.error.Error: if there is no such environment.
        TypeError: if it does not take the arguments.
        ValueError: if there is no such chain.

    Example:
        >>> made_with_chain("ALE/Pong-v5", {"chain": "atari", "clip_reward": True})  # doctest: +SKIP
    """
    others = {name: value for name, value in arguments.items() if name != CHAIN}
    if CHAIN not in arguments:
        return gym.make(env_id, **others)
    if arguments[CHAIN] not in CHAINS:
        raise ValueError(f"`chain` must be one of {', '.join(CHAINS)}, got {arguments[CHAIN]!r}.")
    return make_atari(env_id, **others)


def for_scores(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of the environment in which scores are measured: whole games, and rewards as the game gives them.

    Without a chain they are the same.
    """
    if CHAIN not in arguments:
        return dict(arguments)
    return {name: value for name, value in arguments.items() if name not in FOR_TRAINING}
