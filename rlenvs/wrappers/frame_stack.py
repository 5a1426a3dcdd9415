"""FrameStack: the newest observations as one."""

from __future__ import annotations

from typing import Any, Generic, Literal, TypeVar, get_args

import gymnasium as gym
import numpy as np
from gymnasium import spaces
from gymnasium.vector.utils import batch_space
from gymnasium.wrappers.utils import create_zero_array
from numpy.typing import NDArray

from rlenvs.wrappers.plain_data import is_whole, plain
from rlenvs.wrappers.stacked_frames import Frames, StackedFrames, stack_frames

ObsT = TypeVar("ObsT")
ActT = TypeVar("ActT")
Axis = Literal["first", "last"]


class FrameStack(
    gym.Wrapper[Any, ActT, ObsT, ActT],
    gym.utils.RecordConstructorArgs,
    Generic[ObsT, ActT],
):
    """Shows the ``size`` newest observations as one array, oldest first.

    The array returned owns its memory: it shares none with any other observation, nor with the environment's buffers.
    It is an ordinary NumPy array that also offers its frames (``observation.frames``, ``observation.lean()``, see
    :class:`~rlenvs.wrappers.stacked_frames.StackedFrames`): neighbouring stacks share them, so a replay buffer that
    keeps those holds each frame once, padding included. ``np.asarray(observation.lean())`` gives the array back.

    Shapes: an observation ``(84, 84)`` becomes ``(4, 84, 84)``, or ``(84, 84, 4)`` with ``axis="last"``: a new axis in
    either case. Bounds and dtype are those of the wrapped space, repeated; Discrete becomes MultiDiscrete,
    MultiDiscrete and MultiBinary become integer Boxes, as in Gymnasium's batches.

    The values are those of Gymnasium's FrameStackObservation, at less than half its cost. A batch of a vector
    environment is copied together by Gymnasium, and so loses the offer. No vector version exists.

    Args:
        env: the environment to wrap; its observations are Box, Discrete, MultiDiscrete or MultiBinary.
        size: how many observations to stack.
        axis: where the new axis goes, "first" or "last".
        padding: what stands for the observations before the first: "reset" (the first one, repeated), "zero" (zeros,
            or the bound nearest to zero), or an observation of the wrapped space as plain data.

    Raises:
        TypeError: if the observations cannot be stacked.
        ValueError: if an argument is out of range.

    Example:
        >>> import gymnasium as gym
        >>> env = FrameStack(gym.make("CartPole-v1"), size=3)
        >>> env.observation_space.shape
        (3, 4)
        >>> observation, info = env.reset(seed=0)
        >>> observation.shape, len(observation.frames)
        ((3, 4), 3)

    Change logs:
     * v0.1.0 - added
    """

    def __init__(
        self, env: gym.Env[ObsT, ActT], size: int = 4, *, axis: Axis = "first", padding: Any = "reset"
    ) -> None:
        if not is_whole(size) or size < 1:
            raise ValueError(f"`size` must be a whole number of at least 1, got {size!r}.")
        if axis not in get_args(Axis):
            raise ValueError(f"`axis` must be one of {get_args(Axis)}, got {axis!r}.")
        gym.utils.RecordConstructorArgs.__init__(self, size=plain(size), axis=axis, padding=plain(padding))
        gym.Wrapper.__init__(self, env)
        self._size = int(size)
        self._axis = 0 if axis == "first" else -1
        self._dtype = env.observation_space.dtype
        self.observation_space = _stacked_space(env.observation_space, self._size, self._axis)
        self._padding = None if isinstance(padding, str) and padding == "reset" else self._padding_frame(padding)
        self._frames: Frames = ()

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[StackedFrames, dict[str, Any]]:
        """Reset; the stack is the padding and the first observation."""
        observation, info = self.env.reset(seed=seed, options=options)
        frame = self._frame(observation)
        padding = frame if self._padding is None else self._padding
        self._frames = (padding,) * (self._size - 1) + (frame,)
        return stack_frames(self._frames, self._axis), info

    def step(self, action: ActT) -> tuple[StackedFrames, Any, bool, bool, dict[str, Any]]:
        """Take the action; the oldest observation makes room for the newest."""
        observation, reward, terminated, truncated, info = self.env.step(action)
        self._frames = (*self._frames[1:], self._frame(observation))
        return stack_frames(self._frames, self._axis), reward, terminated, truncated, info

    def _frame(self, observation: Any) -> NDArray[Any]:
        # A copy, because the environment may write into its own array again; read-only, because stacks share it.
        frame = np.array(observation, dtype=self._dtype)
        frame.flags.writeable = False
        return frame

    def _padding_frame(self, padding: Any) -> NDArray[Any]:
        space = self.env.observation_space
        if isinstance(padding, str):
            if padding != "zero":
                raise ValueError(f'`padding` must be "reset", "zero" or an observation, got {padding!r}.')
            return self._frame(create_zero_array(space))
        frame = self._frame(padding)
        if not space.contains(int(frame) if isinstance(space, spaces.Discrete) and frame.ndim == 0 else frame):
            raise ValueError(f'`padding` must be "reset", "zero" or an observation of {space}, got {padding!r}.')
        return frame


def _stacked_space(space: spaces.Space[Any], size: int, axis: int) -> spaces.Space[Any]:
    if not isinstance(space, (spaces.Box, spaces.Discrete, spaces.MultiDiscrete, spaces.MultiBinary)):
        raise TypeError(
            f"FrameStack stacks Box, Discrete, MultiDiscrete and MultiBinary observations, got {space}. "
            "Bring them into one array first, for example with gymnasium.wrappers.FlattenObservation."
        )
    batch = batch_space(space, size)
    if axis == 0 or not isinstance(batch, spaces.Box):
        return batch
    return spaces.Box(np.moveaxis(batch.low, 0, -1), np.moveaxis(batch.high, 0, -1), dtype=batch.dtype.type)
