"""One painter per shape: it puts the shape on a Pillow image that is larger than the picture."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from PIL import Image, ImageDraw, ImageFont

from rlenvs.rendering import scene as shapes
from rlenvs.rendering.curves import arrow_parts, bezier
from rlenvs.rendering.lettering import bold_stroke

# The face that Pillow brings along has Latin letters only; these signs have a near relative in it.
_RELATIVES: Final = str.maketrans(
    {"\N{MINUS SIGN}": "-", "\N{EN DASH}": "-", "\N{MULTIPLICATION SIGN}": "x", "→": ">", "←": "<"}
)


@lru_cache(maxsize=64)
def _font(size: int) -> Any:
    return ImageFont.load_default(size)


@dataclass(frozen=True, slots=True)
class Canvas:
    """A part of the picture, enlarged: pixel (left, top) of the picture is the image's corner."""

    image: Image.Image
    pen: ImageDraw.ImageDraw
    scale: int
    left: int
    top: int

    @classmethod
    def on(cls, image: Image.Image, scale: int, left: int = 0, top: int = 0) -> "Canvas":
        """A canvas that paints on the image."""
        return cls(image, ImageDraw.Draw(image), scale, left, top)

    def place(self, x: float, y: float) -> shapes.Point:
        """Where a point of the picture lies on the image."""
        return (x - self.left) * self.scale, (y - self.top) * self.scale

    def path(self, points: Sequence[shapes.Point]) -> list[shapes.Point]:
        """Where points of the picture lie on the image."""
        return [self.place(x, y) for x, y in points]

    def thickness(self, width: float) -> int:
        """A stroke's width on the image: at least one dot."""
        return max(1, round(width * self.scale))

    def rim(self, shape: shapes.Rectangle | shapes.Circle, side: float) -> int:
        """An outline's width on the image: never more than half of the shape's shorter side, 0 without outline."""
        return 0 if shape.outline is None else self.thickness(min(shape.outline_width, side / 2.0))

    def box(self, x: float, y: float, width: float, height: float) -> tuple[float, float, float, float]:
        """A rectangle as Pillow wants it, both corners inside."""
        left, top = self.place(x, y)
        right = left + max(0.0, width * self.scale - 1)
        return left, top, right, top + max(0.0, height * self.scale - 1)


def _rectangle(canvas: Canvas, shape: shapes.Rectangle) -> None:
    box = canvas.box(shape.x, shape.y, shape.width, shape.height)
    width = canvas.rim(shape, min(shape.width, shape.height))
    if shape.radius > 0.0:
        radius = shape.radius * canvas.scale
        canvas.pen.rounded_rectangle(box, radius, fill=shape.fill, outline=shape.outline, width=width)
    else:
        canvas.pen.rectangle(box, fill=shape.fill, outline=shape.outline, width=width)


def _circle(canvas: Canvas, shape: shapes.Circle) -> None:
    side = 2.0 * shape.radius
    box = canvas.box(shape.x - shape.radius, shape.y - shape.radius, side, side)
    width = canvas.rim(shape, side)
    canvas.pen.ellipse(box, fill=shape.fill, outline=shape.outline, width=width)


def _line(canvas: Canvas, shape: shapes.Line) -> None:
    ends = canvas.path([(shape.x1, shape.y1), (shape.x2, shape.y2)])
    canvas.pen.line(ends, fill=shape.colour, width=canvas.thickness(shape.width))


def _stroke(canvas: Canvas, points: Sequence[shapes.Point], colour: shapes.Colour, width: float) -> None:
    path, dots = canvas.path(points), canvas.thickness(width)
    canvas.pen.line(path, fill=colour, width=dots, joint="curve" if len(path) > 2 else None)
    radius = dots / 2.0
    for x, y in (path[0], path[-1]) if dots > 2 else ():
        canvas.pen.ellipse((x - radius, y - radius, x + radius - 1, y + radius - 1), fill=colour)


def _polyline(canvas: Canvas, shape: shapes.Polyline) -> None:
    _stroke(canvas, shape.points, shape.colour, shape.width)


def _curve(canvas: Canvas, shape: shapes.Curve) -> None:
    _stroke(canvas, bezier(shape.points), shape.colour, shape.width)


def _arrow(canvas: Canvas, shape: shapes.Arrow) -> None:
    shaft, head = arrow_parts(shape.points, shape.head)
    _stroke(canvas, shaft, shape.colour, shape.width)
    canvas.pen.polygon(canvas.path(head), fill=shape.colour)


def _polygon(canvas: Canvas, shape: shapes.Polygon) -> None:
    path = canvas.path(shape.points)
    if shape.fill is not None:
        canvas.pen.polygon(path, fill=shape.fill)
    if shape.outline is not None:
        closed = [*path, path[0], path[1]]
        canvas.pen.line(closed, fill=shape.outline, width=canvas.thickness(shape.outline_width), joint="curve")


def _label(canvas: Canvas, shape: shapes.Label) -> None:
    size = max(1, round(shape.size * canvas.scale))
    font, place = _font(size), canvas.place(shape.x, shape.y)
    text = shape.text.translate(_RELATIVES)
    if shape.halo is not None:
        margin = canvas.thickness(0.16 * shape.size)
        canvas.pen.text(
            place, text, fill=shape.halo, font=font, anchor=shape.anchor, stroke_width=margin, stroke_fill=shape.halo
        )
    stroke = round(bold_stroke(size)) if shape.bold else 0
    canvas.pen.text(
        place, text, fill=shape.colour, font=font, anchor=shape.anchor, stroke_width=stroke, stroke_fill=shape.colour
    )


def _pixels(canvas: Canvas, shape: shapes.Pixels) -> None:
    table = Image.frombytes("RGB", (shape.columns, shape.rows), shape.rgb)
    side = shape.block * canvas.scale
    x, y = canvas.place(shape.x, shape.y)
    enlarged = table.resize((shape.columns * side, shape.rows * side), Image.Resampling.NEAREST)
    canvas.image.paste(enlarged, (int(x), int(y)))


_PAINTERS: Final[dict[type, Callable[[Canvas, Any], None]]] = {
    shapes.Rectangle: _rectangle,
    shapes.Circle: _circle,
    shapes.Line: _line,
    shapes.Polyline: _polyline,
    shapes.Curve: _curve,
    shapes.Arrow: _arrow,
    shapes.Polygon: _polygon,
    shapes.Label: _label,
    shapes.Pixels: _pixels,
}


def paint(canvas: Canvas, drawing: Sequence[shapes.Shape]) -> None:
    """Paint the shapes in their order."""
    for shape in drawing:
        _PAINTERS[type(shape)](canvas, shape)
