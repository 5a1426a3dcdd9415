"""Defects of pictures, copies, wrappers, specs, models, vector environments and resources."""

import functools
import threading
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.utils import RecordConstructorArgs
from gymnasium.vector import AutoresetMode, SyncVectorEnv

from tests.conformance.mutants.family import mutant, whole
from tests.conformance.mutants.world import World


@mutant("render-types", origin="SB3#53", forms=("box",))
class FloatPicture:
    def render(self) -> Any:
        picture = super().render()
        return picture / 255 if isinstance(picture, np.ndarray) else picture


@mutant("render-types", origin="late", forms=("dict", "box"))
class NoPictureAtStepThirty:
    def render(self) -> Any:
        return None if self.t == 30 else super().render()


@mutant("render-types", origin="own")
class DeclaredModeFails:
    metadata = {"render_modes": ["rgb_array", "ansi", "rgb_array_list"], "render_fps": 10}

    def render(self) -> Any:
        if self.render_mode == "rgb_array_list":
            raise NotImplementedError
        return super().render()


@mutant("render-size-constant", origin="late", forms=("box", "discrete"))
class PictureGrows:
    def render(self) -> Any:
        picture = super().render()
        return np.repeat(picture, 2, axis=0) if self.t > 20 and isinstance(picture, np.ndarray) else picture


@mutant("frames-stay", origin="Gym#1377")
class OneCanvas:
    canvas = None

    def render(self) -> Any:
        picture = super().render()
        if not isinstance(picture, np.ndarray):
            return picture
        if self.canvas is None:
            self.canvas = picture.copy()
        self.canvas[...] = picture
        return self.canvas


@mutant("render-changes-nothing", origin="own", forms=("box", "image"))
class RenderDraws:
    def render(self) -> Any:
        self.np_random.random()
        return super().render()


@mutant("render-changes-nothing", origin="late", forms=("discrete", "dict", "image"))
class RenderMovesOnceInFifty:
    frames = 0

    def render(self) -> Any:
        self.frames += 1
        if self.frames % 50 == 0:
            self.place = self.place[::-1].copy()
        return super().render()


@mutant("render-metadata", origin="Gym#1628")
class FloatFps:
    metadata = {"render_modes": ["rgb_array", "ansi"], "render_fps": 29.97}


@mutant("undeclared-mode-refused", origin="Gym#100")
class AnyModeGoes:
    def __init__(self, render_mode: str | None = None, **arguments: Any) -> None:
        super().__init__(render_mode=render_mode if render_mode in ("ansi", "rgb_array") else None, **arguments)


@mutant("copy-continues", origin="Gym#737", forms=("box",))
class CopyForgetsTheClock:
    def __getstate__(self) -> Any:
        return {**self.__dict__, "t": 0}


@mutant("copy-continues", "copy-independent", origin="Gym#737", forms=("dict",))
class CopyDrawsAnew:
    def __deepcopy__(self, memo: Any) -> Any:
        twin = self.__class__(kind=self.kind, control=self.control)
        twin.__dict__.update({k: v for k, v in self.__dict__.items() if not k.startswith("_np")})
        twin.place = self.place.copy()
        twin._np_random = np.random.default_rng()
        return twin


@mutant("copy-independent", origin="Gym#737", forms=("box",))
class CopySharesTheGenerator:
    def __deepcopy__(self, memo: Any) -> Any:
        twin = self.__class__(kind=self.kind, control=self.control)
        twin.__dict__.update(self.__dict__)
        return twin


@mutant("copy-possible", origin="Gym#737")
class HoldsALock:
    def begin(self) -> None:
        super().begin()
        self.lock = threading.Lock()


@mutant("memory-does-not-grow", origin="Gym#1444", forms=("box",))
class KeepsEveryObservation:
    def begin(self) -> None:
        super().begin()
        self.history = getattr(self, "history", [])

    def observe(self) -> Any:
        seen = super().observe()
        if hasattr(self, "history"):
            self.history.append(seen.copy())
        return seen


@mutant("closes-what-it-opens", origin="Gym#1377")
class LeavesThreadsBehind:
    def begin(self) -> None:
        super().begin()
        if not hasattr(self, "thread"):
            self.thread = threading.Thread(target=threading.Event().wait, args=(600,), daemon=True)
            self.thread.start()


