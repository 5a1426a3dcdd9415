"""Defects of what is returned."""

from typing import Any

import numpy as np

from tests.conformance.mutants.family import mutant


@mutant("observation-in-space", origin="Gym#1084", forms=("box", "dict", "tuple"))
class ObservationLeavesTheBoxAtStepFive:
    def observe(self) -> Any:
        if self.t >= 5:
            self.energy = 1.5
        return super().observe()


@mutant("observation-in-space", origin="late", forms=("box", "dict"))
class ObservationLeavesTheBoxPastStepHundred:
    def observe(self) -> Any:
        seen = super().observe()
        if self.t == 117:
            (seen["sense"] if self.kind == "dict" else seen)[1] = -0.25
        return seen


@mutant("observation-in-space", origin="late", forms=("discrete", "tuple"))
class IndexTooLargeAtTheEnd:
    def step(self, action: Any) -> Any:
        seen, reward, terminated, truncated, info = super().step(action)
        if terminated:
            seen = 144 if self.kind == "discrete" else (144, seen[1])
        return seen, reward, terminated, truncated, info


@mutant("observation-in-space", origin="late", forms=("box", "tuple/continuous"))
class NanObservationOnceInTwoHundred:
    def observe(self) -> Any:
        seen = super().observe()
        if self.np_random.random() < 1 / 200:
            (seen[1] if self.kind == "tuple" else seen)[2] = np.nan
        return seen


@mutant("observation-in-space", origin="late", forms=("text", "text/dials"))
class TextGrowsTooLong:
    def observe(self) -> Any:
        return super().observe() + (",,,,,," if self.t > 60 else "")


@mutant("observation-type", origin="SB3#1476", forms=("box", "dict"))
class DoublePrecisionObservation:
    def observe(self) -> Any:
        seen = super().observe()
        if self.kind == "dict":
            return {**seen, "sense": seen["sense"].astype(np.float64)}
        return seen.astype(np.float64)


@mutant("observation-type", origin="SB3#1476", forms=("box",))
class ListObservation:
    def observe(self) -> Any:
        return [float(v) for v in super().observe()]


@mutant("observation-type", origin="late", forms=("image", "box/dials", "box"))
class OtherShapeInTheLastObservation:
    def step(self, action: Any) -> Any:
        seen, reward, terminated, truncated, info = super().step(action)
        if truncated:
            seen = seen[:-1].copy()
        return seen, reward, terminated, truncated, info


@mutant("observation-type", origin="late", forms=("dict",))
class KeyMissingAtReset:
    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        seen, info = super().reset(seed=seed, options=options)
        return {"sense": seen["sense"]}, info


@mutant("reward-finite", origin="Gym#1084", forms=("box", "image"))
class NanRewardFromStepThree:
    def judge(self) -> Any:
        reward, terminated = super().judge()
        return (float("nan") if self.t >= 3 else reward), terminated


@mutant("reward-finite", origin="late", forms=("box", "dict/dials", "tuple", "image"))
class InfiniteRewardPastStepHundred:
    def judge(self) -> Any:
        reward, terminated = super().judge()
        return (float("-inf") if self.t == 123 else reward), terminated


@mutant("reward-number", origin="gym#2873", forms=("box",))
class RewardIsAnArray:
    def judge(self) -> Any:
        reward, terminated = super().judge()
        return np.array([reward]), terminated


@mutant("reward-number", origin="late", forms=("discrete", "box", "image"))
class NoRewardAtTheEnd:
    def judge(self) -> Any:
        reward, terminated = super().judge()
        return (None if terminated else reward), terminated


@mutant("reward-plain", origin="gym#2873", forms=("box/continuous",))
class SinglePrecisionReward:
    def judge(self) -> Any:
        reward, terminated = super().judge()
        return np.float32(reward), terminated


