"""Many dives at once: the same rules, compiled, on one row of an array per lane."""

from functools import cache
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from rlenvs.core import VectorRulesEnv
from rlenvs.core.compiling import compiled
from rlenvs.core.lanes import Loops, lane_loops

from pearl_dive import environment, rules
from pearl_dive.environment import Dive, DiveRules


def begin(lane: int, u: float, game: Any) -> None:
    """Start a lane; ``game`` is what :class:`DiveLanes` has under that name."""
    dives, _ = game
    jump(dives[lane], u)


def advance(lane: int, action: int, u: float, game: Any) -> tuple[float, bool, bool]:
    """Move a lane on; return reward, terminated, truncated."""
    dives, danger = game
    reward, is_over = move(dives[lane], action, danger, u)
    return reward, is_over, False


def jump(dive: Any, u: float) -> None:
    """Stands for that of the rules, which takes its place when compiled."""
    raise NotImplementedError


def move(dive: Any, action: int, danger: float, u: float) -> tuple[float, bool]:
    """Stands for that of the rules, which takes its place when compiled."""
    raise NotImplementedError


@cache
def dive_loops() -> Loops:
    """The compiled loops."""
    return lane_loops(compiled(begin, jump=compiled(rules.jump)), compiled(advance, move=compiled(rules.move)))


class DiveLanes:
    """Dives (n, 2) int32."""

    loops = staticmethod(dive_loops)

    def __init__(self, rules: DiveRules, n_lanes: int) -> None:
        self.dives = np.zeros((n_lanes, 2), dtype=np.int32)
        self.changing = (self.dives,)
        self.game = (self.dives, float(rules.danger))

    def observe(self, out: NDArray[Any], which: NDArray[np.intp] | None = None) -> None:
        """Write the observations of all lanes."""
        out[...] = self.dives

    def info(self) -> dict[str, NDArray[Any]]:
        """``pearls`` (n,) int64."""
        return {"pearls": self.dives[:, 1].astype(np.int64)}

    def state(self, lane: int) -> Dive:
        """The dive of one lane."""
        return [int(number) for number in self.dives[lane]]


class PearlDiveVector(VectorRulesEnv):
    """Many lanes: takes the arguments of the environment and those of :class:`rlenvs.core.VectorRulesEnv`."""

    single: ClassVar[Any] = environment.PearlDive
    lanes_of: ClassVar[Any] = DiveLanes
