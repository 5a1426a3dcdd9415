"""Policies that somebody thought of: functions of one observation. Cheap, and hard to beat."""

from __future__ import annotations

from collections.abc import Sequence

LEFT_PUSH, RIGHT_PUSH = 0, 1  # of CartPole
BACKWARD, FORWARD = 0, 2  # of MountainCar; 1 coasts


def cart_pole_lean(observation: Sequence[float]) -> int:
    """Push the cart toward the side to which the pole leans.

    Args:
        observation: CartPole's (position, velocity, angle, angular velocity); the angle in radians.

    Returns:
        0 left, 1 right; right if the pole stands upright.
    """
    return LEFT_PUSH if observation[2] < 0 else RIGHT_PUSH


def mountain_car_momentum(observation: Sequence[float]) -> int:
    """Push the car the way it rolls, so that every swing adds energy.

    Args:
        observation: MountainCar's (position, velocity).

    Returns:
        0 backward, 2 forward; forward if it stands still.
    """
    return BACKWARD if observation[1] < 0 else FORWARD
