"""A board of cells: where each cell lies, and what stands on it."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from rlenvs.rendering.palette import AMBER, GREEN, INK, INK_SOFT, PANEL, PURPLE, RULE, VERMILION, WALL, mix
from rlenvs.rendering.scene import Circle, Colour, Label, Line, Polygon, Polyline, Rectangle, Shape

Cell: TypeAlias = tuple[int, int]
"""(row, column), both from 0, row 0 at the top."""

MarkKind: TypeAlias = Literal["start", "wall", "goal", "trap", "hole", "cost", "gain", "jump"]
"""What a cell is: a way in, a block, a good end, a bad end, a pit, a dear cell, one that pays, one that leads away."""

LARGEST_BOARD = 800
LARGEST_CELL = 96
SMALLEST_LINED = 6
SMALLEST_GLYPH = 16
SMALLEST_INDEXED = 22


@dataclass(frozen=True, slots=True)
class Mark:
    """What one cell is, with a short label such as its reward."""

    row: int
    column: int
    kind: MarkKind
    label: str = ""


@dataclass(frozen=True, slots=True)
class Jump:
    """A cell from which every move leads to another cell, with a short label such as the reward."""

    source: Cell
    target: Cell
    label: str = ""


@dataclass(frozen=True, slots=True)
class GridGeometry:
    """Where the cells of a board lie in a picture, in whole pixels."""

    rows: int
    columns: int
    cell: int
    left: int
    top: int

    @classmethod
    def fitted(cls, rows: int, columns: int) -> "GridGeometry":
        """Cells as large as a picture of about 900 pixels lets them be, with a margin around the board.

        Raises:
            ValueError: There is no row or no column.
        """
        for name, value in (("rows", rows), ("columns", columns)):
            if value < 1:
                raise ValueError(f"`{name}`: expected at least 1, got {value!r}; give the board a cell")
        cell = max(1, min(LARGEST_CELL, LARGEST_BOARD // max(rows, columns)))
        margin = max(26 if cell >= SMALLEST_INDEXED else 12, round(0.42 * cell))
        return cls(rows, columns, cell, margin, margin)

    @property
    def width(self) -> int:
        """Width of the board in pixels."""
        return self.columns * self.cell

    @property
    def height(self) -> int:
        """Height of the board in pixels."""
        return self.rows * self.cell

    def corner(self, row: float, column: float) -> tuple[float, float]:
        """The upper left corner of a cell, (x, y)."""
        return self.left + column * self.cell, self.top + row * self.cell

    def centre(self, row: float, column: float) -> tuple[float, float]:
        """The middle of a cell, (x, y)."""
        return self.corner(row + 0.5, column + 0.5)


_TINTS: dict[MarkKind, Colour] = {
    "start": PANEL,
    "wall": WALL,
    "goal": mix(PANEL, GREEN, 0.16),
    "trap": mix(PANEL, VERMILION, 0.16),
    "hole": mix(PANEL, INK, 0.08),
    "cost": mix(PANEL, AMBER, 0.26),
    "gain": mix(PANEL, GREEN, 0.1),
    "jump": mix(PANEL, PURPLE, 0.16),
}
_STRONG: dict[MarkKind, Colour] = {
    **_TINTS,
    "goal": GREEN,
    "trap": VERMILION,
    "hole": INK,
    "cost": AMBER,
    "jump": PURPLE,
}


def mark_colour(kind: MarkKind, cell: int) -> Colour:
    """The floor of a marked cell; cells too small for a sign get a strong colour instead."""
    return (_TINTS if cell >= SMALLEST_GLYPH else _STRONG)[kind]


def rules(geometry: GridGeometry) -> tuple[Shape, ...]:
    """The lines between the cells and around the board."""
    left, top, right, bottom = geometry.left, geometry.top, geometry.left + geometry.width, geometry.top
    bottom += geometry.height
    lines: list[Shape] = []
    if geometry.cell >= SMALLEST_LINED:
        width = 1.0 if geometry.cell < 40 else 1.5
        lines += [
            Line(geometry.corner(0, c)[0], top, geometry.corner(0, c)[0], bottom, RULE, width)
            for c in range(1, geometry.columns)
        ]
        lines += [
            Line(left, geometry.corner(r, 0)[1], right, geometry.corner(r, 0)[1], RULE, width)
            for r in range(1, geometry.rows)
        ]
    frame = 1.0 if geometry.cell < 12 else 2.0
    lines.append(
        Rectangle(left - frame, top - frame, right - left + 2 * frame, bottom - top + 2 * frame, None, INK_SOFT, frame)
    )
    return tuple(lines)


def indices(geometry: GridGeometry) -> tuple[Shape, ...]:
    """The numbers of columns (above) and rows (to the left); none where cells are too small."""
    if geometry.cell < SMALLEST_INDEXED:
        return ()
    size = min(13.0, 0.4 * geometry.cell)
    above = geometry.top - 5.0 - 0.4 * size
    beside = geometry.left - 6.0
    across = [Label(geometry.centre(0, c)[0], above, str(c), size, INK_SOFT) for c in range(geometry.columns)]
    down = [Label(beside, geometry.centre(r, 0)[1], str(r), size, INK_SOFT, "rm") for r in range(geometry.rows)]
    return (*across, *down)


def flag(x: float, y: float, height: float, colour: Colour) -> tuple[Shape, ...]:
    """A flag on a pole whose foot stands at (x, y)."""
    pole = max(1.2, 0.07 * height)
    top = y - height
    cloth = ((x, top), (x + 0.68 * height, top + 0.24 * height), (x, top + 0.5 * height))
    return (
        Polygon(cloth, colour),
        Polyline(((x, y), (x, top)), INK, pole),
        Circle(x, y, 1.3 * pole, INK),
    )


def pit(x: float, y: float, radius: float) -> tuple[Shape, ...]:
    """A round hole seen from above: a rim, the dark, and a darker bottom."""
    return (
        Circle(x, y, radius, mix(PANEL, INK, 0.35)),
        Circle(x, y, 0.86 * radius, mix(PANEL, INK, 0.75)),
        Circle(x, y + 0.1 * radius, 0.66 * radius, INK),
    )


def token(x: float, y: float, radius: float, colour: Colour, heading: Cell | None = None) -> tuple[Shape, ...]:
    """The agent: a round piece with eyes that look where it is heading, (rows, columns) of its last move."""
    rows, columns = heading or (0, 0)
    across, down = 0.26 * radius * columns, 0.26 * radius * rows
    body: list[Shape] = [
        Circle(x, y + 0.1 * radius, radius, mix(PANEL, INK, 0.28)),
        Circle(x, y, radius, colour, PANEL, max(1.0, 0.09 * radius)),
    ]
    if radius >= 6.0:
        for side in (-1, 1):
            eye_x, eye_y = x + 0.34 * radius * side + across, y - 0.1 * radius + down
            body.append(Circle(eye_x, eye_y, 0.24 * radius, PANEL))
            body.append(Circle(eye_x + 0.4 * across, eye_y + 0.4 * down, 0.12 * radius, INK))
    return tuple(body)