OPEN: list[Any] = []


@mutant("closes-what-it-opens", origin="Gym#1444", forms=("discrete",))
class LeavesFilesOpen:
    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        OPEN.append(open(__file__))  # noqa: SIM115  # the leak is the point


class DropsTheSeed(gym.Wrapper):  # type: ignore[type-arg]
    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        return self.env.reset(options=options)


@whole("wrapper drops the seed", "same-seed-second-instance", origin="Minigrid#509", twin=World)
def wrapper_drops_the_seed() -> Any:
    return DropsTheSeed(World())


class StacksOneBuffer(gym.ObservationWrapper):  # type: ignore[type-arg]
    def __init__(self, env: Any) -> None:
        super().__init__(env)
        self.observation_space = gym.spaces.Box(0, 1, (2, 3), np.float32)
        self.stack = np.zeros((2, 3), np.float32)

    def observation(self, observation: Any) -> Any:
        self.stack[:-1] = self.stack[1:]
        self.stack[-1] = observation
        return self.stack.copy()


@whole("frame stack is not cleared", "state-does-not-leak", "seed-restarts", origin="own", twin=World)
def frame_stack_is_not_cleared() -> Any:
    return StacksOneBuffer(World())


class EndsAreEnds(gym.Wrapper):  # type: ignore[type-arg]
    def step(self, action: Any) -> Any:
        seen, reward, terminated, truncated, info = self.env.step(action)
        return seen, reward, terminated or truncated, False, info


@whole(
    "wrapper makes truncation termination",
    "truncation-arrives",
    "time-limit-truncates",
    origin="cleanrl#198",
    twin=World,
)
def wrapper_makes_truncation_termination() -> Any:
    return EndsAreEnds(gym.wrappers.TimeLimit(World(), 40))


