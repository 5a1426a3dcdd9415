"""The picture of a grid: floor, marks, what is known about it, and the agent."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rlenvs.rendering.curves import bezier_point, direction
from rlenvs.rendering.grid import (
    SMALLEST_GLYPH,
    Cell,
    GridGeometry,
    Jump,
    Mark,
    flag,
    indices,
    mark_colour,
    pit,
    rules,
    token,
)
from rlenvs.rendering.grid_overlay import (
    SMALLEST_NUMBERED,
    GridOverlay,
    action_triangles,
    colour_bar,
    policy_arrows,
    value_numbers,
)
from rlenvs.rendering.lettering import fitting_size
from rlenvs.rendering.palette import (
    AMBER,
    BLUE,
    GREEN,
    INK,
    INK_SOFT,
    PANEL,
    PAPER,
    PURPLE,
    VERMILION,
    mix,
    text_on,
)
from rlenvs.rendering.scene import Arrow, Circle, Colour, Label, Pixels, Rectangle, Scene, Shape

_BAR_ROOM = 78
_EMPTY = GridOverlay()


@dataclass(frozen=True, eq=False)
class GridDiagram:
    """Draws one grid, again and again with another place of the agent.

    Attributes:
        rows: Number of rows.
        columns: Number of columns.
        marks: What is not plain floor; of several marks of one cell the last gives the floor's colour.
        jumps: Cells that lead elsewhere.
        overlay: Values, a policy or action values to be drawn on the cells.
    """

    rows: int
    columns: int
    marks: tuple[Mark, ...] = ()
    jumps: tuple[Jump, ...] = ()
    overlay: GridOverlay = _EMPTY

    def __post_init__(self) -> None:
        """Refuse marks outside the board and arrays of another shape."""
        self.overlay.check(self.rows, self.columns)
        for mark in self.marks:
            if not (0 <= mark.row < self.rows and 0 <= mark.column < self.columns):
                raise ValueError(f"`marks`: expected cells of a {self.rows} x {self.columns} board, got {mark!r}")

    @cached_property
    def geometry(self) -> GridGeometry:
        """Where the cells lie."""
        return GridGeometry.fitted(self.rows, self.columns)

    @cached_property
    def width(self) -> int:
        """Width of the picture in pixels."""
        bar = _BAR_ROOM if self.overlay.scale is not None else 0
        return 2 * self.geometry.left + self.geometry.width + bar

    @cached_property
    def height(self) -> int:
        """Height of the picture in pixels."""
        return 2 * self.geometry.top + self.geometry.height

    @cached_property
    def floor(self) -> NDArray[np.uint8]:
        """The colour of every cell, (rows, columns, 3)."""
        scale, values = self.overlay.scale, self.overlay.values
        colours = np.full((self.rows, self.columns, 3), PANEL, dtype=np.uint8)
        known = np.zeros((self.rows, self.columns), dtype=bool)
        if scale is not None and values is not None:
            known = np.isfinite(values)
            colours[known] = scale.colours(values)[known]
        for mark in self.marks:
            if mark.kind == "wall" or not known[mark.row, mark.column]:
                colours[mark.row, mark.column] = mark_colour(mark.kind, self.geometry.cell)
        return colours

    @cached_property
    def backdrop(self) -> tuple[Shape, ...]:
        """Everything but the agent."""
        geometry = self.geometry
        pixels = Pixels(geometry.left, geometry.top, self.rows, self.columns, geometry.cell, self.floor.tobytes())
        return (
            pixels,
            *self._triangles(),
            *rules(geometry),
            *indices(geometry),
            *self._signs(),
            *self._jump_arrows(),
            *self._knowledge(),
        )

    def scene(self, agent: Cell | None = None, *, heading: Cell | None = None, note: str = "", text: str = "") -> Scene:
        """The picture with the agent on a cell.

        Args:
            agent: Where the agent is, None for nowhere. A cell outside the board is drawn on its edge.
            heading: (rows, columns) of its last move, where its eyes look.
            note: A line below the board.
            text: The form for a terminal.
        """
        shapes = () if agent is None else self._agent(agent, heading)
        if note:
            y = self.height - 0.5 * self.geometry.top
            shapes += (Label(self.geometry.left, y, note, min(16.0, 0.7 * self.geometry.top), INK_SOFT, "lm"),)
        return Scene(self.width, self.height, PAPER, shapes, text, self.backdrop)

    def _agent(self, agent: Cell, heading: Cell | None) -> tuple[Shape, ...]:
        cell = self.geometry.cell
        row = min(max(agent[0], -0.62), self.rows - 0.38)
        column = min(max(agent[1], -0.62), self.columns - 0.38)
        x, y = self.geometry.centre(row, column)
        if (row, column) != agent:
            return token(x, y, max(2.0, 0.2 * cell), VERMILION, heading)
        is_bare = self.overlay.scale is None and self.overlay.policy is None
        if is_bare or cell < SMALLEST_NUMBERED:
            return token(x, y, max(4.0, 0.3 * cell), BLUE, heading)
        left, top = self.geometry.corner(row, column)
        frame = Rectangle(left, top, cell, cell, None, AMBER, max(1.5, 0.05 * cell))
        # The numbers of the four moves leave the middle free, a cell's own number and arrow a corner.
        place = (x, y) if self.overlay.action_values is not None else (left + 0.83 * cell, top + 0.83 * cell)
        return frame, *token(*place, 0.12 * cell, BLUE, heading)

    def _signs(self) -> list[Shape]:
        """What stands on marked cells, and their labels."""
        if self.geometry.cell < SMALLEST_GLYPH:
            return []
        return [shape for mark in self.marks for shape in self._sign(mark)]

    def _sign(self, mark: Mark) -> list[Shape]:
        x, y = self.geometry.centre(mark.row, mark.column)
        cell, shapes = self.geometry.cell, list[Shape]()
        if mark.kind == "wall":
            return shapes
        if self._is_covered(mark):
            return self._small_sign(mark)
        if mark.kind in ("goal", "trap"):
            raised = 0.07 * cell if mark.label else 0.0
            colour = GREEN if mark.kind == "goal" else VERMILION
            shapes += flag(x - 0.14 * cell, y + 0.22 * cell - raised, 0.46 * cell, colour)
        elif mark.kind == "hole":
            shapes += pit(x, y, 0.34 * cell)
        elif mark.kind == "start" and not mark.label:
            shapes.append(Circle(x, y, 0.36 * cell, None, mix(PANEL, BLUE, 0.45), max(1.0, 0.03 * cell)))
        return [*shapes, *self._mark_label(mark, x, y + 0.34 * cell)]

    def _mark_label(self, mark: Mark, x: float, y: float) -> list[Shape]:
        cell = self.geometry.cell
        if not mark.label or cell < SMALLEST_NUMBERED:
            return []
        size = fitting_size(mark.label, 0.9 * cell, min(17.0, 0.14 * cell + 4.0))
        place = y if mark.kind in ("goal", "trap", "hole") else y - 0.34 * cell
        return [Label(x, place, mark.label, size, _LABEL_COLOURS.get(mark.kind, INK), bold=True)]

    def _is_covered(self, mark: Mark) -> bool:
        """Whether a number, an arrow or triangles lie on the cell, so that its sign has to make room."""
        cell = (mark.row, mark.column)
        overlay = self.overlay
        return bool(
            (overlay.values is not None and np.isfinite(overlay.values[cell]))
            or (overlay.policy is not None and overlay.policy[cell].any())
            or (overlay.action_values is not None and np.isfinite(overlay.action_values[cell]).any())
        )

    def _small_sign(self, mark: Mark) -> list[Shape]:
        """A letter in the upper left corner, in the ink that reads on the floor."""
        cell = self.geometry.cell
        letter = mark.label or {"start": "S", "goal": "G", "trap": "T", "hole": "H"}.get(mark.kind, "")
        if not letter or cell < SMALLEST_NUMBERED or self.overlay.action_values is not None:
            return []
        left, top = self.geometry.corner(mark.row, mark.column)
        red, green, blue = self.floor[mark.row, mark.column].tolist()
        size = fitting_size(letter, 0.5 * cell, min(12.0, 0.22 * cell))
        return [Label(left + 0.06 * cell, top + 0.06 * cell, letter, size, text_on((red, green, blue)), "lt")]

    def _jump_arrows(self) -> list[Shape]:
        shapes: list[Shape] = []
        for jump in self.jumps:
            start, end, cell = (
                self.geometry.centre(*jump.source),
                self.geometry.centre(*jump.target),
                self.geometry.cell,
            )
            across, down = direction(start, end)
            # Beside the middle of the cells, where numbers and arrows of the overlay stand.
            side = (-0.43 * down * cell, 0.43 * across * cell)
            first = (start[0] + side[0], start[1] + side[1])
            last = (end[0] + side[0], end[1] + side[1])
            bend = ((start[0] + end[0]) / 2 + 1.15 * side[0], (start[1] + end[1]) / 2 + 1.15 * side[1])
            shapes.append(Arrow((first, bend, last), PURPLE, max(1.0, 0.025 * cell), max(4.0, 0.14 * cell)))
            if jump.label and cell >= SMALLEST_NUMBERED:
                middle = bezier_point((first, bend, last), 0.5)
                shapes.append(Label(*middle, jump.label, min(15.0, 0.2 * cell), PURPLE, bold=True, halo=PANEL))
        return shapes

    def _triangles(self) -> tuple[Shape, ...]:
        scale, action_values = self.overlay.scale, self.overlay.action_values
        if scale is None or action_values is None:
            return ()
        return action_triangles(self.geometry, action_values, scale, decimals=self.overlay.written_decimals)

    def _knowledge(self) -> list[Shape]:
        """Numbers, arrows and the colour bar."""
        overlay, geometry, decimals = self.overlay, self.geometry, self.overlay.written_decimals
        shapes: list[Shape] = []
        is_numbered = overlay.values is not None and geometry.cell >= SMALLEST_NUMBERED
        if overlay.values is not None and overlay.scale is not None and overlay.action_values is None:
            height = 0.5 if overlay.policy is None else 0.3
            shapes += value_numbers(geometry, overlay.values, overlay.scale, height=height, decimals=decimals)
        if overlay.policy is not None:
            height, reach = (0.68, 0.21) if is_numbered else (0.5, 0.32)
            shapes += policy_arrows(geometry, overlay.policy, self.floor, height=height, reach=reach)
        if overlay.scale is not None:
            x, y = geometry.left + geometry.width + 18, geometry.top + (14 if overlay.title else 0)
            room = geometry.top + geometry.height - y
            shapes += colour_bar(x, y, room, overlay.scale, title=overlay.title, decimals=decimals)
        return shapes


_LABEL_COLOURS: dict[str, Colour] = {
    "goal": mix(GREEN, INK, 0.3),
    "trap": mix(VERMILION, INK, 0.2),
    "start": INK_SOFT,
    "gain": mix(GREEN, INK, 0.3),
    "jump": PURPLE,
}
