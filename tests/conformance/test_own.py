"""Our own environments and wrappers before our own suite: no error, and no advice that is not waived with a reason."""

import gymnasium as gym
import pytest

import rlenvs  # noqa: F401
from rlenvs.conformance import check
from rlenvs.wrappers import (
    AnglePenalty,
    AutoFire,
    ClipReward,
    DiscretizeObservation,
    EarlyFailurePenalty,
    FrameStack,
    ShapeReward,
    SkipStart,
)


def snake():
    return gym.make("rlenvs/Snake6x6-v0", observation="features")


CARTPOLE = {
    "step-after-end": "CartPole itself goes on after the end",
    "undeclared-mode-refused": "CartPole itself takes any render mode",
    "reward-scale": "the penalty of the book is 200",
}
SUBJECTS = {
    **{
        name: (f"rlenvs/{name}", {})
        for name in ("MDP-v0", "GridWorld-v0", "MarkovChain-v0", "Snake-v0", "SnakePixels-v0")
    },
    "FrameStack": (lambda: FrameStack(snake(), 3), {}),
    "DiscretizeObservation": (lambda: DiscretizeObservation(snake(), 2), {}),
    "ClipReward": (lambda: ClipReward(snake()), {}),
    "SkipStart": (lambda: SkipStart(snake(), 1, action="UP"), {}),
    "AutoFire": (lambda: AutoFire(snake(), action="UP"), {}),
    "ShapeReward": (lambda: ShapeReward(gym.make("rlenvs/GridWorld-v0"), "goal_distance", 0.95), {}),
    "AnglePenalty": (lambda: AnglePenalty(gym.make("CartPole-v1")), CARTPOLE),
    "EarlyFailurePenalty": (lambda: EarlyFailurePenalty(gym.make("CartPole-v1")), CARTPOLE),
}


@pytest.mark.parametrize("name", SUBJECTS)
def test_nothing_is_found_in_our_own(name):
    target, waived = SUBJECTS[name]
    report = check(target)
    assert report.ok
    assert [(found.check, found.message) for found in report.findings if found.check not in waived] == []
    assert len(report.passed) > 30  # the suite did look
