"""The environment: the rules, what is seen of a dive, and its picture."""

from typing import Any, ClassVar

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray
from rlenvs.core import RulesEnv
from rlenvs.rendering import Scene

from pearl_dive.actions import KEYS, MEANINGS
from pearl_dive.picture import picture
from pearl_dive.rules import BAG, DEEPEST, DEPTH, PEARLS, SWEPT_AWAY, jump, move

Dive = list[int]


class DiveRules:
    """The game as the engine asks for it.

    Args:
        danger: chance to be swept away, per level of depth and step; at most 0.05.

    Raises:
        ValueError: if it is something else.
    """

    action_meanings = MEANINGS

    def __init__(self, danger: float) -> None:
        if not isinstance(danger, (int, float)) or not 0 <= danger <= 0.05:
            raise ValueError(f"`danger` must be a number from 0 to 0.05, got {danger!r}.")
        self.danger = danger
        low, high = np.array([SWEPT_AWAY, 0], np.int32), np.array([DEEPEST, BAG], np.int32)
        self.observation_space = gym.spaces.Box(low, high, dtype=np.int32)

    def initial(self, u: float) -> Dive:
        """The dive with which an episode starts."""
        dive = [0, 0]
        jump(dive, u)
        return dive

    def transition(self, state: Dive, action: int, u: float) -> tuple[Dive, float, bool, bool]:
        """Next state, reward, terminated, truncated."""
        reward, is_over = move(state, action, self.danger, u)
        return state, reward, is_over, False

    def observe(self, state: Dive) -> NDArray[np.int32]:
        """Depth and pearls, (2,)."""
        return np.array(state, dtype=np.int32)

    def info(self, state: Dive) -> dict[str, Any]:
        """``pearls``: those in the bag."""
        return {"pearls": state[PEARLS]}

    def scene(self, state: Dive) -> Scene:
        """The picture of the state."""
        is_lost = state[DEPTH] == SWEPT_AWAY
        return picture(max(state[DEPTH], 0), state[PEARLS], deepest=DEEPEST, bag=BAG, is_lost=is_lost)


class PearlDive(RulesEnv[Dive, NDArray[np.int32]]):
    """Dive for pearls, and come up in time.

    ## Description
    A diver hunts for pearls below a boat. The deeper, the more pearls there are, and the stronger the current: each
    step at depth d it sweeps the diver away with probability `danger` × d, and the pearls are lost. A grab at depth 1,
    2, 3, 4, 5 finds a pearl with probability 0.1, 0.25, 0.45, 0.6, 0.7, and the bag holds three. What comes up is sold:
    three pearls bring more than three times one.

    ## Action Space
    `Discrete(3)`: 0 down, 1 up, 2 grab. At the bottom, down stays there; a grab with a full bag finds nothing.

    ## Observation Space
    `Box(2,)` of int32: the depth (−1 when swept away), and the pearls in the bag.

    ## Starting State
    At depth 1 with an empty bag, or with probability 0.25 at depth 2.

    ## Rewards
    On coming up with 0, 1, 2 or 3 pearls: 0, 1, 3 or 6. On being swept away: −2. Otherwise 0.

    ## Episode End
    1. Termination: the diver is back in the boat (depth 0).
    2. Termination: the diver is swept away.
    3. Truncation: after 50 steps, by the registered time limit.

    ## Information
    `pearls`: those in the bag, an int.

    ## Arguments
    | argument      | default | meaning                                                            |
    |---------------|---------|--------------------------------------------------------------------|
    | `danger`      | `0.02`  | chance to be swept away, per level of depth and step; 0 … 0.05     |
    | `render_mode` | `None`  | `"human"`, `"rgb_array"` or `"ansi"`                               |

    ## Version History
    - v0: first version.

    ## References
    A game of "press your luck", as dice games are; its rules are those of this package.
    """

    metadata: dict[str, Any] = {**RulesEnv.metadata, "render_fps": 4}
    keys_to_action: ClassVar[dict[tuple[int | str, ...], int]] = KEYS

    def __init__(self, danger: float = 0.02, *, render_mode: str | None = None) -> None:
        super().__init__(DiveRules(danger), render_mode=render_mode)
