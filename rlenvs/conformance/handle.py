"""One instance of the environment under test, every call watched and its failure named."""

import time
import traceback
from typing import Any

import numpy as np

from rlenvs.conformance.catalogue import Undecided
from rlenvs.conformance.watch import Watch

_OWN = ("rlenvs/conformance", "gymnasium/wrappers/common", "gymnasium/core")


class CrashError(Exception):
    """An exception came out of the environment.

    Attributes:
        where: The call that raised, such as `step`.
        error: The exception.
        text: Its type, message and place on one line.
    """

    def __init__(self, where: str, error: BaseException) -> None:
        self.where = where
        self.error = error
        self.text = f"`{where}` raised {type(error).__name__}: {str(error)[:300]}{_place(error)}"
        super().__init__(self.text)


class MalformedError(Exception):
    """The environment returned something that is not what `reset` or `step` return."""


def _place(error: BaseException) -> str:
    """The innermost line of the traceback that is not ours."""
    frames = traceback.extract_tb(error.__traceback__)
    for frame in reversed(frames):
        path = frame.filename.replace("\\", "/")
        if not any(part in path for part in _OWN):
            return f" ({path.rsplit('/', 1)[-1]}:{frame.lineno} in {frame.name})"
    return ""


class Handle:
    """An environment whose calls are watched for hanging and crashing.

    Args:
        env: The environment.
        watch: Ends a call that hangs.
    """

    def __init__(self, env: Any, watch: Watch) -> None:
        self.env = env
        self._watch = watch
        self._has_mask_method: bool | None = None

    def call(self, where: str, function: Any, /, *arguments: Any, **keywords: Any) -> Any:
        """Calls into the environment.

        Raises:
            CrashError: The call raised anything but a keyboard interrupt.
        """
        if where != "close" and time.monotonic() > self._watch.stop_at:
            raise Undecided("the time for the whole run was used up")
        try:
            return self._watch.call(where, function, *arguments, **keywords)
        except (Exception, SystemExit, GeneratorExit) as error:
            raise CrashError(where, error) from error

    def raw_reset(self, **keywords: Any) -> Any:
        """What `reset` returned, whatever that is."""
        return self.call("reset", self.env.reset, **keywords)

    def raw_step(self, action: Any) -> Any:
        """What `step` returned, whatever that is."""
        return self.call("step", self.env.step, action)

    def reset(self, seed: int | None = None, **keywords: Any) -> tuple[Any, Any]:
        """Resets the environment.

        Returns:
            Observation and info.

        Raises:
            MalformedError: The result is not a pair.
        """
        given = keywords if seed is None else {"seed": seed, **keywords}
        result = self.raw_reset(**given)
        if not isinstance(result, tuple) or len(result) != 2:
            raise MalformedError(f"`reset` must return (observation, info), got {_shape(result)}")
        return result

    def step(self, action: Any) -> tuple[Any, Any, Any, Any, Any]:
        """Steps the environment.

        Returns:
            Observation, reward, terminated, truncated, info.

        Raises:
            MalformedError: The result has not five values.
        """
        result = self.raw_step(action)
        if not isinstance(result, tuple) or len(result) != 5:
            raise MalformedError(
                f"`step` must return (observation, reward, terminated, truncated, info), got {_shape(result)}"
            )
        return result

    def mask(self, observation: Any, info: Any) -> Any:
        """Which Discrete actions are allowed now, as int8; from info, observation or `action_masks()`; or None."""
        for holder in (info, observation):
            if isinstance(holder, dict) and holder.get("action_mask") is not None:
                return _as_mask(holder["action_mask"])
        if self._has_mask_method is None:
            self._has_mask_method = callable(getattr(getattr(self.env, "unwrapped", None), "action_masks", None))
        return _as_mask(self.call("action_masks", self.env.unwrapped.action_masks)) if self._has_mask_method else None

    def render(self) -> Any:
        """What `render` returned."""
        return self.call("render", self.env.render)

    def close(self) -> None:
        """Closes the environment."""
        self.call("close", self.env.close)

    def close_quietly(self) -> None:
        """Closes the environment; what it raises concerns only the check of `close`."""
        try:
            self.close()
        except CrashError:
            return


def _as_mask(mask: Any) -> Any:
    """A mask in the form that `sample` wants, whatever its dtype; anything else as it is."""
    if isinstance(mask, np.ndarray) and mask.dtype != np.int8 and mask.dtype.kind in "buif":
        return (mask != 0).astype(np.int8)
    return mask


def _shape(result: Any) -> str:
    if isinstance(result, tuple):
        return f"a tuple of {len(result)}"
    return f"{type(result).__name__}"
