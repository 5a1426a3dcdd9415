"""Replay memory: a ring of transitions, allocated once."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from rlenvs_agents.capacity import GIB, memory


class Transitions(NamedTuple):
    """Transitions, one per entry of the first axes."""

    observation: NDArray[Any]
    action: NDArray[np.int32]
    reward: NDArray[np.float32]
    discount: NDArray[np.float32]  # 0 at termination
    next_observation: NDArray[Any]
    next_mask: NDArray[np.bool_]


class ReplayBuffer:
    """Remembers the last ``size`` transitions; the oldest give way.

    Args:
        size: transitions.
        shape: of one observation.
        dtype: of one observation.
        n_actions: A.

    Raises:
        ValueError: if it would not fit in the memory of this machine.
    """

    def __init__(self, size: int, shape: tuple[int, ...], dtype: DTypeLike, n_actions: int) -> None:
        needed = size * (2 * int(np.prod(shape)) * np.dtype(dtype).itemsize + 12 + n_actions)
        if needed > memory():
            raise ValueError(
                f"`buffer_size` {size} needs {needed / GIB:.1f} GiB for observations of shape {shape}, more than "
                f"the {memory() / GIB:.1f} GiB of this machine; use a smaller one."
            )
        self.size = size
        self.stored = 0  # transitions remembered
        self._next = 0
        self._ring = Transitions(
            np.zeros((size, *shape), dtype),
            np.zeros(size, np.int32),
            np.zeros(size, np.float32),
            np.zeros(size, np.float32),
            np.zeros((size, *shape), dtype),
            np.ones((size, n_actions), np.bool_),
        )

    def add(self, observation: Any, action: int, reward: float, discount: float, following: tuple[Any, Any]) -> None:
        """Remember a transition.

        Args:
            observation: before the step.
            action: taken.
            reward: of the step.
            discount: 0 if the step terminated.
            following: the next observation, and its action mask or None where all is possible.
        """
        ring, at = self._ring, self._next
        ring.observation[at] = observation
        ring.action[at] = action
        ring.reward[at] = reward
        ring.discount[at] = discount
        ring.next_observation[at] = following[0]
        if following[1] is not None:
            ring.next_mask[at] = following[1]
        self._next = (at + 1) % self.size
        self.stored = min(self.stored + 1, self.size)

    def sample(self, generator: np.random.Generator, shape: tuple[int, ...]) -> Transitions:
        """Transitions drawn uniformly with replacement, copies; the first axes have ``shape``."""
        chosen = generator.integers(0, self.stored, shape)
        ring = self._ring
        return Transitions(
            ring.observation[chosen],
            ring.action[chosen],
            ring.reward[chosen],
            ring.discount[chosen],
            ring.next_observation[chosen],
            ring.next_mask[chosen],
        )

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """What is remembered, as arrays in the order of the ring: the places decide what is drawn later."""
        entries = zip(Transitions._fields, self._ring, strict=True)
        return {"replay_next": np.array(self._next), **{f"replay_{name}": a[: self.stored] for name, a in entries}}

    def fill(self, arrays: dict[str, NDArray[Any]]) -> None:
        """Take over what :meth:`to_arrays` gave."""
        self.stored = len(arrays["replay_action"])
        self._next = int(arrays["replay_next"])
        for name, array in zip(Transitions._fields, self._ring, strict=True):
            array[: self.stored] = arrays[f"replay_{name}"]
