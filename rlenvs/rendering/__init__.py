"""Pictures: from plain data to pixels, a window or text.

This room knows no environment. An environment says what it looks like by returning a :class:`Scene`; everything
that turns a scene into something visible is here. Pillow and pygame are imported when they are first needed,
never by importing this package.

Showing a scene
    ``draw(scene) -> (height, width, 3) uint8``; ``scene.text`` is the form for a terminal;
    ``Window(title, fps)`` with ``show(frame)``, ``close()``, ``is_open``, ``closed_by_user``.

Shapes of a scene (frozen, in pixels)
    ``Scene(width, height, background, shapes, text="", backdrop=())``: `backdrop` is what never changes between
    frames, its drawing is kept. ``Rectangle``, ``Circle``, ``Line``, ``Polyline``, ``Curve``, ``Arrow``,
    ``Polygon``, ``Label``, ``Pixels``.

Text
    ``grid_text(rows, *, separator=" ", align=">", styles=None) -> str``, ``styled(text, style) -> str``,
    ``policy_sign(directions) -> str``, ``number(value, digits=3) -> str``, ``signed(value, digits=3) -> str``.

Colours
    :mod:`rlenvs.rendering.palette`: named colours, ``sequential``, ``diverging``, ``mix``, ``text_on``,
    ``ColourScale(low, high)``.
"""

from rlenvs.rendering.ansi import grid_text, policy_sign, styled
from rlenvs.rendering.lettering import number, signed
from rlenvs.rendering.palette import ColourScale
from rlenvs.rendering.raster import draw
from rlenvs.rendering.scene import (
    Arrow,
    Circle,
    Colour,
    Curve,
    Label,
    Line,
    Pixels,
    Point,
    Polygon,
    Polyline,
    Rectangle,
    Scene,
    Shape,
)
from rlenvs.rendering.window import Window

__all__ = [
    "Arrow",
    "Circle",
    "Colour",
    "ColourScale",
    "Curve",
    "Label",
    "Line",
    "Pixels",
    "Point",
    "Polygon",
    "Polyline",
    "Rectangle",
    "Scene",
    "Shape",
    "Window",
    "draw",
    "grid_text",
    "number",
    "policy_sign",
    "signed",
    "styled",
]
