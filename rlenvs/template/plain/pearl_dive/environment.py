"""The environment, written against Gymnasium alone; only its pictures come from rlenvs."""

from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray
from rlenvs.rendering import Window, draw

from pearl_dive.actions import DOWN, GRAB, KEYS, MEANINGS, UP
from pearl_dive.picture import picture

SWEPT_AWAY = -1  # the depth of a diver who is lost

DEEPEST, BAG = 5, 3
FIND = (0.0, 0.1, 0.25, 0.45, 0.6, 0.7)  # chance of a pearl, by depth
PRICES = (0.0, 1.0, 3.0, 6.0)  # of 0 … 3 pearls: a set is worth more than its parts
RESCUE = -2.0
NEAR = 0.75  # chance that the jump ends at depth 1, not 2


class PearlDive(gym.Env[NDArray[np.int32], np.int64]):
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

    metadata: dict[str, Any] = {"render_modes": ["human", "rgb_array", "ansi"], "render_fps": 4}

    def __init__(self, danger: float = 0.02, *, render_mode: str | None = None) -> None:
        if not isinstance(danger, (int, float)) or not 0 <= danger <= 0.05:
            raise ValueError(f"`danger` must be a number from 0 to 0.05, got {danger!r}.")
        if render_mode is not None and render_mode not in self.metadata["render_modes"]:
            raise ValueError(f"`render_mode` must be one of {self.metadata['render_modes']}, got {render_mode!r}.")
        self.danger = danger
        self.render_mode = render_mode
        low, high = np.array([SWEPT_AWAY, 0], np.int32), np.array([DEEPEST, BAG], np.int32)
        self.observation_space = gym.spaces.Box(low, high, dtype=np.int32)
        self.action_space = gym.spaces.Discrete(3)
        self._depth, self._pearls = 0, 0
        self._is_over = True
        self._window: Window | None = None

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[NDArray[np.int32], dict[str, Any]]:
        """Start an episode; ``options`` are ignored."""
        super().reset(seed=seed)
        self._depth = 1 if self.np_random.random() < NEAR else 2
        self._pearls = 0
        self._is_over = False
        if self.render_mode == "human":
            self.render()
        return self._observation(), {"pearls": self._pearls}

    def step(self, action: int | np.int64) -> tuple[NDArray[np.int32], float, bool, bool, dict[str, Any]]:
        """Take one action.

        Raises:
            gymnasium.error.ResetNeeded: before the first reset and after the end of an episode.
            gymnasium.error.InvalidAction: if the action is not in the action space; nothing has changed then.
        """
        if self._is_over:
            raise gym.error.ResetNeeded("Call reset() first: no episode has begun, or it has ended.")
        if not self.action_space.contains(action):
            raise gym.error.InvalidAction(f"`action` must be 0 down, 1 up or 2 grab, got {action!r}.")
        reward = self._move(int(action), self.np_random.random())
        if self.render_mode == "human":
            self.render()
        return self._observation(), reward, self._is_over, False, {"pearls": self._pearls}

    def _move(self, action: int, u: float) -> float:
        """The rules: change the state by an action and chance ``u`` in [0, 1), and return the reward."""
        depth = self._depth
        if u < self.danger * depth:
            self._depth, self._pearls, self._is_over = SWEPT_AWAY, 0, True
            return RESCUE
        if action == GRAB:
            if self._pearls < BAG and u >= 1 - FIND[depth]:
                self._pearls += 1
        elif action == DOWN:
            self._depth = min(depth + 1, DEEPEST)
        elif action == UP:
            self._depth = depth - 1
            self._is_over = self._depth == 0
        return PRICES[self._pearls] if self._is_over else 0.0

    def _observation(self) -> NDArray[np.int32]:
        return np.array([self._depth, self._pearls], dtype=np.int32)

    def render(self) -> Any:
        """Draw the present state: None (human), an array (height, width, 3) uint8, or a string (ansi)."""
        if self.render_mode is None:
            gym.logger.warn("render() without a render mode draws nothing; choose one when making the environment.")
            return None
        is_lost = self._depth == SWEPT_AWAY
        scene = picture(max(self._depth, 0), self._pearls, deepest=DEEPEST, bag=BAG, is_lost=is_lost)
        if self.render_mode == "ansi":
            return scene.text
        if self.render_mode == "rgb_array":
            return draw(scene)
        if self._window is None:
            self._window = Window(title="Pearl Dive", fps=self.metadata["render_fps"])
        self._window.show(draw(scene))
        return None

    def close(self) -> None:
        """Close the window, if there is one. May be called at any time and more than once."""
        if self._window is not None:
            self._window.close()
            self._window = None

    def get_action_meanings(self) -> list[str]:
        """One word in capitals per action."""
        return list(MEANINGS)

    def get_keys_to_action(self) -> dict[tuple[int | str, ...], int]:
        """Keys for play."""
        return dict(KEYS)

    def __getstate__(self) -> dict[str, Any]:
        # A window belongs to one environment: a copy opens its own when it first draws.
        return {**self.__dict__, "_window": None}
