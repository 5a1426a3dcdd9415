"""The observation of FrameStack: an ordinary array that also knows the frames it was made of."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

Frames = tuple[NDArray[Any], ...]


class LeanStack:
    """k references to frames instead of k copies; becomes an array when asked (``np.asarray``).

    What a replay buffer keeps: stacks that overlap share their frames, so a run of n steps costs n frames, and not
    k * n, however many stacks are kept. The frames are read-only.

    Attributes:
        frames: the k frames, oldest first.
        axis: the axis of the stack that counts frames, 0 or -1.
    """

    __slots__ = ("axis", "frames")

    def __init__(self, frames: Frames, axis: int) -> None:
        self.frames = frames
        self.axis = axis

    @property
    def newest(self) -> NDArray[Any]:
        """The newest frame."""
        return self.frames[-1]

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the array that this stack becomes."""
        frame = self.frames[-1].shape
        return (len(self.frames), *frame) if self.axis == 0 else (*frame, len(self.frames))

    @property
    def dtype(self) -> np.dtype[Any]:
        """Its dtype."""
        return self.frames[-1].dtype

    def __len__(self) -> int:
        return self.shape[0]

    def __array__(self, dtype: DTypeLike | None = None, *, copy: bool | None = None) -> NDArray[Any]:
        if copy is False:
            raise ValueError("A LeanStack cannot become an array without a copy; leave out `copy=False`.")
        stack = np.array(self.frames, dtype=dtype)
        return stack if self.axis == 0 else stack.transpose(*range(1, stack.ndim), 0)

    def __repr__(self) -> str:
        return f"LeanStack(shape={self.shape}, dtype={self.dtype})"


class StackedFrames(np.ndarray[Any, np.dtype[Any]]):
    """An array that owns its memory, and offers the frames it was made of to whoever stores it.

    Everything computed from it (copies, slices, sums) is an array without that offer: ``frames`` is None there.

    Attributes:
        frames: the k frames, oldest first, read-only, shared with the neighbouring stacks; or None.
        axis: the axis that counts frames, 0 or -1.
    """

    frames: Frames | None = None
    axis: int = 0

    def lean(self) -> LeanStack:
        """The same stack without memory of its own, to be kept in a replay buffer.

        Raises:
            ValueError: if this array was computed from a stack instead of being one.
        """
        if self.frames is None:
            raise ValueError(
                "`lean()` needs the array that FrameStack returned; this one was copied, sliced or computed from it."
            )
        return LeanStack(self.frames, self.axis)


def stack_frames(frames: Frames, axis: int) -> StackedFrames:
    """Make the observation of k frames of equal shape, oldest first; ``axis`` is 0 or -1."""
    stack = np.array(frames)
    if axis != 0:
        stack = stack.transpose(*range(1, stack.ndim), 0)
    observation = stack.view(StackedFrames)
    observation.frames = frames
    observation.axis = axis
    return observation
