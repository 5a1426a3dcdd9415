"""Where the actions of an exploring episode come from: seeded, masked, and in several styles."""

import copy
from typing import Any, Literal

import numpy as np
from gymnasium import spaces

Style = Literal["random", "hold", "sticky", "extreme"]


class ActionSource:
    """Draws actions from a private copy of an action space, so that the environment's own is left alone.

    Args:
        space: The action space.
        seed: Seed of the private copy.
        style: `random` draws anew each time, `hold` keeps one action, `sticky` repeats the last one nine times
            in ten, `extreme` takes the corners of the space.
    """

    def __init__(self, space: Any, seed: int, style: Style = "random") -> None:
        self._space = copy.deepcopy(space)
        self._space.seed(seed)
        self._rng = np.random.default_rng([seed, 1])
        self._style = style
        self._start = int(space.start) if isinstance(space, spaces.Discrete) else 0
        self._last: Any = None

    def next(self, mask: Any = None) -> Any:
        """The next action, one that the mask allows where there is a mask that can be used."""
        stay = self._style == "hold" or (self._style == "sticky" and self._rng.random() < 0.9)
        if stay and self._last is not None and allowed(self._last, mask, self._start):
            return self._last
        self._last = self._draw(mask)
        return self._last

    def _draw(self, mask: Any) -> Any:
        if usable_mask(self._space, mask):
            return self._space.sample(mask=mask)
        if self._style == "extreme":
            return corner(self._space, self._rng)
        return self._space.sample()


def usable_mask(space: Any, mask: Any) -> bool:
    """Whether `mask` fits a Discrete action space and leaves something to choose."""
    return (
        isinstance(space, spaces.Discrete)
        and isinstance(mask, np.ndarray)
        and mask.shape == (int(space.n),)
        and mask.dtype == np.int8
        and bool(np.any(mask == 1))
        and bool(np.all((mask == 0) | (mask == 1)))
    )


def allowed(action: Any, mask: Any, start: int = 0) -> bool:
    """Whether a mask, where there is one, allows a Discrete action."""
    if not isinstance(mask, np.ndarray) or mask.ndim != 1 or not isinstance(action, int | np.integer):
        return True
    index = int(action) - start
    return 0 <= index < len(mask) and bool(mask[index])


def corner(space: Any, rng: np.random.Generator) -> Any:
    """An action at the edge of its space."""
    if isinstance(space, spaces.Box):
        low = np.where(np.isfinite(space.low), space.low, -1)
        high = np.where(np.isfinite(space.high), space.high, 1)
        return np.where(rng.random(space.shape) < 0.5, low, high).astype(space.dtype)
    if isinstance(space, spaces.Discrete):
        return space.start + (np.int64(0) if rng.random() < 0.5 else np.int64(space.n - 1))
    if isinstance(space, spaces.Tuple):
        return tuple(corner(part, rng) for part in space.spaces)
    if isinstance(space, spaces.Dict):
        return {key: corner(part, rng) for key, part in space.spaces.items()}
    return space.sample()


def every_action(space: Any, limit: int) -> list[Any]:
    """All actions of a small space; of a large one its corners and some others."""
    if isinstance(space, spaces.Discrete):
        if space.n <= limit:
            return [np.int64(space.start + i) for i in range(int(space.n))]
        picks = np.linspace(0, int(space.n) - 1, limit).astype(np.int64)
        return [np.int64(space.start + i) for i in picks]
    if isinstance(space, spaces.MultiDiscrete) and int(np.prod(space.nvec.astype(float))) <= limit:
        grid = np.ndindex(*[int(n) for n in space.nvec.ravel()])
        return [(np.array(g).reshape(space.nvec.shape) + space.start).astype(space.dtype) for g in grid]
    if isinstance(space, spaces.MultiBinary) and 2 ** int(np.prod(space.shape)) <= limit:
        bits = np.ndindex(*([2] * int(np.prod(space.shape))))
        return [np.array(b, dtype=space.dtype).reshape(space.shape) for b in bits]
    rng = np.random.default_rng(0)
    copy_of = copy.deepcopy(space)
    copy_of.seed(0)
    return (
        _bounds(space)
        + [corner(copy_of, rng) for _ in range(limit // 2)]
        + [copy_of.sample() for _ in range(limit // 2)]
    )


def _bounds(space: Any) -> list[Any]:
    if not isinstance(space, spaces.Box):
        return []
    low = np.where(np.isfinite(space.low), space.low, -1).astype(space.dtype)
    high = np.where(np.isfinite(space.high), space.high, 1).astype(space.dtype)
    return [low, high, ((low + high) / 2).astype(space.dtype)]
