"""Which part of a picture a shape can touch."""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

from rlenvs.rendering import scene as shapes
from rlenvs.rendering.lettering import label_box

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""


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


def union(drawing: Sequence[shapes.Shape]) -> Box:
    """A rectangle around all shapes; there must be at least one."""
    boxes = [extent(shape) for shape in drawing]
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
