"""Global generators, lent to a library that knows no others, and given back."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np


class OwnGlobals:
    """The state of Python's, NumPy's and PyTorch's global generators that belongs to one agent.

    Stable-Baselines3 draws from them. While the agent runs they hold its state, otherwise everybody else's: two agents
    in one process do not disturb each other.
    """

    def __init__(self) -> None:
        self._own: tuple[Any, ...] | None = None

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Within this block the global generators are the agent's."""
        others = _read()
        if self._own is not None:
            _write(self._own)
        try:
            yield
        finally:
            self._own = _read()
            _write(others)


def _read() -> tuple[Any, ...]:
    import torch

    return random.getstate(), np.random.get_state(), torch.get_rng_state()  # noqa: NPY002  # the library draws from it


def _write(state: tuple[Any, ...]) -> None:
    import torch

    random.setstate(state[0])
    np.random.set_state(state[1])  # noqa: NPY002  # the library draws from it
    torch.set_rng_state(state[2])
