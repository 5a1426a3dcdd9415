"""A sound little environment in many forms: the stock that the mutants are bred from.

A walker on a 12 by 12 board looks for a cell. Its energy is drawn by chance. Observations and actions come in the
kinds that libraries meet: index, vector, dict, tuple, image, text; discrete, several dials, continuous; masked.
"""

from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium import spaces

SIDE = 12
MOVES = np.array([[-1, 0], [1, 0], [0, -1], [0, 1]])


class World(gym.Env[Any, Any]):
    """The stock; each mutant overrides one small method of it."""

    metadata = {"render_modes": ["rgb_array", "ansi"], "render_fps": 10}
    limit = 150

    def __init__(
        self, kind: str = "box", control: str = "discrete", masked: bool = False, render_mode: str | None = None
    ) -> None:
        if render_mode not in (None, *self.metadata["render_modes"]):
            raise ValueError(f"`render_mode` must be one of {self.metadata['render_modes']}, got {render_mode!r}")
        self.kind, self.control, self.masked, self.render_mode = kind, control, masked, render_mode
        self.observation_space = self.make_observation_space()
        self.action_space = self.make_action_space()
        self.over = True

    # ---- spaces ----------------------------------------------------------------------------------------------

    def make_observation_space(self) -> spaces.Space[Any]:
        vector = spaces.Box(0.0, 1.0, (3,), np.float32)
        return {
            "box": vector,
            "discrete": spaces.Discrete(SIDE * SIDE),
            "dict": spaces.Dict({"place": spaces.MultiDiscrete([SIDE, SIDE]), "sense": vector}),
            "tuple": spaces.Tuple((spaces.Discrete(SIDE * SIDE), vector)),
            "image": spaces.Box(0, 255, (SIDE, SIDE, 3), np.uint8),
            "text": spaces.Text(8, charset="0123456789,"),
        }[self.kind]

    def make_action_space(self) -> spaces.Space[Any]:
        return {
            "discrete": spaces.Discrete(4),
            "dials": spaces.MultiDiscrete([3, 3]),
            "continuous": spaces.Box(-1.0, 1.0, (2,), np.float32),
        }[self.control]

    # ---- episodes --------------------------------------------------------------------------------------------

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        super().reset(seed=seed)
        self.begin()
        return self.observe(), self.info()

    def begin(self) -> None:
        self.place = self.np_random.integers(1, SIDE, 2)
        self.energy = float(self.np_random.random())
        self.t = 0
        self.over = False

    def step(self, action: Any) -> tuple[Any, Any, Any, Any, dict[str, Any]]:
        self.require(action)
        self.move(action)
        self.t += 1
        reward, terminated = self.judge()
        truncated = self.t >= self.limit and not terminated
        self.over = terminated or truncated
        return self.observe(), reward, terminated, truncated, self.info()

    def require(self, action: Any) -> None:
        if self.over:
            raise gym.error.ResetNeeded("the episode is over: call reset()")
        if self.control == "continuous":
            return
        if isinstance(action, np.ndarray) and action.ndim == 0:
            action = action[()]
        if not self.action_space.contains(action):
            raise ValueError(f"`action` must be in {self.action_space}, got {action!r}")
        if self.masked and not self.mask()[int(action)]:
            raise ValueError(f"`action` {action} is not possible here, see info['action_mask']")

    def shift(self, action: Any) -> Any:
        if self.control == "discrete":
            return MOVES[int(action)]
        if self.control == "dials":
            return np.asarray(action) - 1
        return np.round(np.clip(action, -1, 1)).astype(int)

    def move(self, action: Any) -> None:
        self.place = np.clip(self.place + self.shift(action), 0, SIDE - 1)
        self.energy = 0.9 * self.energy + 0.1 * float(self.np_random.random())

    def judge(self) -> tuple[Any, Any]:
        home = bool((self.place == 0).all())
        return (1.0 if home else -0.01), home

    # ---- what is seen ----------------------------------------------------------------------------------------

    def observe(self) -> Any:
        x, y = (int(v) for v in self.place)
        sense = np.array([x / SIDE, y / SIDE, self.energy], np.float32)
        if self.kind == "image":
            picture = np.zeros((SIDE, SIDE, 3), np.uint8)
            picture[x, y] = 255, int(255 * self.energy), 0
            return picture
        return {
            "box": sense,
            "discrete": x * SIDE + y,
            "dict": {"place": np.array([x, y]), "sense": sense},
            "tuple": (x * SIDE + y, sense),
            "text": f"{x},{y}",
        }[self.kind]

    def info(self) -> dict[str, Any]:
        found: dict[str, Any] = {"t": self.t, "energy": self.energy, "place": self.place.copy()}
        if self.masked:
            found["action_mask"] = self.mask()
        return found

    def mask(self) -> Any:
        inside = self.place + MOVES
        return ((inside >= 0) & (inside < SIDE)).all(axis=1).astype(np.int8)

    def render(self) -> Any:
        if self.render_mode == "ansi":
            return f"{self.place[0]},{self.place[1]}"
        if self.render_mode == "rgb_array":
            picture = np.zeros((SIDE, SIDE, 3), np.uint8)
            picture[tuple(self.place)] = 255
            return picture
        return None
