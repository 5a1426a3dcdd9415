"""Plane geometry for strokes and arrows: Bézier curves as points, directions, trimming."""

import math
from collections.abc import Sequence
from itertools import pairwise

from rlenvs.rendering.scene import Point


def bezier(control: Sequence[Point], pieces: int = 24) -> tuple[Point, ...]:
    """`pieces + 1` points along the Bézier curve of any degree with these control points."""
    if len(control) == 2:
        return tuple(control)
    return tuple(bezier_point(control, step / pieces) for step in range(pieces + 1))


def bezier_point(control: Sequence[Point], position: float) -> Point:
    """The point at `position` (0 … 1) of a Bézier curve, by de Casteljau's construction."""
    points = list(control)
    while len(points) > 1:
        points = [(x1 + (x2 - x1) * position, y1 + (y2 - y1) * position) for (x1, y1), (x2, y2) in pairwise(points)]
    return points[0]


def distance(first: Point, second: Point) -> float:
    """The distance of two points."""
    return math.hypot(second[0] - first[0], second[1] - first[1])


def direction(first: Point, second: Point) -> Point:
    """The unit vector from the first point to the second; (1, 0) where they coincide."""
    length = distance(first, second)
    if length == 0.0:
        return 1.0, 0.0
    return (second[0] - first[0]) / length, (second[1] - first[1]) / length


def polar(centre: Point, radius: float, angle: float) -> Point:
    """The point at an angle (radians, clockwise on the screen from the right) around a centre."""
    return centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)


def cut_end(points: Sequence[Point], length: float) -> tuple[Point, ...]:
    """The path without its last `length` pixels; at least its first point and a short stroke remain."""
    path = list(points)
    rest = length
    while len(path) > 2 and distance(path[-2], path[-1]) <= rest:
        rest -= distance(path[-2], path[-1])
        path.pop()
    last = distance(path[-2], path[-1])
    share = max(0.0, 1.0 - rest / last) if last > 0.0 else 0.0
    (x1, y1), (x2, y2) = path[-2], path[-1]
    path[-1] = (x1 + (x2 - x1) * share, y1 + (y2 - y1) * share)
    return tuple(path)


def arrow_head(shaft_end: Point, tip: Point, length: float) -> tuple[Point, ...]:
    """The four corners of a head of the given length whose point is `tip`, looking away from `shaft_end`."""
    dx, dy = direction(shaft_end, tip)
    half = 0.42 * length
    back = (tip[0] - dx * length, tip[1] - dy * length)
    notch = (tip[0] - dx * length * 0.78, tip[1] - dy * length * 0.78)
    return (
        tip,
        (back[0] - dy * half, back[1] + dx * half),
        notch,
        (back[0] + dy * half, back[1] - dx * half),
    )


def arrow_parts(points: Sequence[Point], head: float) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    """The shaft (shortened, so that it does not show beyond the head) and the corners of the head."""
    path = bezier(points)
    base = cut_end(path, head)
    return cut_end(path, head * 0.75), arrow_head(base[-1], path[-1], head)
