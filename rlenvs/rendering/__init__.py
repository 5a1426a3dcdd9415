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

Diagrams (data in, scenes out; make one object per picture and call ``scene`` for every frame)
    ``GridDiagram(rows, columns, marks=(), jumps=(), overlay=GridOverlay())`` with
    ``.scene(agent=None, *, heading=None, note="", text="")``; ``Mark(row, column, kind, label="")``, kind one of
    start, wall, goal, trap, hole, cost, gain, jump; ``Jump(source, target, label="")``;
    ``GridOverlay(values=None, policy=None, action_values=None, decimals=None, title="")`` holds arrays
    (rows, columns), (rows, columns, 4) and (rows, columns, 4), moves in the order up, down, left, right.
    ``GraphDiagram(nodes, edges, best=frozenset(), note="")`` with ``.scene(current=None, *, last=None, text="")``;
    ``Node(name, value=None, is_terminal=False)``, ``Edge(source, target, probability, action="", reward=0.0)``.
    ``BoardDiagram(rows, columns)`` with ``.scene(body, *, heading, food, left_text="", right_text="",
    is_dead=False, text="")``.

Text
    ``grid_text(rows, *, separator=" ", align=">", styles=None) -> str``, ``styled(text, style) -> str``,
    ``policy_sign(directions) -> str``, ``number(value, digits=3) -> str``, ``signed(value, digits=3) -> str``,
    ``decimals_for(values) -> int``, ``fixed(value, decimals) -> str``.

Colours
    :mod:`rlenvs.rendering.palette`: named colours, ``sequential``, ``diverging``, ``mix``, ``text_on``,
    ``ColourScale(low, high)``.
"""

from rlenvs.rendering.ansi import grid_text, policy_sign, styled
from rlenvs.rendering.board import BoardDiagram
from rlenvs.rendering.graph import LARGEST_DRAWN, Edge, GraphDiagram, Node
from rlenvs.rendering.grid import Jump, Mark, MarkKind
from rlenvs.rendering.grid_diagram import GridDiagram
from rlenvs.rendering.grid_overlay import GridOverlay
from rlenvs.rendering.lettering import decimals_for, fixed, number, signed
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
    "LARGEST_DRAWN",
    "Arrow",
    "BoardDiagram",
    "Circle",
    "Colour",
    "ColourScale",
    "Curve",
    "Edge",
    "GraphDiagram",
    "GridDiagram",
    "GridOverlay",
    "Jump",
    "Label",
    "Line",
    "Mark",
    "MarkKind",
    "Node",
    "Pixels",
    "Point",
    "Polygon",
    "Polyline",
    "Rectangle",
    "Scene",
    "Shape",
    "Window",
    "decimals_for",
    "draw",
    "fixed",
    "grid_text",
    "number",
    "policy_sign",
    "signed",
    "styled",
]
