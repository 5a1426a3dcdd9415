"""What happens to all lanes in one step, as text for the compiler; and what an environment adds to it.

``begin`` and ``advance`` here stand for those of an environment, which :func:`lane_loops` puts in their place.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from rlenvs.core import pcg
from rlenvs.core.compiling import Function, compiled

StateT_co = TypeVar("StateT_co", covariant=True)

NO_LIMIT = 2**62
"""A time limit that is never reached."""


def begin(lane: int, u: float, game: Any) -> None:
    """Put a lane into the start state of chance ``u``."""
    raise NotImplementedError


def advance(lane: int, action: int, u: float, game: Any) -> tuple[float, bool, bool]:
    """Move a lane on; return reward, terminated, truncated."""
    raise NotImplementedError


def uniform(words: Any) -> float:
    """The next number of a generator (4,); see :func:`rlenvs.core.pcg.uniform`."""
    raise NotImplementedError


def step_lanes(  # noqa: PLR0913  # a loop over arrays, which are its arguments
    actions: Any,
    n_actions: int,
    restart: bool,  # noqa: FBT001
    time_limit: int,
    words: Any,
    elapsed: Any,
    ended: Any,
    reward: Any,
    terminated: Any,
    truncated: Any,
    *game: Any,
) -> int:
    """One step of every lane: exactly one uniform each.

    Args:
        actions: (n,) int64.
        n_actions: an action is one of ``0 … n_actions - 1``.
        restart: whether a lane that has ended starts again, its action unread; otherwise it must not be stepped.
        time_limit: steps after which an episode is truncated.
        words: the lanes' generators, (n, 4) uint64.
        elapsed: steps of the present episode, (n,) int64.
        ended: whether the episode has ended, (n,) bool.
        reward: written, (n,) float64.
        terminated: written, (n,) bool.
        truncated: written, (n,) bool.
        game: the arrays and numbers of the environment.

    Returns:
        The number of lanes that have ended; or ``-1 - lane`` for the first lane that cannot be stepped like this:
        nothing has changed then.
    """
    for lane in range(len(ended)):
        if ended[lane]:
            if not restart:
                return -1 - lane
        elif actions[lane] < 0 or actions[lane] >= n_actions:
            return -1 - lane
    n_ended = 0
    for lane in range(len(ended)):
        u = uniform(words[lane])
        if ended[lane]:
            begin(lane, u, game)
            elapsed[lane] = 0
            ended[lane] = False
            reward[lane], terminated[lane], truncated[lane] = 0.0, False, False
            continue
        gain, over, cut = advance(lane, actions[lane], u, game)
        steps = elapsed[lane] + 1
        elapsed[lane] = steps
        cut |= steps >= time_limit  # not `or`: a branch that nobody can foresee takes as long as all the rest
        reward[lane], terminated[lane], truncated[lane] = gain, over, cut
        ended[lane] = over | cut
        n_ended += over | cut
    return n_ended


def start_lanes(chosen: Any, words: Any, elapsed: Any, ended: Any, *game: Any) -> None:
    """Start an episode in the lanes of ``chosen`` (n,) bool: exactly one uniform each."""
    for lane in range(len(chosen)):
        if chosen[lane]:
            begin(lane, uniform(words[lane]), game)
            elapsed[lane] = 0
            ended[lane] = False


class Loops(NamedTuple):
    """The compiled loops of an environment."""

    step: Function
    start: Function


@cache
def compiled_uniform() -> Function:
    """:func:`rlenvs.core.pcg.uniform`, compiled."""
    return compiled(pcg.uniform, stepped=compiled(pcg.stepped))


def lane_loops(begin: Function, advance: Function) -> Loops:
    """Compile the loops with an environment's own, compiled ``begin`` and ``advance``."""
    helpers = {"uniform": compiled_uniform(), "begin": begin}
    return Loops(compiled(step_lanes, advance=advance, **helpers), compiled(start_lanes, **helpers))


class Lanes(Protocol[StateT_co]):
    """The states of all lanes of an environment, side by side in arrays.

    Attributes:
        loops: makes or finds the compiled loops.
        game: what the loops are given: arrays and numbers.
        changing: those arrays of ``game`` that a step changes; first axis: lanes.
    """

    loops: Callable[[], Loops]
    game: tuple[Any, ...]
    changing: tuple[NDArray[Any], ...]

    def observe(self, out: NDArray[Any], which: NDArray[np.intp] | None = None) -> None:
        """Write the observations of all lanes into ``out``, (n, *shape); of those of ``which`` at least."""

    def info(self) -> dict[str, NDArray[Any]]:
        """What the single environment has in its info, for all lanes; fresh arrays (n, …)."""

    def state(self, lane: int) -> StateT_co:
        """The state of one lane as the rules of the single environment know it; fresh."""
