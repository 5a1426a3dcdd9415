"""Sound environments of many kinds: none of them may be accused."""

import functools
import time
from collections.abc import Callable
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium import spaces
from gymnasium.wrappers import (
    FrameStackObservation,
    NormalizeObservation,
    RecordEpisodeStatistics,
    StickyAction,
    TimeAwareObservation,
    TimeLimit,
    TransformReward,
)

from tests.conformance.mutants.outside import Gentler, lanes
from tests.conformance.mutants.world import World


class Slow(World):
    """Resets take their time."""

    def begin(self) -> None:
        super().begin()
        time.sleep(0.05)


class Deterministic(World):
    """Nothing is left to chance."""

    def begin(self) -> None:
        super().begin()
        self.place, self.energy = np.array([6, 6]), 0.5

    def move(self, action: Any) -> None:
        self.place = np.clip(self.place + self.shift(action), 0, 11)


class OwnGenerator(World):
    """Holds a generator of its own and tells nobody."""

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        gym.Env.reset(self, seed=seed)
        if seed is not None or not hasattr(self, "own"):
            self.own = np.random.default_rng(seed)
        self.begin()
        return self.observe(), self.info()

    def begin(self) -> None:
        super().begin()
        self.energy = float(self.own.random())


class Declared(World):
    """Draws from chance, and its spec says so."""

    def begin(self) -> None:
        super().begin()
        self.energy = float(np.random.default_rng().random())


class NoisyPicture(World):
    """Its pictures have grain that no seed fixes."""

    def render(self) -> Any:
        picture = super().render()
        if isinstance(picture, np.ndarray):
            picture = picture // 2 + np.random.default_rng().integers(0, 64, picture.shape, dtype=np.uint8)
        return picture


class Absorbing(World):
    """After the end it stands still instead of raising."""

    def step(self, action: Any) -> Any:
        if self.over and self.t:
            return self.observe(), 0.0, self.ended, not self.ended, self.info()
        result = super().step(action)
        self.ended = result[2]
        return result


class FreeGrid(gym.Env[Any, Any]):
    """Masks in the observation, as board games have them; a forbidden action raises."""

    metadata = {"render_modes": []}

    def __init__(self) -> None:
        self.observation_space = spaces.Dict(
            {"board": spaces.MultiBinary(9), "action_mask": spaces.Box(0, 1, (9,), np.int8)}
        )
        self.action_space = spaces.Discrete(9)
        self.board = np.zeros(9, np.int8)

    def seen(self) -> Any:
        return {"board": self.board.copy(), "action_mask": (1 - self.board).astype(np.int8)}

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        super().reset(seed=seed)
        self.board = (self.np_random.random(9) < 0.3).astype(np.int8)
        return self.seen(), {}

    def step(self, action: Any) -> Any:
        if self.board.all() or not self.action_space.contains(action) or self.board[action]:
            raise ValueError(f"`action` {action!r} is not possible")
        self.board[action] = 1
        return self.seen(), float(self.board.all()), bool(self.board.all()), False, {}


class Bandit(gym.Env[Any, Any]):
    """One step, one reward."""

    metadata = {"render_modes": []}
    observation_space = spaces.Discrete(1)

    def __init__(self) -> None:
        self.action_space = spaces.Discrete(5, start=1)
        self.over = True

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        super().reset(seed=seed)
        self.over = False
        return 0, {}

    def step(self, action: Any) -> Any:
        if self.over or not self.action_space.contains(action):
            raise ValueError(f"`action` must be in {self.action_space} after a reset, got {action!r}")
        self.over = True
        return 0, float(self.np_random.normal(float(action), 1.0)), True, False, {}