class Gentler(World):
    """An environment with an argument that its registration knows."""

    def __init__(self, cost: float = 0.01, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.cost = cost

    def judge(self) -> Any:
        reward, terminated = super().judge()
        return reward - self.cost, terminated


class Scales(gym.RewardWrapper, RecordConstructorArgs):  # type: ignore[type-arg]
    """Multiplies rewards, and records another factor than it was given."""

    def __init__(self, env: Any, factor: float = 1.0) -> None:
        RecordConstructorArgs.__init__(self)
        gym.RewardWrapper.__init__(self, env)
        self.factor = factor

    def reward(self, reward: Any) -> Any:
        return float(reward) * self.factor


def register() -> None:
    """Registers the environments that need an id."""
    if "mutants/Gentler-v0" not in gym.registry:
        gym.register("mutants/Gentler-v0", f"{__name__}:Gentler")
        gym.register("mutants/Lambda-v0", lambda **a: World(**a))
        for name, cls in LANES.items():
            gym.register(f"mutants/{name}-v0", f"{__name__}:World", vector_entry_point=f"{__name__}:{cls}")


@whole("wrapper forgets its argument in the spec", "spec-rebuilds", origin="Gym#1664", twin=World)
def wrapper_forgets_its_argument() -> Any:
    register()
    return Scales(gym.make("mutants/Gentler-v0", disable_env_checker=True), factor=0.5)


@whole("spec cannot be written", "spec-serialisable", origin="Gym#439", twin=World)
def spec_cannot_be_written() -> Any:
    register()
    return gym.make("mutants/Lambda-v0", disable_env_checker=True)


def table_mutant(name: str, *caught_by: str, origin: str, spoil: Any) -> None:
    """A FrozenLake whose table was changed after it was made, in one place."""

    def make(**arguments: Any) -> Any:
        import copy

        env = gym.make("FrozenLake-v1", disable_env_checker=True, **arguments)
        truth = env.unwrapped.P
        told = copy.deepcopy(truth)
        spoil(told)
        env.unwrapped.__class__ = _Table
        env.unwrapped.truth, env.unwrapped.P = truth, told
        return env

    whole(name, *caught_by, origin=origin, twin=functools.partial(gym.make, "FrozenLake-v1"))(make)


from gymnasium.envs.toy_text.frozen_lake import FrozenLakeEnv  # noqa: E402


class _Table(FrozenLakeEnv):
    def step(self, action: Any) -> Any:
        told, self.P = self.P, self.truth
        try:
            return super().step(action)
        finally:
            self.P = told


def _row_too_large(table: Any) -> None:
    table[6][1] = [(p * 1.2, *rest) for p, *rest in table[6][1]]


def _wrong_reward(table: Any) -> None:
    table[4][1] = [(p, s, 0.5, d) for p, s, r, d in table[4][1]]


def _wrong_place(table: Any) -> None:
    table[0][2] = [(p, 7, r, d) for p, s, r, d in table[0][2]]


def _wrong_chances(table: Any) -> None:
    row = table[0][1]
    table[0][1] = [(c, *entry[1:]) for c, entry in zip((0.6, 0.2, 0.2), row, strict=True)]


def _hole_lets_go(table: Any) -> None:
    table[5] = {a: [(1.0, 6, 0, False)] for a in range(4)}


table_mutant("model row sums to more than one", "model-rows-sum", origin="gym#1935", spoil=_row_too_large)
table_mutant("model pays another reward", "model-matches-steps", origin="gym#1935", spoil=_wrong_reward)
table_mutant("model goes elsewhere", "model-matches-steps", origin="own", spoil=_wrong_place)
table_mutant("model has other chances", "model-matches-steps", origin="late", spoil=_wrong_chances)
table_mutant("model terminal does not absorb", "model-terminals-absorb", origin="gym#1935", spoil=_hole_lets_go)


class Lanes(SyncVectorEnv):
    """A native vector environment: Gymnasium's own, which is right."""

    def __init__(self, num_envs: int = 2, autoreset_mode: Any = AutoresetMode.NEXT_STEP, **arguments: Any) -> None:
        arguments.pop("max_episode_steps", None)
        super().__init__([functools.partial(World, **arguments)] * num_envs, autoreset_mode=autoreset_mode)


class LanesPayOnReset(Lanes):
    def step(self, actions: Any) -> Any:
        ended = self._autoreset_envs.copy()
        seen, rewards, terminated, truncated, infos = super().step(actions)
        if self.autoreset_mode is AutoresetMode.NEXT_STEP:
            rewards = rewards + ended
        return seen, rewards, terminated, truncated, infos


class LanesLoseTheFinalObservation(Lanes):
    def step(self, actions: Any) -> Any:
        seen, rewards, terminated, truncated, infos = super().step(actions)
        if "final_obs" in infos:
            for lane in np.flatnonzero(infos["_final_obs"]):
                infos["final_obs"][lane] = seen[lane].copy()
        return seen, rewards, terminated, truncated, infos


class LanesLeakIntoEachOther(Lanes):
    def step(self, actions: Any) -> Any:
        seen, rewards, terminated, truncated, infos = super().step(actions)
        seen[0, 1] = seen[:, 1].mean()
        return seen, rewards, terminated, truncated, infos


class LanesWithListFlags(Lanes):
    def step(self, actions: Any) -> Any:
        seen, rewards, terminated, truncated, infos = super().step(actions)
        return seen, rewards, terminated.tolist(), truncated.tolist(), infos


LANES = {
    "Lanes": "Lanes",
    "LanesPay": "LanesPayOnReset",
    "LanesLose": "LanesLoseTheFinalObservation",
    "LanesLeak": "LanesLeakIntoEachOther",
    "LanesList": "LanesWithListFlags",
}


def lanes(name: str) -> Any:
    """Makes the registered single environment whose vector entry point is broken."""
    register()
    return gym.make(f"mutants/{name}-v0", disable_env_checker=True)


_vector = functools.partial(whole, twin=World)
_vector("lanes pay on reset", "vector-autoreset", "vector-agrees-with-single", origin="cleanrl#499")(
    functools.partial(lanes, "LanesPay")
)
_vector("lanes lose the final observation", "vector-agrees-with-single", origin="Gym#1103")(
    functools.partial(lanes, "LanesLose")
)
_vector("lanes leak into each other", "vector-lanes-independent", origin="Gym#1121")(
    functools.partial(lanes, "LanesLeak")
)
_vector("lanes have list flags", "vector-contract", origin="own")(functools.partial(lanes, "LanesList"))
