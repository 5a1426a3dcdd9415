"""Which part of a picture a shape can touch."""

import math
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

from rlenvs.rendering import scene as shapes
from rlenvs.rendering.lettering import label_box

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""

PixelBox: TypeAlias = tuple[int, int, int, int]
"""Left, top, right, bottom in whole pixels; the last two lie outside."""

_MOST_COMPARED: Final = 120


def _points(points: Sequence[shapes.Point], margin: float) -> Box:
    across, down = [x for x, _ in points], [y for _, y in points]
    return min(across) - margin, min(down) - margin, max(across) + margin, max(down) + margin


def _label(shape: shapes.Label) -> Box:
    left, top, right, bottom = label_box(shape)
    # The table of widths is an estimate; letters that it does not know may be as wide as they are high.
    margin = 0.4 * shape.size + (0.0 if shape.text.isascii() else 0.2 * shape.size * len(shape.text))
    return left - margin, top - margin, right + margin, bottom + margin


_EXTENTS: Final[dict[type, Callable[[Any], Box]]] = {
    shapes.Rectangle: lambda s: (s.x, s.y, s.x + s.width, s.y + s.height),
    shapes.Circle: lambda s: _points([(s.x, s.y)], s.radius),
    shapes.Line: lambda s: _points([(s.x1, s.y1), (s.x2, s.y2)], s.width),
    shapes.Polyline: lambda s: _points(s.points, s.width),
    # A Bézier curve stays inside the hull of its control points.
    shapes.Curve: lambda s: _points(s.points, s.width),
    shapes.Arrow: lambda s: _points(s.points, max(s.width, s.head)),
    shapes.Polygon: lambda s: _points(s.points, s.outline_width),
    shapes.Label: _label,
    shapes.Pixels: lambda s: (s.x, s.y, s.x + s.columns * s.block, s.y + s.rows * s.block),
}


def extent(shape: shapes.Shape) -> Box:
    """A rectangle outside which the shape leaves no trace, given in pixels of the picture."""
    return _EXTENTS[type(shape)](shape)


def pixel_box(shape: shapes.Shape, width: int, height: int) -> PixelBox:
    """The whole pixels around a shape, within a picture of this size; at least one."""
    left, top, right, bottom = extent(shape)
    first_column = min(max(math.floor(left) - 1, 0), width - 1)
    first_row = min(max(math.floor(top) - 1, 0), height - 1)
    return (
        first_column,
        first_row,
        max(min(math.ceil(right) + 1, width), first_column + 1),
        max(min(math.ceil(bottom) + 1, height), first_row + 1),
    )


def islands(
    drawing: Sequence[shapes.Shape], width: int, height: int
) -> list[tuple[PixelBox, tuple[shapes.Shape, ...]]]:
    """The drawing in parts that do not touch each other, each with its box; within a part the order is kept.

    A drawing of very many shapes is one part: to compare all with all would cost more than it saves.
    """
    boxes = [pixel_box(shape, width, height) for shape in drawing]
    if len(drawing) > _MOST_COMPARED:
        return [(_around(boxes), tuple(drawing))]
    found: list[tuple[PixelBox, list[int]]] = []
    for index, box in enumerate(boxes):
        members = [index]
        # A box that grows may reach others, which it did not touch before.
        while touching := [island for island in found if _meet(island[0], box)]:
            box = _around([box, *(island[0] for island in touching)])
            if len(touching) == 1 and box == touching[0][0] and len(members) == 1:
                break
            found = [island for island in found if island not in touching]
            members += [member for island in touching for member in island[1]]
        if touching:
            touching[0][1].append(index)
        else:
            found.append((box, members))
    return [(box, tuple(drawing[index] for index in sorted(members))) for box, members in found]


def _meet(one: PixelBox, other: PixelBox) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _around(boxes: Sequence[PixelBox]) -> PixelBox:
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
