"""Edges that put equally many observations into every bin."""

from __future__ import annotations

import copy
import importlib
from collections.abc import Callable, Sequence
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium import spaces

from rlenvs.wrappers.plain_data import as_list, is_whole

Policy = Callable[[Any], Any]


def quantile_edges(
    env: gym.Env[Any, Any],
    bins: int | Sequence[int],
    *,
    steps: int = 10_000,
    seed: int = 0,
    policy: Policy | str | None = None,
) -> list[list[float]]:
    """Fit edges for :class:`~rlenvs.wrappers.DiscretizeObservation` by playing.

    The result is plain data, so the wrapper that gets it survives JSON and needs no second run. Equal quantiles (a
    number that is seen very often) make one border, so a dimension can get fewer bins than asked for.

    Args:
        env: an environment whose observations are a Box; it is reset and stepped, and must be reset again afterwards.
        bins: how many bins: one number, or one per dimension.
        steps: how many observations to look at.
        seed: seeds the environment and the random policy; nothing else is drawn from.
        policy: a function observation -> action, or its name ``"module:function"``; None: uniformly random.

    Returns:
        Per dimension the borders, from the smallest to the largest number seen.

    Raises:
        TypeError: if the observations are no Box.
        ValueError: if an argument is out of range, or a dimension never changes (its bins can only be 1).

    Example:
        >>> import gymnasium as gym
        >>> edges = quantile_edges(gym.make("CartPole-v1"), bins=4, steps=500)
        >>> [len(dimension) for dimension in edges]
        [5, 5, 5, 5]
    """
    space = env.observation_space
    if not isinstance(space, spaces.Box):
        raise TypeError(f"quantile_edges needs Box observations, got {space}.")
    n = int(np.prod(space.shape))
    counts = as_list(bins, n)
    if len(counts) != n or not all(is_whole(count) and count >= 1 for count in counts):
        raise ValueError(f"`bins` must be at least 1, one number or {n}, got {bins!r}.")
    if steps < 2:
        raise ValueError(f"`steps` must be at least 2, got {steps!r}.")
    seen = _play(env, steps, seed, _policy(env, policy, seed))
    return [_edges(seen[:, dimension], int(count), dimension) for dimension, count in enumerate(counts)]


def _edges(values: Any, count: int, dimension: int) -> list[float]:
    edges = np.unique(np.quantile(values.astype(np.float64), np.linspace(0, 1, count + 1), method="inverted_cdf"))
    if edges.size == 1 and count == 1:
        edges = np.repeat(edges, 2)
    if edges.size < 2:
        raise ValueError(f"Dimension {dimension} never changed: it was always {edges[0]}. Give it 1 bin.")
    return [float(edge) for edge in edges]


def _play(env: gym.Env[Any, Any], steps: int, seed: int, policy: Policy) -> Any:
    observation, _ = env.reset(seed=seed)
    seen = [np.ravel(observation)]
    while len(seen) < steps:
        observation, _, terminated, truncated, _ = env.step(policy(observation))
        seen.append(np.ravel(observation))
        if terminated or truncated:
            observation, _ = env.reset()
            seen.append(np.ravel(observation))
    return np.array(seen[:steps])


def _policy(env: gym.Env[Any, Any], policy: Policy | str | None, seed: int) -> Policy:
    if callable(policy):
        return policy
    if policy is None:
        # A copy: the environment's own action space keeps its generator.
        actions = copy.deepcopy(env.action_space)
        actions.seed(seed)
        return lambda _: actions.sample()
    module, _, name = policy.partition(":")
    try:
        function: Policy = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise ValueError(f'`policy` must be a function or "module:function", got {policy!r}: {error}.') from error
    return function
