"""Defects of the protocol, of actions and of masks."""

from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium import spaces

from tests.conformance.mutants.family import mutant
from tests.conformance.mutants.world import MOVES, SIDE


@mutant("time-limit-truncates", origin="cleanrl#198", forms=("box", "image"))
class TimeLimitTerminates:
    max_steps = 60

    def step(self, action: Any) -> Any:
        seen, reward, terminated, _, info = super().step(action)
        late = self.t >= self.max_steps
        self.over = terminated or late
        return seen, reward, terminated or late, False, info


@mutant("step-after-end", origin="dm_env", forms=("box", "discrete"))
class GoesOnAfterTheEnd:
    def require(self, action: Any) -> None:
        self.over = False
        super().require(action)


@mutant("step-before-reset", origin="dm_env")
class StepsBeforeReset:
    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.begin()


@mutant("misuse-leaves-no-trace", "state-does-not-leak", origin="own")
class StepsAfterTheEndSpoilTheNextEpisode:
    debt = 0

    def require(self, action: Any) -> None:
        if self.over:
            self.debt += 1
        super().require(action)

    def begin(self) -> None:
        super().begin()
        if self.debt:
            self.energy = 0.0


@mutant("close-is-safe", origin="own", forms=("box", "dict"))
class ClosingTwiceFails:
    window: Any = ()

    def close(self) -> None:
        self.window.count(1)
        self.window = None


@mutant("close-is-safe", origin="own")
class ClosingBeforeResetFails:
    def close(self) -> None:
        self.place.sum()


@mutant("use-after-close", origin="late", forms=("box", "tuple"))
class PlaysAnotherGameAfterClose:
    closed = False

    def close(self) -> None:
        self.closed = True

    def begin(self) -> None:
        super().begin()
        if self.closed:
            self.energy = 0.0


@mutant("runs-without-crash", origin="late", forms=("box", "dict", "tuple/dials", "text"))
class DivisionByZeroPastStepHundred:
    def judge(self) -> Any:
        reward, terminated = super().judge()
        return reward / (self.t - 128 or 0), terminated


@mutant("runs-without-crash", origin="late", forms=("discrete", "box", "tuple/continuous"))
class ExitsOnceInAThousandSteps:
    def move(self, action: Any) -> None:
        super().move(action)
        if self.np_random.random() < 1 / 500:
            raise SystemExit(3)


@mutant("calls-come-back", origin="own", forms=("box",))
class LoopsForEver:
    def move(self, action: Any) -> None:
        super().move(action)
        while self.t > 20:
            pass


@mutant("returns-well-formed", origin="gym#2892")
class OldFourValueStep:
    def step(self, action: Any) -> Any:
        seen, reward, terminated, truncated, info = super().step(action)
        return seen, reward, terminated or truncated, info


@mutant("returns-well-formed", origin="gym#2892")
class ResetWithoutInfo:
    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        return super().reset(seed=seed, options=options)[0]


@mutant("reset-takes-seed-and-options", "runs-without-crash", origin="own")
class ResetWithoutOptions:
    def reset(self, *, seed: int | None = None) -> Any:
        return super().reset(seed=seed)


@mutant("reset-takes-seed-and-options", origin="own", forms=("dict",))
class OptionsMustBeADict:
    def reset(self, *, seed: int | None = None, options: Any = ()) -> Any:
        result = super().reset(seed=seed)
        len(options)
        return result


@mutant("actions-accepted", "runs-without-crash", origin="late", forms=("box", "discrete", "dict"))
class LastActionFails:
    moves = MOVES[:3]

    def shift(self, action: Any) -> Any:
        return self.moves[int(action)]


@mutant("actions-accepted", "runs-without-crash", origin="late", forms=("box/continuous",))
class CornerOfTheBoxFails:
    def require(self, action: Any) -> None:
        super().require(action)
        if (np.asarray(action) == 1.0).all():
            raise ValueError("too fast")


@mutant("actions-outside-refused", origin="own", forms=("box", "discrete", "box/dials"))
class ActionsOutsideAreTaken:
    def require(self, action: Any) -> None:
        if self.over:
            raise gym.error.ResetNeeded("the episode is over")

    def shift(self, action: Any) -> Any:
        return MOVES[int(action) % 4] if self.control == "discrete" else np.asarray(action) % 3 - 1


@mutant("refused-action-changes-nothing", origin="own", forms=("box", "image/dials"))
class RefusedActionsCostEnergy:
    def require(self, action: Any) -> None:
        self.energy *= 0.9
        super().require(action)


