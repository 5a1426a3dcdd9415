"""The scalar reader of a finite MDP."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from rlenvs.core.finite_mdp import FiniteMDP
from rlenvs.core.observation import Observation
from rlenvs.rendering import Scene

ObsT = TypeVar("ObsT")
Result = tuple[int, float, bool, bool]


class Overlay(NamedTuple):
    """Values and policy to be drawn over a picture; either may be missing."""

    values: NDArray[np.float64] | None  # (S,)
    policy: NDArray[np.bool_] | None  # (S, A), true for each action that is best


class Picture(Protocol):
    """Draws a state of a finite environment."""

    def __call__(self, state: int, overlay: Overlay | None) -> Scene:
        """The scene of the state, with the overlay on it if there is one."""


class _Rows(dict[int, tuple[list[float], tuple[Result, ...]]]):
    """Rows of the MDP as Python tuples, made when first asked for: a large MDP is never unpacked whole."""

    def __init__(self, mdp: FiniteMDP) -> None:
        super().__init__()
        self._mdp = mdp

    def __missing__(self, row: int) -> tuple[list[float], tuple[Result, ...]]:
        offsets, next_state, _, reward = self._mdp.outcomes
        window = slice(int(offsets[row]), int(offsets[row + 1]))
        states = next_state[window]
        ends = self._mdp.terminal[states].tolist()
        results = zip(states.tolist(), reward[window].tolist(), ends, strict=True)
        # The last cumulative value is left out: whatever rounding made of it, the last outcome takes the rest.
        entry = (
            self._mdp.cumulative[window].tolist()[:-1],
            tuple((state, gain, over, False) for state, gain, over in results),
        )
        self[row] = entry
        return entry

    def __reduce__(self) -> tuple[Any, ...]:
        return (_Rows, (self._mdp,))


class FiniteRules(Generic[ObsT]):
    """Reads a :class:`FiniteMDP` one state at a time; the state is its index.

    The outcome of chance ``u`` is the first whose cumulative probability exceeds ``u``.

    Args:
        mdp: the model.
        observation: what is seen of a state.
        picture: draws a state.
        action_meanings: one word per action.
        overlay: computes what is drawn over the picture, when the first picture is asked for; None: nothing.
    """

    def __init__(
        self,
        mdp: FiniteMDP,
        observation: Observation[ObsT],
        picture: Picture,
        *,
        action_meanings: tuple[str, ...],
        overlay: Callable[[FiniteMDP], Overlay] | None = None,
    ) -> None:
        self.mdp = mdp
        self.observation = observation
        self.picture = picture
        self.action_meanings = action_meanings
        self.masks: NDArray[np.int8] | None = None
        if not mdp.action_mask.all():
            self.masks = mdp.action_mask.astype(np.int8)
        self.observe: Callable[[int], ObsT] = observation.one
        self._overlay_of = overlay
        self._overlay: Overlay | None = None
        self._rows = _Rows(mdp)
        self._n_actions = mdp.n_actions
        self._start_states: list[int] = mdp.start_states.tolist()
        self._start_cumulative: list[float] = mdp.start_cumulative.tolist()[:-1]

    @property
    def observation_space(self) -> gym.Space[Any]:
        """The space of one observation."""
        return self.observation.space

    def initial(self, u: float) -> int:
        """The start state of chance ``u``."""
        return self._start_states[bisect_right(self._start_cumulative, u)]

    def transition(self, state: int, action: int, u: float) -> Result:
        """Next state, reward, terminated, and False: a finite MDP never truncates."""
        cumulative, results = self._rows[state * self._n_actions + action]
        return results[bisect_right(cumulative, u)] if cumulative else results[0]

    def info(self, state: int) -> dict[str, Any]:
        """``action_mask`` (A,) int8 where some action can be impossible, else nothing."""
        return {} if self.masks is None else {"action_mask": self.masks[state].copy()}

    def scene(self, state: int) -> Scene:
        """The picture of the state."""
        if self._overlay is None and self._overlay_of is not None:
            self._overlay = self._overlay_of(self.mdp)
        return self.picture(state, self._overlay)
