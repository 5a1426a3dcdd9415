"""PreprocessScreen: repeats actions and shows a small grey picture of the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import gymnasium as gym
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from rlenvs.wrappers.plain_data import as_list, is_whole, plain

ActT = TypeVar("ActT")
Image = NDArray[np.uint8]

FRAMES_PER_SECOND = 60
"""Of an Atari console."""


class PreprocessScreen(gym.Wrapper[Image, ActT, Image, ActT], gym.utils.RecordConstructorArgs, Generic[ActT]):
    """Repeats each action, takes the brighter of the last two frames pixel by pixel, and shrinks it.

    The usual preparation of Atari frames (Mnih et al., 2015, Methods; Machado et al., 2018, section 2), on any
    environment whose observation is a picture. The last two frames are those that were played, also where an episode
    ends in the middle of a repetition; Gymnasium's AtariPreprocessing shows older ones there. Otherwise the values
    equal AtariPreprocessing's. Rewards are summed, infos merged (the newest value of a key wins).

    ``metadata["render_fps"]`` becomes that of steps, 15 for Atari games at 60 frames a second; ale-py says 30 whatever
    is skipped.

    Shapes: ``(210, 160)`` or ``(210, 160, 3)`` becomes ``(84, 84)``; colour becomes grey. No vector version exists.

    Args:
        env: the environment to wrap; make Atari games with ``frameskip=1``, else frames are skipped twice.
        skip: how many times each action is taken.
        size: side of the square picture, or ``[width, height]``.

    Raises:
        TypeError: if the observations are no uint8 pictures.
        ValueError: if an argument is out of range, or an Atari game skips frames itself.
        gymnasium.error.DependencyNotInstalled: if OpenCV is missing.

    Example:
        >>> import gymnasium as gym
        >>> env = gym.make("ALE/Pong-v5", frameskip=1, obs_type="grayscale")  # doctest: +SKIP
        >>> PreprocessScreen(env).observation_space  # doctest: +SKIP
        Box(0, 255, (84, 84), uint8)

    Change logs:
     * v0.1.0 - added
    """

    def __init__(self, env: gym.Env[Image, ActT], *, skip: int = 4, size: int | Sequence[int] = 84) -> None:
        if not is_whole(skip) or skip < 1:
            raise ValueError(f"`skip` must be a whole number of at least 1, got {skip!r}.")
        self._width, self._height = _sides(size)
        _check_picture(env.observation_space)
        own_skip = getattr(env.unwrapped, "_frameskip", 1)
        if skip > 1 and own_skip != 1:
            raise ValueError(
                f"Make the environment with `frameskip=1`, got {own_skip!r}: frames would be skipped twice."
            )
        gym.utils.RecordConstructorArgs.__init__(self, skip=plain(skip), size=plain(size))
        gym.Wrapper.__init__(self, env)
        try:
            import cv2
        except ImportError as error:
            raise gym.error.DependencyNotInstalled(
                'PreprocessScreen shrinks pictures with OpenCV: pip install "rlenvs[atari]".'
            ) from error
        self._skip = int(skip)
        self._resize = cv2.resize
        self._how = int(cv2.INTER_AREA)
        self.observation_space = spaces.Box(0, 255, (self._height, self._width), np.uint8)
        rate = FRAMES_PER_SECOND if hasattr(env.unwrapped, "ale") else env.metadata.get("render_fps")
        if rate:
            self.metadata = {**env.metadata, "render_fps": max(1, round(rate / self._skip))}

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Image, dict[str, Any]]:
        """Reset; the observation is the first screen, shrunk."""
        screen, info = self.env.reset(seed=seed, options=options)
        return self._shrunk(_grey(screen)), info

    def step(self, action: ActT) -> tuple[Image, float, bool, bool, dict[str, Any]]:
        """Take the action ``skip`` times, or until the episode ends."""
        total = 0.0
        infos: dict[str, Any] = {}
        before: Image | None = None
        for repetition in range(self._skip):
            screen, reward, terminated, truncated, info = self.env.step(action)
            total += float(reward)
            _merge(infos, info)
            if terminated or truncated or repetition == self._skip - 1:
                break
            # Kept without a copy unless it is needed: only the last two frames count.
            before = screen
        newest = _grey(screen)
        pooled = newest if before is None else np.maximum(_grey(before), newest)
        return self._shrunk(pooled), total, terminated, truncated, infos

    def _shrunk(self, picture: Image) -> Image:
        shrunk: Image = self._resize(picture, (self._width, self._height), interpolation=self._how)
        return shrunk


def _merge(infos: dict[str, Any], info: dict[str, Any]) -> None:
    # What wrappers below say about the reward of one frame adds up; of all else the newest value counts.
    sums: dict[str, Any] = {
        key: infos.get(key, 0.0) + info[key] for key in ("raw_reward", "skipped_reward") if key in info
    }
    infos.update(info)
    infos.update(sums)


def _grey(screen: Image) -> Image:
    if screen.ndim == 2:
        return screen
    # ITU-R BT.601 luma, the weights that cameras and OpenCV use.
    grey: Image = np.rint(screen @ np.array([0.299, 0.587, 0.114])).astype(np.uint8)
    return grey


def _sides(size: int | Sequence[int]) -> tuple[int, int]:
    pair = as_list(size, 2)
    if len(pair) != 2 or not all(is_whole(side) and side > 0 for side in pair):
        raise ValueError(f"`size` must be a positive whole number or [width, height], got {size!r}.")
    return int(pair[0]), int(pair[1])


def _check_picture(space: spaces.Space[Any]) -> None:
    colour = isinstance(space, spaces.Box) and len(space.shape) == 3 and space.shape[2] == 3
    grey = isinstance(space, spaces.Box) and len(space.shape) == 2
    if not (colour or grey) or space.dtype != np.uint8:
        raise TypeError(f"PreprocessScreen needs pictures (height, width) or (height, width, 3) of uint8, got {space}.")
