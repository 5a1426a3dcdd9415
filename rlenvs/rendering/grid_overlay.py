"""What is known about a grid, drawn on it: values as heat and numbers, action values as triangles, a policy."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rlenvs.rendering.grid import Cell, GridGeometry
from rlenvs.rendering.lettering import decimals_for, fitting_size, fixed
from rlenvs.rendering.palette import INK, PANEL, ColourScale, text_on
from rlenvs.rendering.scene import Arrow, Circle, Colour, Label, Line, Polygon, Rectangle, Shape

MOVES: Final[tuple[Cell, ...]] = ((-1, 0), (1, 0), (0, -1), (0, 1))
"""(rows, columns) of up, down, left and right: the order of the last axis of policies and action values."""

SMALLEST_NUMBERED = 30
SMALLEST_ARROWED = 9
_SMALLEST_TRIANGLE_TEXT = 60


@dataclass(frozen=True, slots=True, eq=False)
class GridOverlay:
    """Arrays to be drawn on a grid; each may be missing.

    Attributes:
        values: (rows, columns) floats; NaN where there is nothing to say.
        policy: (rows, columns, 4) probabilities of up, down, left, right; all 0 where there is nothing to say.
        action_values: (rows, columns, 4) floats; NaN or an infinity where there is nothing to say.
        decimals: Decimals of written numbers; None for as many as the numbers need.
        title: What the numbers are, for the colour bar.
    """

    values: NDArray[np.float64] | None = None
    policy: NDArray[np.float64] | None = None
    action_values: NDArray[np.float64] | None = None
    decimals: int | None = None
    title: str = ""

    @property
    def scale(self) -> ColourScale | None:
        """The colours of the numbers that are shown, None where there are only arrows."""
        shown = self.values if self.action_values is None else self.action_values
        return None if shown is None else ColourScale.of(shown)

    @property
    def written_decimals(self) -> int:
        """Decimals of the numbers that are shown."""
        if self.decimals is not None:
            return self.decimals
        shown = self.values if self.action_values is None else self.action_values
        return 0 if shown is None else decimals_for(shown.ravel().tolist())

    def check(self, rows: int, columns: int) -> None:
        """Refuse arrays that do not fit the board.

        Raises:
            ValueError: An array has another shape than the board.
        """
        expected = {
            "values": (rows, columns),
            "policy": (rows, columns, len(MOVES)),
            "action_values": (rows, columns, len(MOVES)),
        }
        for name, shape in expected.items():
            array = getattr(self, name)
            if array is not None and array.shape != shape:
                raise ValueError(f"`{name}`: expected an array of shape {shape}, one entry per cell, got {array.shape}")


def value_numbers(
    geometry: GridGeometry, values: NDArray[np.float64], scale: ColourScale, *, decimals: int, height: float = 0.5
) -> tuple[Shape, ...]:
    """The number of each cell, at `height` (0 top … 1 bottom) of the cell; none where cells are too small."""
    if geometry.cell < SMALLEST_NUMBERED:
        return ()
    texts = {cell: fixed(float(values[cell]), decimals) for cell in _known(values)}
    width, largest = 0.86 * geometry.cell, min(22.0, 0.24 * geometry.cell + 3.0)
    size = min((fitting_size(text, width, largest) for text in texts.values()), default=largest)
    return tuple(
        Label(
            *geometry.corner(row + height, column + 0.5), text, size, text_on(scale.colour(float(values[row, column])))
        )
        for (row, column), text in texts.items()
    )


def _known(array: NDArray[np.float64]) -> list[Cell]:
    """The cells whose value is finite."""
    return [(int(row), int(column)) for row, column in np.argwhere(np.isfinite(array))]


def policy_arrows(
    geometry: GridGeometry,
    policy: NDArray[np.float64],
    colours: NDArray[np.uint8],
    *,
    height: float = 0.5,
    reach: float = 0.3,
) -> tuple[Shape, ...]:
    """Arrows for the moves that a policy may make in each cell.

    Args:
        geometry: The board.
        policy: (rows, columns, 4) probabilities; an arrow's length goes with the probability.
        colours: (rows, columns, 3) the floor, which decides between dark and light arrows.
        height: Where in the cell the arrows start, 0 top … 1 bottom.
        reach: Length of the longest arrow from the middle, as a share of the cell.
    """
    if geometry.cell < SMALLEST_ARROWED:
        return ()
    arrows: list[Shape] = []
    for row, column in np.argwhere(policy.max(axis=-1) > 0.0).tolist():
        red, green, blue = colours[row, column].tolist()
        place = geometry.corner(row + height, column + 0.5)
        ink = text_on((red, green, blue))
        arrows += _cell_arrows(place, policy[row, column].tolist(), reach * geometry.cell, ink)
    return tuple(arrows)


def _cell_arrows(place: tuple[float, float], chances: list[float], reach: float, ink: Colour) -> list[Shape]:
    """One arrow through the place, or several that start there."""
    x, y = place
    width, head = max(1.0, 0.085 * reach), max(3.5, 0.42 * reach)
    wanted = [(move, chance) for move, chance in zip(MOVES, chances, strict=True) if chance > 0.0]
    if len(wanted) == 1:
        rows, columns = wanted[0][0]
        dx, dy = 0.85 * reach * columns, 0.85 * reach * rows
        return [Arrow(((x - dx, y - dy), (x + dx, y + dy)), ink, width, head)]
    most = max(chance for _, chance in wanted)
    shapes: list[Shape] = []
    for (rows, columns), chance in wanted:
        length = reach * (0.45 + 0.55 * chance / most)
        shapes.append(Arrow(((x, y), (x + length * columns, y + length * rows)), ink, width, min(head, 0.7 * length)))
    return [*shapes, Circle(x, y, 1.3 * width, ink)]


def action_triangles(
    geometry: GridGeometry, action_values: NDArray[np.float64], scale: ColourScale, *, decimals: int
) -> tuple[Shape, ...]:
    """Each cell cut into four triangles, one per move, coloured by its value; the best numbers are bold."""
    side = geometry.cell
    texts = [fixed(value, decimals) for value in action_values[np.isfinite(action_values)].tolist()]
    size = min((fitting_size(text, 0.3 * side, 0.15 * side) for text in texts), default=0.0)
    shapes: list[Shape] = []
    for row, column in np.argwhere(np.isfinite(action_values).any(axis=-1)).tolist():
        values = action_values[row, column].tolist()
        shapes += _triangles(geometry, (row, column), values, scale)
        if side >= _SMALLEST_TRIANGLE_TEXT:
            shapes += _triangle_numbers(geometry, (row, column), values, scale, decimals, size)
    return tuple(shapes)


def _triangles(geometry: GridGeometry, cell: Cell, values: list[float], scale: ColourScale) -> list[Shape]:
    left, top = geometry.corner(*cell)
    side, centre = geometry.cell, geometry.centre(*cell)
    corners = ((left, top), (left + side, top), (left + side, top + side), (left, top + side))
    edges = ((0, 1), (2, 3), (3, 0), (1, 2))
    return [
        *(
            Polygon((corners[a], corners[b], centre), scale.colour(value))
            for (a, b), value in zip(edges, values, strict=True)
        ),
        Line(left, top, left + side, top + side, PANEL, 1.0),
        Line(left, top + side, left + side, top, PANEL, 1.0),
        Rectangle(left, top, side, side, None, PANEL, max(1.0, 0.025 * side)),
    ]


def _triangle_numbers(
    geometry: GridGeometry, cell: Cell, values: list[float], scale: ColourScale, decimals: int, size: float
) -> list[Shape]:
    side, (x, y) = geometry.cell, geometry.centre(*cell)
    best = max(value for value in values if math.isfinite(value))
    shapes: list[Shape] = []
    for (rows, columns), value in zip(MOVES, values, strict=True):
        if math.isfinite(value):
            place = (x + 0.32 * side * columns, y + 0.37 * side * rows)
            is_best = math.isclose(value, best, rel_tol=1e-9, abs_tol=1e-12)
            text = fixed(value, decimals)
            shapes.append(Label(*place, text, size, text_on(scale.colour(value)), bold=is_best))
    return shapes


def colour_bar(
    x: float, y: float, height: float, scale: ColourScale, *, decimals: int, title: str = ""
) -> tuple[Shape, ...]:
    """A vertical bar of a scale's colours with its ends (and zero) written beside it; about 60 pixels wide."""
    steps, width = 64, 14.0
    low, high = (scale.low, scale.high)
    step = height / steps
    shapes: list[Shape] = [
        Polygon(
            (
                (x, y + index * step),
                (x + width, y + index * step),
                (x + width, y + (index + 1) * step + 0.5),
                (x, y + (index + 1) * step + 0.5),
            ),
            scale.colour(high + (low - high) * (index + 0.5) / steps),
        )
        for index in range(steps)
    ]
    places = {high: y, low: y + height}
    if scale.is_diverging:
        zero = y + height * high / (high - low)
        if min(zero - y, y + height - zero) > 16.0:
            places[0.0] = zero
    shapes += [Label(x + width + 6, place, fixed(value, decimals), 12, INK, "lm") for value, place in places.items()]
    if title:
        shapes.append(Label(x, y - 12, title, 12, INK, "ls"))
    return tuple(shapes)
