"""A board game with a creature that crawls from cell to cell: body, head, food and a score line."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from rlenvs.rendering.curves import bezier_point
from rlenvs.rendering.grid import Cell, GridGeometry
from rlenvs.rendering.palette import AMBER, BLUE, GREEN, INK, INK_SOFT, PANEL, PAPER, SKY, VERMILION, mix
from rlenvs.rendering.scene import Circle, Colour, Label, Pixels, Polyline, Rectangle, Scene, Shape

_LARGEST_BOARD = 480
_LARGEST_CELL = 72
_MARGIN = 14
_BAR = 40
_LIGHT: Colour = (238, 243, 234)
_DARK: Colour = (227, 235, 222)
_HEAD: Colour = BLUE
_TAIL: Colour = mix(SKY, PANEL, 0.1)


@dataclass(frozen=True, eq=False)
class BoardDiagram:
    """Draws one board, again and again with another body and another food."""

    rows: int
    columns: int

    @cached_property
    def geometry(self) -> GridGeometry:
        """Where the cells lie: a board of about 480 pixels under a score line."""
        largest = max(self.rows, self.columns)
        cell = max(2, min(_LARGEST_CELL, _LARGEST_BOARD // largest))
        # A narrow board still needs room for the score.
        left = _MARGIN + max(0, (200 - self.columns * cell) // 2)
        return GridGeometry(self.rows, self.columns, cell, left, _MARGIN + _BAR)

    @property
    def width(self) -> int:
        """Width of the picture in pixels."""
        return 2 * self.geometry.left + self.geometry.width

    @property
    def height(self) -> int:
        """Height of the picture in pixels."""
        return self.geometry.top + self.geometry.height + _MARGIN

    @cached_property
    def backdrop(self) -> tuple[Shape, ...]:
        """The empty board: a chequered floor in a frame."""
        geometry = self.geometry
        tones = (bytes(_LIGHT), bytes(_DARK))
        floor = b"".join(tones[(row + column) % 2] for row in range(self.rows) for column in range(self.columns))
        left, top, frame = geometry.left, geometry.top, 4
        return (
            Rectangle(
                left - frame, top - frame, geometry.width + 2 * frame, geometry.height + 2 * frame, INK_SOFT, radius=5
            ),
            Pixels(left, top, self.rows, self.columns, geometry.cell, floor),
        )

    def scene(
        self,
        body: Sequence[Cell],
        *,
        heading: Cell,
        food: Cell | None,
        left_text: str = "",
        right_text: str = "",
        is_dead: bool = False,
        text: str = "",
    ) -> Scene:
        """The picture of one moment.

        Args:
            body: Cells from the head to the tail; neighbours in the list are neighbours on the board. A head
                outside the board is drawn on its edge.
            heading: (rows, columns) of the way the head looks.
            food: Where the food lies, None for no food.
            left_text: What stands above the board on the left, such as the score.
            right_text: What stands above the board on the right.
            is_dead: Whether the creature has just died: its head turns red and its eyes close.
            text: The form for a terminal.
        """
        shapes: list[Shape] = [*self._score(left_text, right_text)]
        if food is not None:
            shapes += self._food(food)
        if body:
            shapes += self._body(body)
            shapes += self._head(body[0], heading, VERMILION if is_dead else _HEAD, is_dead=is_dead)
        return Scene(self.width, self.height, PAPER, tuple(shapes), text, self.backdrop)

    def _score(self, left_text: str, right_text: str) -> list[Shape]:
        geometry, y = self.geometry, 0.5 * (_MARGIN + _BAR)
        left = min(geometry.left, _MARGIN + 2)
        labels: list[Shape] = []
        if left_text:
            labels.append(Label(left, y, left_text, 19, INK, "lm", bold=True))
        if right_text:
            labels.append(Label(self.width - left, y, right_text, 15, INK_SOFT, "rm"))
        return labels

    def _food(self, food: Cell) -> list[Shape]:
        """An apple with a stalk and a leaf; a plain dot where cells are small."""
        cell, (x, y) = self.geometry.cell, self.geometry.centre(*food)
        if cell < 12:
            return [Circle(x, y, max(1.0, 0.4 * cell), VERMILION)]
        return [
            Circle(x, y + 0.03 * cell, 0.3 * cell, mix(VERMILION, INK, 0.15)),
            Circle(x - 0.02 * cell, y + 0.01 * cell, 0.27 * cell, VERMILION),
            Circle(x - 0.1 * cell, y - 0.08 * cell, 0.07 * cell, mix(VERMILION, PANEL, 0.6)),
            Polyline(((x, y - 0.2 * cell), (x + 0.05 * cell, y - 0.38 * cell)), INK, 0.055 * cell),
            Polyline(((x + 0.08 * cell, y - 0.33 * cell), (x + 0.2 * cell, y - 0.38 * cell)), GREEN, 0.1 * cell),
        ]

    def _body(self, body: Sequence[Cell]) -> list[Shape]:
        """Thick strokes, tail first, so that the colour runs from the tail to the head."""
        cell = self.geometry.cell
        places = [self.geometry.centre(*self._kept_inside(part)) for part in body]
        pieces = max(1, 24 // len(body))
        path = [bezier_point(link, part / pieces) for link in pairwise(places) for part in range(pieces)]
        path.append(places[-1])
        shapes: list[Shape] = []
        for index, (nearer, farther) in reversed(list(enumerate(pairwise(path)))):
            share = (index + 1) / len(path)
            shapes.append(Polyline((farther, nearer), mix(_HEAD, _TAIL, 0.15 + 0.85 * share), 0.66 * cell))
        return shapes

    def _kept_inside(self, part: Cell) -> tuple[float, float]:
        """The part, or the nearest place on the board's edge."""
        row, column = part
        return min(max(row, -0.55), self.rows - 0.45), min(max(column, -0.55), self.columns - 0.45)

    def _head(self, head: Cell, heading: Cell, colour: Colour, *, is_dead: bool) -> list[Shape]:
        cell, (x, y) = self.geometry.cell, self.geometry.centre(*self._kept_inside(head))
        shapes: list[Shape] = [Circle(x, y, 0.43 * cell, colour)]
        if cell < 10:
            return shapes
        rows, columns = heading
        for side in (-1, 1):
            eye_x = x + cell * (0.14 * columns + 0.19 * side * rows)
            eye_y = y + cell * (0.14 * rows + 0.19 * side * columns)
            if is_dead:
                size = 0.08 * cell
                for sign in (-1, 1):
                    ends = ((eye_x - size, eye_y - sign * size), (eye_x + size, eye_y + sign * size))
                    shapes.append(Polyline(ends, PANEL, 0.05 * cell))
                continue
            shapes.append(Circle(eye_x, eye_y, 0.13 * cell, PANEL))
            shapes.append(Circle(eye_x + 0.045 * cell * columns, eye_y + 0.045 * cell * rows, 0.07 * cell, INK))
        return shapes


def progress_bar(x: float, y: float, width: float, share: float) -> tuple[Shape, ...]:
    """A thin horizontal bar of which `share` (0 … 1) is filled."""
    filled = width * min(max(share, 0.0), 1.0)
    track = Rectangle(x, y, width, 5, mix(PAPER, INK, 0.12), radius=2.5)
    return (track,) if filled < 5 else (track, Rectangle(x, y, filled, 5, AMBER, radius=2.5))
