"""Places in a state diagram: small boxes, rows, circles, points along an arrow."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rlenvs.rendering.curves import bezier, direction, polar
from rlenvs.rendering.scene import Point


@dataclass(frozen=True, slots=True)
class Box:
    """A small rectangle around a point: a label or an action."""

    x: float
    y: float
    width: float
    height: float

    def gap(self, other: "Box") -> float:
        """How far apart two boxes are in the direction in which they are farther; negative where they overlap."""
        across = abs(self.x - other.x) - (self.width + other.width) / 2
        down = abs(self.y - other.y) - (self.height + other.height) / 2
        return max(across, down)

    def distance_to(self, point: Point) -> float:
        """Distance from the box to a point, 0 inside."""
        across = max(0.0, abs(self.x - point[0]) - self.width / 2)
        down = max(0.0, abs(self.y - point[1]) - self.height / 2)
        return math.hypot(across, down)


def circle_places(count: int, spacing: float) -> list[Point]:
    """`count` points on a circle, neighbours `spacing` apart, clockwise from the upper left."""
    if count == 1:
        return [(0.0, 0.0)]
    radius = spacing / (2.0 * math.sin(math.pi / count))
    first = -math.pi / 2 - math.pi / count
    return [polar((0.0, 0.0), radius, first + 2.0 * math.pi * index / count) for index in range(count)]


def row_places(count: int, spacing: float) -> list[Point]:
    """`count` points in a row, from left to right."""
    return [(index * spacing, 0.0) for index in range(count)]


def toward(centre: Point, aim: Point, length: float) -> Point:
    """The point at a distance from a centre in the direction of an aim."""
    across, down = direction(centre, aim)
    return centre[0] + across * length, centre[1] + down * length


def samples_of(route: Sequence[Point]) -> NDArray[np.float64]:
    """21 points (21, 2) along an arrow with these control points."""
    if len(route) > 2:
        return np.array(bezier(route, 20))
    return np.linspace(route[0], route[-1], 21)
