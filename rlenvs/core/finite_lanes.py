"""The batched reader of a finite MDP."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rlenvs.core.compiling import compiled
from rlenvs.core.finite_rules import FiniteRules
from rlenvs.core.lanes import Loops, lane_loops


def first_above(cumulative: Any, low: int, high: int, u: float) -> int:
    """The first of the entries ``low … high - 1`` that exceeds ``u``; the last one if none of the others does.

    The comparisons are those of ``bisect.bisect_right``, with which the scalar reader looks.
    """
    high -= 1
    while low < high:
        middle = (low + high) // 2
        if u < cumulative[middle]:
            high = middle
        else:
            low = middle + 1
    return low


def begin(lane: int, u: float, game: Any) -> None:
    """Put a lane into the start state of chance ``u``."""
    state, start_states, start_cumulative = game[:3]
    state[lane] = start_states[first_above(start_cumulative, 0, len(start_states), u)]


def advance(lane: int, action: int, u: float, game: Any) -> tuple[float, bool, bool]:
    """Move a lane to the outcome of chance ``u``; return reward, terminated, False."""
    state, n_actions, offsets, cumulative, next_state, reward, terminal = game[0:1] + game[3:]
    row = state[lane] * n_actions + action
    outcome = first_above(cumulative, offsets[row], offsets[row + 1], u)
    state[lane] = next_state[outcome]
    return reward[outcome], terminal[next_state[outcome]], False


@cache
def finite_loops() -> Loops:
    """The compiled loops over a finite MDP; the same for every finite environment."""
    helper = compiled(first_above)
    return lane_loops(compiled(begin, first_above=helper), compiled(advance, first_above=helper))


class FiniteLanes:
    """One state per lane, 8 bytes, and the tables of the MDP, shared by all."""

    loops = staticmethod(finite_loops)

    def __init__(self, rules: FiniteRules[Any], n_lanes: int) -> None:
        self._hold(rules, np.zeros(n_lanes, dtype=np.int64))

    def _hold(self, rules: FiniteRules[Any], states: NDArray[np.int64]) -> None:
        mdp = rules.mdp
        self.rules = rules
        self.states = states
        self.changing = (states,)
        self.game = (
            states,
            mdp.start_states,
            mdp.start_cumulative,
            mdp.n_actions,
            mdp.outcomes.offsets,
            mdp.cumulative,
            mdp.outcomes.next_state,
            mdp.outcomes.reward,
            mdp.terminal,
        )

    def observe(self, out: NDArray[Any], which: NDArray[np.intp] | None = None) -> None:  # noqa: ARG002
        """Write the observations of all lanes: looking up a few is not faster."""
        self.rules.observation.many(self.states, out)

    def info(self) -> dict[str, NDArray[Any]]:
        """``action_mask`` (n, A) int8 where some action can be impossible, else nothing."""
        masks = self.rules.masks
        return {} if masks is None else {"action_mask": masks.take(self.states, axis=0)}

    def state(self, lane: int) -> int:
        """The state of one lane."""
        return int(self.states[lane])

    def __getstate__(self) -> tuple[Any, ...]:
        return self.rules, self.states  # the tables stay the model's

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self._hold(*state)