class Talk(gym.Env[Any, Any]):
    """Sequences and texts; it never ends by itself."""

    metadata = {"render_modes": ["human"], "render_fps": 30}

    def __init__(self, render_mode: str | None = None) -> None:
        self.render_mode = render_mode
        self.observation_space = spaces.Dict(
            {"said": spaces.Text(40), "numbers": spaces.Sequence(spaces.Box(-np.inf, np.inf, (2,), np.float64))}
        )
        self.action_space = spaces.Dict({"tone": spaces.Discrete(3), "loud": spaces.Box(-1, 1, (1,), np.float32)})

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        super().reset(seed=seed)
        self.words = ["hello"]
        return self.seen(), {"count": 1}

    def seen(self) -> Any:
        numbers = tuple(self.np_random.normal(size=2) for _ in range(len(self.words) % 3))
        return {"said": self.words[-1], "numbers": numbers}

    def step(self, action: Any) -> Any:
        self.words.append(f"word{len(self.words)}tone{action['tone']}"[:40])
        return self.seen(), float(action["loud"][0]), False, False, {"count": len(self.words)}

    def render(self) -> None:
        return None


class Cheap(gym.Env[Any, Any]):
    """Written in a hurry but right: no guards, clips what it gets, keeps nothing."""

    metadata = {"render_modes": ["rgb_array"], "render_fps": 4}

    def __init__(self, render_mode: str | None = None) -> None:
        self.render_mode = render_mode
        self.observation_space = spaces.Box(-np.inf, np.inf, (4,), np.float64)
        self.action_space = spaces.Box(-2.0, 2.0, (1,), np.float32)
        self.callback = lambda x: x  # cannot be pickled

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        super().reset(seed=seed)
        self.state = self.np_random.uniform(-0.1, 0.1, 4)
        return self.state.copy(), {}

    def step(self, action: Any) -> Any:
        push = float(np.clip(action, -2, 2)[0])
        self.state = 0.99 * self.state + 0.01 * push
        ended = bool(abs(self.state[0]) > 0.5)
        return self.state.copy(), -float(self.state[0] ** 2), ended, False, {}

    def render(self) -> Any:
        return np.full((40, 60, 3), 80, np.uint8)


def _declared() -> Any:
    if "mutants/Declared-v0" not in gym.registry:
        gym.register("mutants/Declared-v0", f"{__name__}:Declared", nondeterministic=True)
    return gym.make("mutants/Declared-v0", disable_env_checker=True)


def _registered(**arguments: Any) -> Any:
    lanes("Lanes")
    return gym.make("mutants/Gentler-v0", max_episode_steps=50, cost=0.3, disable_env_checker=True, **arguments)


SOUND: dict[str, Callable[..., Any]] = {
    "stochastic vector": World,
    "stochastic index": functools.partial(World, kind="discrete"),
    "dict": functools.partial(World, kind="dict"),
    "tuple": functools.partial(World, kind="tuple"),
    "image": functools.partial(World, kind="image"),
    "text": functools.partial(World, kind="text"),
    "dials": functools.partial(World, kind="dict", control="dials"),
    "continuous": functools.partial(World, control="continuous"),
    "masked": functools.partial(World, kind="discrete", masked=True),
    "masks in the observation": FreeGrid,
    "deterministic": Deterministic,
    "slow reset": Slow,
    "own generator": OwnGenerator,
    "declared nondeterministic": _declared,
    "noisy pictures": NoisyPicture,
    "absorbing end": Absorbing,
    "bandit": Bandit,
    "talk": Talk,
    "written in a hurry": Cheap,
    "class with an argument": Gentler,
    "registered with arguments": _registered,
    "native vector": lambda: lanes("Lanes"),
    "time limit around": lambda: TimeLimit(Cheap(), 200),
    "frame stack": lambda: FrameStackObservation(World(), 3),
    "statistics": lambda: RecordEpisodeStatistics(TimeLimit(World(), 60)),
    "time aware": lambda: TimeAwareObservation(TimeLimit(World(), 60)),
    "transformed reward": lambda: TransformReward(World(kind="image"), lambda reward: reward * 2),
    "model under a changed reward": lambda: TransformReward(gym.make("CliffWalking-v1"), lambda reward: reward / 2),
    "running statistics": lambda: NormalizeObservation(World()),
    "sticky actions": lambda: StickyAction(World(), 0.25),
    "CartPole": functools.partial(gym.make, "CartPole-v1"),
    "CliffWalking": functools.partial(gym.make, "CliffWalking-v1"),
    "Taxi": functools.partial(gym.make, "Taxi-v4"),
    "Blackjack": functools.partial(gym.make, "Blackjack-v1"),
}
