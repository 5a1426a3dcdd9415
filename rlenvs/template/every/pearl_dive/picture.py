"""The picture: a state as plain shapes, and the same as text."""

from collections.abc import Sequence

from rlenvs.rendering import Circle, Label, Line, Polygon, Rectangle, Scene, Shape
from rlenvs.rendering.palette import AMBER, INK, PAPER, VERMILION, mix, text_on

WIDTH, SKY_HEIGHT, LEVEL, BAR = 300, 70, 56, 44
SHALLOW, DEEP = (150, 208, 236), (16, 52, 108)


def picture(depth: int, pearls: int, *, deepest: int, bag: int, is_lost: bool, notes: Sequence[str] = ()) -> Scene:
    """The sea with the diver in it.

    Args:
        depth: where the diver is, 0 … deepest; 0 is the boat.
        pearls: in the bag.
        deepest: the number of levels below the boat.
        bag: how many pearls it holds.
        is_lost: whether the current has taken the diver.
        notes: a line for each depth from 1 on, written beside the water.
    """
    shapes: list[Shape] = [] if is_lost else list(_diver(depth))
    for level, note in enumerate(notes, start=1):
        shapes.append(Label(WIDTH - 12, _middle(level), note, 13, text_on(_water(level, deepest)), "rm"))
    bottom = SKY_HEIGHT + deepest * LEVEL + BAR / 2
    shapes += [Label(12, bottom, "lost" if is_lost else "bag", 15, VERMILION if is_lost else INK, "lm")]
    for place in range(bag):
        shapes.append(Circle(66 + 26 * place, bottom, 9, AMBER if place < pearls else None, INK))
    height = SKY_HEIGHT + deepest * LEVEL + BAR
    text = _text(depth, pearls, deepest, bag, is_lost, notes)
    return Scene(WIDTH, height, PAPER, tuple(shapes), text, _sea(deepest))


def _middle(level: int) -> float:
    return SKY_HEIGHT + (level - 0.5) * LEVEL


def _water(level: int, deepest: int) -> tuple[int, int, int]:
    return mix(SHALLOW, DEEP, (level - 1) / max(deepest - 1, 1))


def _sea(deepest: int) -> tuple[Shape, ...]:
    """What stays: water that darkens, more oysters further down, and the boat."""
    shapes: list[Shape] = []
    for level in range(1, deepest + 1):
        colour = _water(level, deepest)
        top = SKY_HEIGHT + (level - 1) * LEVEL
        shapes.append(Rectangle(0, top, WIDTH, LEVEL, colour))
        shapes.append(Label(12, _middle(level), str(level), 14, text_on(colour), "lm"))
        shapes += [Circle(40 + 16 * oyster, top + LEVEL - 12, 5, AMBER, INK) for oyster in range(level)]
    shapes.append(Polygon(((95, 40), (225, 40), (205, SKY_HEIGHT), (115, SKY_HEIGHT)), VERMILION))
    shapes.append(Line(160, 8, 160, 40, INK, 3))
    return tuple(shapes)


def _diver(depth: int) -> tuple[Shape, ...]:
    x, y = 160.0, _middle(depth) if depth else 26.0
    return (
        Line(x - 13, y + 15, x - 4, y + 4, INK, 4),
        Line(x + 13, y + 15, x + 4, y + 4, INK, 4),
        Circle(x, y, 13, AMBER, INK, 2),
        Rectangle(x - 8, y - 6, 16, 8, SHALLOW, INK, radius=3),
    )


def _text(depth: int, pearls: int, deepest: int, bag: int, is_lost: bool, notes: Sequence[str]) -> str:
    lines = ["boat" if depth or is_lost else "boat D"]
    for level in range(1, deepest + 1):
        sign = "D" if level == depth and not is_lost else "~"
        note = f"  {notes[level - 1]}" if notes else ""
        lines.append(f"{level:>4} {sign}{note}")
    return "\n".join([*lines, "lost" if is_lost else f"bag {pearls} of {bag}"])
