"""What a vector environment shows of its lanes: pictures, attributes, snapshots, copies."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from rlenvs.core.environment import foreign_snapshot
from rlenvs.core.streams import Streams
from rlenvs.rendering import Window, draw

if TYPE_CHECKING:
    from gymnasium.envs.registration import EnvSpec

    from rlenvs.core.environment import RulesEnv
    from rlenvs.core.lanes import Lanes

CHANGING = ("step", "reset", "close", "get_state", "set_state", "set_wrapper_attr", "settled_generator")


def tiled(frames: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Frames of one size, (height, width, 3) each, side by side in a grid as square as can be; black where none is."""
    n_columns = math.ceil(math.sqrt(len(frames)))
    n_rows = math.ceil(len(frames) / n_columns)
    height, width, depth = frames[0].shape
    picture = np.zeros((n_rows * height, n_columns * width, depth), dtype=np.uint8)
    for at, frame in enumerate(frames):
        row, column = divmod(at, n_columns)
        picture[row * height : (row + 1) * height, column * width : (column + 1) * width] = frame
    return picture


@dataclass(frozen=True, slots=True)
class VectorSnapshot:
    """Everything that decides how the episodes of all lanes go on. Arrays have the lanes on their first axis."""

    state: tuple[NDArray[Any], ...]
    elapsed: NDArray[np.int64]
    ended: NDArray[np.bool_]
    streams: Streams

    def to_plain(self) -> dict[str, Any]:
        """The snapshot as plain values and arrays, for JSON and npz."""
        return {
            "state": list(self.state),
            "elapsed": self.elapsed,
            "ended": self.ended,
            "streams": self.streams.to_plain(),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> VectorSnapshot:
        """The snapshot that :meth:`to_plain` gave."""
        return cls(tuple(plain["state"]), plain["elapsed"], plain["ended"], Streams.from_plain(plain["streams"]))


class LanesShown:
    """Reads the lanes through the template, a single environment that is put into the state of one lane at a time."""

    num_envs: int
    render_mode: str | None
    template: RulesEnv[Any, Any]
    _lanes: Lanes[Any]
    _streams: Streams
    _elapsed: NDArray[np.int64]
    _ended: NDArray[np.bool_]
    _started: bool
    _window: Window | None = None

    def _bind(self) -> None:
        raise NotImplementedError

    def _lane_spec(self) -> EnvSpec | None:
        """What ``gym.make`` would make one lane from; None where the vector environment has no spec."""
        raise NotImplementedError

    def _posed(self, lane: int) -> RulesEnv[Any, Any]:
        """The template in the state of a lane."""
        self.template._state = self._lanes.state(lane) if self._started else None
        self.template._ended = bool(self._ended[lane])
        return self.template

    def render(self) -> tuple[Any, ...] | None:
        """Draw all lanes.

        Returns:
            One frame or text per lane. Each is None where the mode is "human", which shows all lanes in one window.

        Raises:
            gymnasium.error.ResetNeeded: before the first reset.
        """
        if self.render_mode != "human":
            return tuple(self._posed(lane).render() for lane in range(self.num_envs))
        if not self._started:
            raise gym.error.ResetNeeded("Call reset() first: the environment has not been reset.")
        if self._window is None:
            self._window = Window(title=type(self).__name__, fps=self.template.metadata["render_fps"])
        scene = self.template.rules.scene
        self._window.show(tiled([draw(scene(self._lanes.state(lane))) for lane in range(self.num_envs)]))
        return (None,) * self.num_envs

    def close_extras(self, **kwargs: Any) -> None:  # noqa: ARG002  # part of Gymnasium's signature
        """Close the window, if there is one."""
        if self._window is not None:
            self._window.close()
            self._window = None

    def call(self, name: str, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """What ``name`` is, or returns if it is a method, for each lane.

        A lane is read, never changed: for what changes a lane use the methods of the vector environment.

        Raises:
            AttributeError: if the single environment has nothing of that name, or it would change the lane.
        """
        if name in ("np_random", "np_random_seed"):
            return tuple(getattr(self, name))
        if name == "spec":
            return tuple(self._lane_spec() for _ in range(self.num_envs))
        if name in CHANGING:
            raise AttributeError(
                f"`{name}` of a single lane cannot be called: all lanes share one text of the rules. Use the methods "
                'of the vector environment, or make it with gym.make_vec(..., vectorization_mode="sync").'
            )
        results = []
        for lane in range(self.num_envs):
            value = getattr(self._posed(lane), name)
            results.append(value(*args, **kwargs) if callable(value) else value)
        return tuple(results)

    def get_attr(self, name: str) -> tuple[Any, ...]:
        """An attribute for each lane, as :meth:`call`."""
        return self.call(name)

    def set_attr(self, name: str, values: Any) -> None:
        """Refused.

        Raises:
            AttributeError: always.
        """
        raise AttributeError(
            f"`{name}` cannot be set to {values!r}: all lanes share one text of the rules. Make the environment with "
            'other arguments, or with gym.make_vec(..., vectorization_mode="sync").'
        )

    def get_state(self) -> VectorSnapshot:
        """A full snapshot: states and generators of all lanes. Later steps do not change it.

        Raises:
            gymnasium.error.ResetNeeded: before the first reset.
        """
        if not self._started:
            raise gym.error.ResetNeeded("Call reset() first: the environment has not been reset.")
        state = tuple(array.copy() for array in self._lanes.changing)
        return VectorSnapshot(state, self._elapsed.copy(), self._ended.copy(), copy.deepcopy(self._streams))

    def set_state(self, snapshot: VectorSnapshot) -> None:
        """Go back to a snapshot of this environment or of another made with the same arguments.

        Raises:
            TypeError: if it is not a snapshot.
            ValueError: if it has another number of lanes, or states that this environment does not have; nothing has
                changed then.
        """
        if not isinstance(snapshot, VectorSnapshot):
            raise TypeError(f"`snapshot` must come from `get_state()`, got {snapshot!r}.")
        if len(snapshot.ended) != self.num_envs:
            raise ValueError(f"`snapshot` has {len(snapshot.ended)} lanes, this environment {self.num_envs}.")
        self._put(snapshot.state)
        self._elapsed[:] = snapshot.elapsed
        self._ended[:] = snapshot.ended
        self._streams = copy.deepcopy(snapshot.streams)
        self._started = True
        self._bind()

    def _put(self, state: tuple[NDArray[Any], ...]) -> None:
        """Put all lanes into these states, if they are states of this environment: compiled rules trust them."""
        held = self._lanes.changing
        if [(array.shape, array.dtype) for array in held] != [(array.shape, array.dtype) for array in state]:
            raise foreign_snapshot()
        before = [array.copy() for array in held]
        _write(held, state)
        if not all(self.template.holds(self._lanes.state(lane)) for lane in range(self.num_envs)):
            _write(held, before)
            raise foreign_snapshot()

    def __getstate__(self) -> dict[str, Any]:
        # Machine code stays behind, and with it whatever else `_bind` puts together again.
        self._streams.collect()
        left = ("_step", "_start", "_told", "_kept")
        kept = {key: value for key, value in self.__dict__.items() if key not in left}
        return {**kept, "_window": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._bind()


def _write(held: Sequence[NDArray[Any]], values: Sequence[NDArray[Any]]) -> None:
    for array, value in zip(held, values, strict=True):
        array[...] = value
