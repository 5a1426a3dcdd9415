"""Keys for actions that are vectors: MultiBinary and MultiDiscrete by chords, Box by pushing one dimension."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from rlenvs_play.controls import Controls, Row, VectorControls
from rlenvs_play.keys import ARROWS

PAIRS = (("left", "right"), ("down", "up"), ("a", "d"), ("s", "w"), ("j", "l"), ("k", "i"), ("f", "h"), ("g", "t"))
ROWS = ("1234567890", "qwertyuiop", "asdfghjkl;", "zxcvbnm,./")
ENOUGH = "give `keys`, as in play(env, keys={'left': action, …})"


def component_controls(space: gym.Space[Any]) -> Controls:
    """The controls of a space that is no Discrete one.

    Raises:
        TypeError: if there are no keys for such a space.
        ValueError: if it has bounds or a size that keys cannot serve.
    """
    if isinstance(space, spaces.Box):
        return _box(space)
    if isinstance(space, spaces.MultiBinary):
        return _bits(space)
    if isinstance(space, spaces.MultiDiscrete):
        return _choices(space)
    raise TypeError(
        f"Keys play Discrete, MultiBinary, MultiDiscrete and Box actions, got {space}; "
        "wrap the environment so that it takes one of these."
    )


def _box(space: spaces.Box) -> Controls:
    low, high = space.low.ravel().astype(float), space.high.ravel().astype(float)
    if not (np.isfinite(low).all() and np.isfinite(high).all()):
        raise ValueError(f"A key pushes a dimension to its bound, and {space} has infinite ones; {ENOUGH}.")
    if low.size > len(PAIRS):
        raise ValueError(f"There are keys for {len(PAIRS)} dimensions, and {space} has {low.size}; {ENOUGH}.")
    rest = np.clip(0.0, low, high)
    settings: dict[str, tuple[int, float]] = {}
    legend = []
    for index, pair in enumerate(PAIRS[: low.size]):
        bounds = (float(low[index]), float(high[index]))
        for key, bound in zip(pair, bounds, strict=True):
            if bound != rest[index]:
                settings[key] = (index, bound)
                legend.append(Row((key,), f"{_named(index, low.size)} to {bound:g}"))
    return VectorControls(space, settings, _shaped(rest, space), tuple(legend))


def _bits(space: spaces.MultiBinary) -> Controls:
    n_bits = int(np.prod(space.shape))
    keys = (*ARROWS, "space")[:n_bits] if n_bits <= len(ARROWS) + 1 else tuple("".join(ROWS)[:n_bits])
    if len(keys) < n_bits:
        raise ValueError(f"There are keys for {len(''.join(ROWS))} bits, and {space} has {n_bits}; {ENOUGH}.")
    settings = {key: (index, 1.0) for index, key in enumerate(keys)}
    legend = tuple(Row((key,), f"bit {index}") for index, key in enumerate(keys))
    return VectorControls(space, settings, _shaped(np.zeros(n_bits), space), legend)


def _choices(space: spaces.MultiDiscrete) -> Controls:
    sizes = space.nvec.ravel().tolist()
    starts = np.asarray(space.start).ravel().tolist()
    if len(sizes) > len(ROWS) or max(sizes) - 1 > len(ROWS[0]):
        raise ValueError(
            f"There are keys for {len(ROWS)} choices among at most {len(ROWS[0]) + 1} values, got {space}; {ENOUGH}."
        )
    settings: dict[str, tuple[int, float]] = {}
    legend = []
    for index, (size, start) in enumerate(zip(sizes, starts, strict=True)):
        keys = ROWS[index][: size - 1]
        settings.update({key: (index, start + 1 + place) for place, key in enumerate(keys)})
        if keys:
            span = keys[0] if len(keys) == 1 else f"{keys[0]} … {keys[-1]}"
            values = f"{start + 1}" if size == 2 else f"{start + 1} … {start + size - 1}"
            legend.append(Row((span,), f"choice {index}: {values} (else {start})"))
    return VectorControls(space, settings, _shaped(np.array(starts), space), tuple(legend))


def _shaped(values: NDArray[Any], space: gym.Space[Any]) -> NDArray[Any]:
    return values.reshape(space.shape or ()).astype(space.dtype)


def _named(index: int, n_dimensions: int) -> str:
    return "push" if n_dimensions == 1 else f"dimension {index}"
