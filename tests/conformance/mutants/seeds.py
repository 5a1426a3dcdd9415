"""Defects of seeding and isolation."""

import os
import random
import time
from typing import Any

import numpy as np

from tests.conformance.mutants.family import mutant
from tests.conformance.mutants.world import SIDE

SAME = "same-seed-second-instance"


@mutant(SAME, "global-generators-not-read", "global-generators-untouched", origin="Gym#1084", forms=("box", "dict"))
class ResetDrawsFromGlobalGenerator:
    def begin(self) -> None:
        super().begin()
        self.place = np.random.randint(1, SIDE, 2)  # noqa: NPY002  # the defect


@mutant(SAME, origin="Gym#1084", forms=("box", "tuple", "image/continuous"))
class UnseededNoiseFromStepTwo:
    def move(self, action: Any) -> None:
        super().move(action)
        if self.t >= 2:
            self.energy = float(np.random.default_rng().random())


@mutant(SAME, origin="late", forms=("box", "discrete//masked", "dict", "image/continuous"))
class UnseededSlipOnceInTwoHundred:
    def begin(self) -> None:
        super().begin()
        self.loose = np.random.default_rng()

    def move(self, action: Any) -> None:
        super().move(action)
        if self.loose.random() < 1 / 200:
            self.place = self.place[::-1].copy()
            self.energy = 1.0 - self.energy


@mutant("global-generators-untouched", origin="Gym#1084", forms=("box", "text"))
class ReseedsGlobalGenerator:
    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        np.random.seed(0)  # noqa: NPY002  # the defect
        return super().reset(seed=seed, options=options)


@mutant("global-generators-untouched", origin="own")
class ConstructorReseedsRandom:
    def __init__(self, **arguments: Any) -> None:
        random.seed(1)
        super().__init__(**arguments)


@mutant("global-generators-untouched", origin="late", forms=("box", "dict", "tuple/dials"))
class DrawsFromGlobalOnceInTwoHundred:
    def move(self, action: Any) -> None:
        super().move(action)
        if self.np_random.random() < 1 / 200:
            np.random.random()  # noqa: NPY002  # the defect


@mutant("unseeded-reset-continues", origin="Gym#1084", forms=("box", "dict", "image"))
class ResetWithoutSeedReseedsWithZero:
    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        return super().reset(seed=0 if seed is None else seed, options=options)


@mutant("unseeded-reset-continues", origin="Minigrid#183")
class ResetWithoutSeedRepeatsTheLastSeed:
    last = 0

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        self.last = self.last if seed is None else seed
        return super().reset(seed=self.last, options=options)


@mutant("unseeded-reset-continues", origin="own", forms=("tuple",))
class ResetWithoutSeedTakesFreshEntropy:
    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        fresh = int.from_bytes(os.urandom(4), "big") if seed is None else seed
        return super().reset(seed=fresh, options=options)


@mutant("seed-zero", origin="gym#2892", forms=("box", "discrete"))
class SeedZeroIsNoSeed:
    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        fresh = int.from_bytes(os.urandom(4), "big")
        return super().reset(seed=seed if seed else fresh, options=options)


@mutant("seeds-differ", origin="gym#2892", forms=("box",))
class EverySeedIsFortyTwo:
    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        return super().reset(seed=None if seed is None else 42, options=options)


@mutant("seeds-differ", "unseeded-reset-continues", origin="own")
class EveryResetIsSeededWithSeven:
    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        return super().reset(seed=7, options=options)


@mutant("seed-restarts", "state-does-not-leak", origin="late", forms=("box", "dict", "tuple"))
class OnlyTheFirstSeedCounts:
    seeded = False

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        given = None if self.seeded else seed
        self.seeded = self.seeded or seed is not None
        return super().reset(seed=given, options=options)


@mutant("same-seed-other-process", origin="Gym#1626", forms=("box", "text"))
class OrderOfASetDecides:
    def begin(self) -> None:
        super().begin()
        names = list({f"cell-{i}-{j}" for i in range(4) for j in range(4)})
        self.place = np.array([int(part) + 1 for part in names[0].split("-")[1:]])


@mutant("same-seed-other-process", origin="Gym#1626")
class HashOfATextDecides:
    def judge(self) -> Any:
        reward, terminated = super().judge()
        return reward + (hash(f"{self.place[0]}") % 7) / 100, terminated


@mutant("same-seed-other-process", origin="own", forms=("discrete",))
class ProcessNumberDecides:
    def begin(self) -> None:
        super().begin()
        self.place = np.random.default_rng(os.getpid()).integers(1, SIDE, 2)


@mutant("clock-not-read", SAME, origin="own")
class TimeOfDayDecides:
    def judge(self) -> Any:
        reward, terminated = super().judge()
        return reward + int(time.time() / 10) % 10 / 100, terminated


@mutant("action-space-not-drawn-from", "sampling-changes-nothing", SAME, origin="own", forms=("box",))
class SlipsThroughTheActionSpace:
    def move(self, action: Any) -> None:
        super().move(self.action_space.sample() if self.np_random.random() < 0.2 else action)


@mutant("action-space-not-reseeded", origin="Gym#185")
class ResetSeedsTheActionSpace:
    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        if seed is not None:
            self.action_space.seed(seed)
        return super().reset(seed=seed, options=options)


@mutant("sampling-changes-nothing", "action-space-not-drawn-from", origin="own")
class SharesItsGeneratorWithTheActionSpace:
    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        result = super().reset(seed=seed, options=options)
        self.action_space._np_random = self.np_random
        return result


@mutant("instances-independent", SAME, origin="own", forms=("box", "image"))
class PlaceLivesOnTheClass:
    shared = {"energy": 0.5}

    def move(self, action: Any) -> None:
        super().move(action)
        self.shared["energy"] = 0.9 * self.shared["energy"] + 0.1 * self.energy
        self.energy = self.shared["energy"]

    def begin(self) -> None:
        super().begin()
        self.shared["energy"] = self.energy


@mutant("reading-changes-nothing", origin="own")
class PropertyDraws:
    @property
    def luck(self) -> float:
        return float(self.np_random.random())


@mutant("state-does-not-leak", origin="Gym#1084", forms=("box", "discrete", "dict//masked"))
class StepsAreCountedOverEpisodes:
    total = 0

    def begin(self) -> None:
        super().begin()
        self.total += 1
        self.t = self.total % 3 * 40


@mutant("state-does-not-leak", origin="late", forms=("box", "tuple", "dict", "image"))
class EnergyLeaksAfterTruncation:
    tired = False

    def begin(self) -> None:
        super().begin()
        if self.tired:
            self.energy = 0.0

    def step(self, action: Any) -> Any:
        result = super().step(action)
        self.tired = self.tired or bool(result[3])
        return result


@mutant("state-does-not-leak", origin="late", forms=("box", "discrete", "tuple/continuous"))
class RewardChangesInTheThirdEpisode:
    episodes = 0

    def begin(self) -> None:
        super().begin()
        self.episodes += 1

    def judge(self) -> Any:
        reward, terminated = super().judge()
        return reward * (2 if self.episodes >= 3 else 1), terminated


@mutant("unseeded-reset-clears-state", origin="late", forms=("image", "box", "discrete"))
class ClockIsResetOnlyWithASeed:
    """The counter of steps goes on over resets without a seed."""

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        before = getattr(self, "t", 0)
        result = super().reset(seed=seed, options=options)
        if seed is None:
            self.t = before
        return result