@mutant("flags-plain-bool", origin="Gym#1084", forms=("box", "discrete"))
class NumpyBoolTerminated:
    def judge(self) -> Any:
        reward, terminated = super().judge()
        return reward, np.bool_(terminated)


@mutant("flags-plain-bool", origin="late", forms=("box", "dict", "box/continuous"))
class TruncatedIsAnInt:
    def step(self, action: Any) -> Any:
        seen, reward, terminated, truncated, info = super().step(action)
        return seen, reward, terminated, (1 if truncated else False), info


@mutant("info-vectorises", origin="Minari#246", forms=("box",))
class InfoIntAtResetFloatAtStep:
    def info(self) -> Any:
        return {**super().info(), "score": 0 if self.t == 0 else self.t / 3}


@mutant("info-vectorises", origin="late", forms=("dict", "tuple"))
class InfoArrayGrows:
    def info(self) -> Any:
        return {**super().info(), "path": np.zeros(1 + self.t // 50)}


@mutant("info-keys-agree", origin="Minari#246", forms=("box",))
class InfoKeyOnlyAtSteps:
    def info(self) -> Any:
        return super().info() if self.t == 0 else {**super().info(), "distance": 1.0}


@mutant("info-dict", origin="own")
class InfoIsNone:
    def info(self) -> Any:
        return None if self.t else {}


@mutant("observation-not-shared", "returned-data-stays", origin="Gym#1681", forms=("box", "image"))
class OneBufferForAllObservations:
    buffer: Any = None

    def observe(self) -> Any:
        seen = super().observe()
        if self.buffer is None:
            self.buffer = seen.copy()
        self.buffer[...] = seen
        return self.buffer


@mutant("observation-not-shared", "returned-data-stays", origin="Gym#1681", forms=("dict", "tuple"))
class OneBufferInsideANestedObservation:
    buffer = None

    def observe(self) -> Any:
        seen = super().observe()
        if self.buffer is None:
            self.buffer = np.zeros(3, np.float32)
        self.buffer[:] = seen["sense"] if self.kind == "dict" else seen[1]
        return {**seen, "sense": self.buffer} if self.kind == "dict" else (seen[0], self.buffer[:])


@mutant("observation-not-shared", "returned-data-stays", origin="late", forms=("box", "image"))
class TwoBuffersTakeTurnsPastStepHundred:
    buffers = None

    def observe(self) -> Any:
        seen = super().observe()
        if self.t <= 100:
            return seen
        if self.buffers is None:
            self.buffers = [seen.copy(), seen.copy()]
        self.buffers[self.t % 2][:] = seen
        return self.buffers[self.t % 2]


@mutant("info-not-shared", origin="Gym#1683", forms=("box//masked",))
class ConstantMaskTableInInfo:
    table = np.ones((4, 4), np.int8)

    def info(self) -> Any:
        return {**super().info(), "legend": self.table[0]}


@mutant("state-not-handed-out", origin="Gym#1681", forms=("box",))
class InfoHandsOutTheState:
    def info(self) -> Any:
        return {**super().info(), "place": self.place}


@mutant("state-not-handed-out", "returned-data-stays", origin="own", forms=("dict",))
class ObservationHandsOutTheState:
    def observe(self) -> Any:
        return {**super().observe(), "place": self.place}


@mutant("spaces-valid", origin="own")
class BoundIsNan:
    def make_observation_space(self) -> Any:
        space = super().make_observation_space()
        space.high[1] = np.nan
        return space


@mutant("spaces-stay", origin="own", forms=("discrete",))
class SpaceGrows:
    def begin(self) -> None:
        super().begin()
        self.observation_space = type(self.observation_space)(self.observation_space.n + 1)


@mutant("spaces-kept", origin="SB3#1476")
class ActionSpaceIsMadeAnew:
    @property
    def action_space(self) -> Any:
        return self.make_action_space()

    @action_space.setter
    def action_space(self, _value: Any) -> None:
        return
