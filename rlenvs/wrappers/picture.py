"""A stack of frames as one picture for people, and a wrapper that shows it."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import gymnasium as gym
import numpy as np
from numpy.typing import ArrayLike, NDArray

ObsT = TypeVar("ObsT")
ActT = TypeVar("ActT")
Image = NDArray[np.uint8]


def stack_picture(stack: ArrayLike, *, axis: int = 0, scale: int = 1, gain: float = 1.0) -> Image:
    """Draw a stack: the mean of the older frames in grey, what is brighter in the newest one in pink.

    Args:
        stack: grey frames, oldest first; (k, height, width), or (height, width, k) with ``axis=-1``; uint8, or floats
            in [0, 1].
        axis: the axis that counts frames.
        scale: every pixel becomes a square of this side.
        gain: a factor for the brightness; 1.7 makes the traces of a small ball visible.

    Returns:
        (height * scale, width * scale, 3) uint8.

    Raises:
        ValueError: if the stack has not three axes and at least two frames.
    """
    frames = np.asarray(stack)
    if frames.ndim != 3:
        raise ValueError(f"`stack` must have 3 axes (frames, height, width), got shape {frames.shape}.")
    frames = np.moveaxis(frames, axis, 0)
    if len(frames) < 2:
        raise ValueError(f"`stack` must hold at least 2 frames along axis {axis}, got {len(frames)}.")
    if not scale >= 1 or not gain > 0:
        raise ValueError(f"`scale` must be at least 1 and `gain` positive, got {scale!r} and {gain!r}.")
    values = frames.astype(np.float64) * gain * (1.0 if frames.dtype == np.uint8 else 255.0)
    grey = values[:-1].mean(axis=0)
    # Red and blue without green is pink. Only what is brighter: what has vanished is seen in grey already.
    pink = grey + np.maximum(values[-1] - grey, 0.0)
    picture = np.stack([pink, grey, pink], axis=-1)
    pixels: Image = np.rint(np.clip(picture, 0, 255)).astype(np.uint8)
    return pixels.repeat(scale, axis=0).repeat(scale, axis=1)


class ShowStack(gym.Wrapper[ObsT, ActT, ObsT, ActT], gym.utils.RecordConstructorArgs, Generic[ObsT, ActT]):
    """Makes ``render()`` return what the agent sees, as :func:`stack_picture` draws it.

    Put it around a FrameStack of grey pictures. Observations, rewards and infos pass unchanged. No vector version
    exists.

    Args:
        env: the environment to wrap; it needs no render mode of its own.
        axis: the axis of the observation that counts frames.
        scale: every pixel becomes a square of this side.
        gain: a factor for the brightness.

    Raises:
        TypeError: if the observations are no stacks of grey pictures.

    Change logs:
     * v0.1.0 - added
    """

    def __init__(self, env: gym.Env[ObsT, ActT], *, axis: int = 0, scale: int = 4, gain: float = 1.7) -> None:
        shape = env.observation_space.shape
        if shape is None or len(shape) != 3:
            raise TypeError(f"ShowStack draws stacks of grey pictures (3 axes), got {env.observation_space}.")
        gym.utils.RecordConstructorArgs.__init__(self, axis=axis, scale=scale, gain=gain)
        gym.Wrapper.__init__(self, env)
        self.metadata = {**env.metadata, "render_modes": ["rgb_array"]}
        self._axis = axis
        self._scale = scale
        self._gain = gain
        self._seen: NDArray[Any] | None = None

    @property
    def render_mode(self) -> str:  # type: ignore[override]  # read-only in Gymnasium's Wrapper as well
        """Always "rgb_array"."""
        return "rgb_array"

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[ObsT, dict[str, Any]]:
        """Reset, and remember the observation."""
        observation, info = self.env.reset(seed=seed, options=options)
        self._seen = np.array(observation)
        return observation, info

    def step(self, action: ActT) -> tuple[ObsT, Any, bool, bool, dict[str, Any]]:
        """Take the action, and remember the observation."""
        step = self.env.step(action)
        self._seen = np.array(step[0])
        return step

    def render(self) -> Any:
        """The last observation as a picture, (height, width, 3) uint8.

        Raises:
            gymnasium.error.ResetNeeded: before the first reset.
        """
        if self._seen is None:
            raise gym.error.ResetNeeded("Call reset() before render().")
        return stack_picture(self._seen, axis=self._axis, scale=self._scale, gain=self._gain)
