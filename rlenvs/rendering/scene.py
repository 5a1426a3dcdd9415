"""A picture as plain data: what to draw, not how.

All lengths are pixels of the finished picture, `x` grows to the right and `y` grows downwards. Shapes are drawn
in the order in which they stand; a later shape covers an earlier one. Everything is frozen and hashable, so that
a drawing of the parts which never change can be kept (see :func:`rlenvs.rendering.raster.draw`).
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Colour: TypeAlias = tuple[int, int, int]
"""Red, green and blue, each 0 … 255."""

Point: TypeAlias = tuple[float, float]
"""A place in the picture, (x, y) in pixels."""

Anchor: TypeAlias = Literal["lt", "mt", "rt", "lm", "mm", "rm", "ls", "ms", "rs", "lb", "mb", "rb"]
"""Which point of a text stands at its place: left, middle or right, then top, middle, baseline (s) or bottom."""


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangle, with round corners if `radius` is positive; `fill` or `outline` may be missing."""

    x: float
    y: float
    width: float
    height: float
    fill: Colour | None = None
    outline: Colour | None = None
    outline_width: float = 1.0
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Circle:
    """A disc or a ring around the point (x, y); the outline lies inside the radius."""

    x: float
    y: float
    radius: float
    fill: Colour | None = None
    outline: Colour | None = None
    outline_width: float = 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """A straight stroke with flat ends."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: Colour
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Polyline:
    """A stroke through all points, with round joints and round ends."""

    points: tuple[Point, ...]
    colour: Colour
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Curve:
    """A Bézier stroke: 3 points make it quadratic, 4 make it cubic."""

    points: tuple[Point, ...]
    colour: Colour
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Arrow:
    """A stroke that ends in a head at its last point: 2 points straight, 3 or 4 points a Bézier curve."""

    points: tuple[Point, ...]
    colour: Colour
    width: float = 1.5
    head: float = 9.0


@dataclass(frozen=True, slots=True)
class Polygon:
    """A closed area; `fill` or `outline` may be missing."""

    points: tuple[Point, ...]
    fill: Colour | None = None
    outline: Colour | None = None
    outline_width: float = 1.0


@dataclass(frozen=True, slots=True)
class Label:
    """One line of text of the given height in pixels; `halo` paints a margin around the letters."""

    x: float
    y: float
    text: str
    size: float
    colour: Colour
    anchor: Anchor = "mm"
    bold: bool = False
    halo: Colour | None = None


@dataclass(frozen=True, slots=True)
class Pixels:
    """A table of coloured squares of `block` pixels each: `rgb` holds rows x columns x 3 bytes, row by row."""

    x: int
    y: int
    rows: int
    columns: int
    block: int
    rgb: bytes


Shape: TypeAlias = Rectangle | Circle | Line | Polyline | Curve | Arrow | Polygon | Label | Pixels


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture, and the same as text.

    Attributes:
        width: Width in whole pixels.
        height: Height in whole pixels.
        background: The colour behind everything.
        shapes: What changes from frame to frame, drawn last.
        text: The form for a terminal (render mode `ansi`).
        backdrop: What stays the same from frame to frame, drawn first. Its drawing is kept, so scenes that share
            an equal backdrop are cheap.
    """

    width: int
    height: int
    background: Colour
    shapes: tuple[Shape, ...]
    text: str = ""
    backdrop: tuple[Shape, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a picture without pixels."""
        for name, value in (("width", self.width), ("height", self.height)):
            if value < 1:
                raise ValueError(f"`{name}` of a scene: expected at least 1 pixel, got {value!r}; give a positive size")