@mutant("refused-action-changes-nothing", origin="late", forms=("box", "tuple", "dict/dials"))
class RefusedActionsDrawAndCount:
    def step(self, action: Any) -> Any:
        self.np_random.random()
        return super().step(action)


@mutant("numpy-actions", origin="Gym#1103", forms=("box", "discrete"))
class OnlyPlainInts:
    def require(self, action: Any) -> None:
        super().require(action)
        if not isinstance(action, int):
            raise TypeError("action must be an int")


@mutant("numpy-actions", origin="own")
class ComparesActionsByIdentity:
    def move(self, action: Any) -> None:
        super().move(action if isinstance(action, int) else (action + 1) % 4)


@mutant("zero-dimensional-actions", origin="SB3#1476")
class NoZeroDimensionalActions:
    def shift(self, action: Any) -> Any:
        return {0: MOVES[0], 1: MOVES[1], 2: MOVES[2], 3: MOVES[3]}[action]


@mutant("actions-not-changed", origin="own", forms=("box/continuous", "box/dials"))
class ClipsTheActionInPlace:
    def move(self, action: Any) -> None:
        super().move(action)
        action *= 0


@mutant("actions-not-kept", origin="own", forms=("box/continuous", "dict/continuous"))
class KeepsTheActionArray:
    last: Any = None

    def begin(self) -> None:
        super().begin()
        self.last = None

    def move(self, action: Any) -> None:
        if self.last is not None:
            self.energy = float(abs(self.last).sum()) / 20
        super().move(action)
        self.last = action


@mutant("mask-well-formed", origin="poke-env#948", forms=("box//masked",))
class BoolMask:
    def mask(self) -> Any:
        return super().mask().astype(bool)


@mutant("mask-well-formed", origin="Gym#1255", forms=("box//masked",))
class NoMaskAtReset:
    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        seen, info = super().reset(seed=seed, options=options)
        del info["action_mask"]
        return seen, info


@mutant("mask-well-formed", origin="gym#2906", forms=("discrete//masked",))
class EmptyMaskInACorner:
    """In one cell nothing is allowed, though the episode goes on."""

    def info(self) -> Any:
        found = super().info()
        if tuple(self.place) == (SIDE - 1, SIDE - 1):
            found["action_mask"] = np.zeros(4, np.int8)
        return found


@mutant("mask-tells-the-truth", origin="Gym#1310", forms=("box//masked", "discrete//masked"))
class StaleMask:
    old: Any = None

    def info(self) -> Any:
        found = super().info()
        found["action_mask"] = found["action_mask"] if self.t == 0 else self.old
        return found

    def move(self, action: Any) -> None:
        self.old = self.mask()
        super().move(action)


@mutant("mask-tells-the-truth", origin="own", forms=("discrete//masked",))
class InvertedMask:
    def require(self, action: Any) -> None:
        return

    def info(self) -> Any:
        found = super().info()
        seen = found["action_mask"]
        found["action_mask"] = 1 - seen if not seen.all() else seen
        return found

    def mask(self) -> Any:
        return super().mask()

    def begin(self) -> None:
        super().begin()
        self.place = np.array([0, 5])


@mutant("mask-methods-agree", origin="sb3-contrib#256", forms=("box//masked",))
class MethodSaysOtherwise:
    def action_masks(self) -> Any:
        return np.ones(4, bool)


@mutant("time-limit-truncates", "termination-at-a-fixed-step", origin="SB3#633", forms=("discrete",))
class HiddenTimeLimitTerminates:
    def step(self, action: Any) -> Any:
        seen, reward, terminated, _, info = super().step(action)
        late = self.t >= 25
        self.over = self.over or late
        return seen, reward, terminated or late, False, info


@mutant("episodes-end", origin="snake-ga#8", forms=("box",))
class NeverEnds:
    limit = 10**9

    def judge(self) -> Any:
        return -0.01, False


@mutant("reward-scale", origin="SB3#998")
class HugePenalty:
    def judge(self) -> Any:
        reward, terminated = super().judge()
        return (-500.0 if self.place[0] == 3 else reward), terminated


@mutant("observation-varies", origin="own")
class BlindAgent:
    def observe(self) -> Any:
        return np.zeros(3, np.float32)


@mutant("observation-components-vary", origin="SB3#998")
class DeadComponent:
    def observe(self) -> Any:
        seen = super().observe()
        seen[1] = 0.5
        return seen


@mutant("observation-bounded", origin="own")
class UnboundedAndLarge:
    def make_observation_space(self) -> Any:
        return spaces.Box(-np.inf, np.inf, (3,), np.float32)

    def observe(self) -> Any:
        return super().observe() * 10_000
