"""The panel beside the picture: score, seed, keys, exact values."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from rlenvs.rendering import Colour, Label, Polygon, Rectangle, Shape, palette
from rlenvs.rendering.lettering import fitting_size, text_width
from rlenvs_play.strips import LARGE, MARGIN, NORMAL, SMALL, Image, strip
from rlenvs_play.view import ActionLine, View

PANEL_WIDTH = 304
INNER = PANEL_WIDTH - 2 * MARGIN
CELL = INNER // 3
TITLE_HEIGHT, NUMBERS_HEIGHT, WORD_HEIGHT, LINE_HEIGHT, GAP, COMMAND_ROW, NOTE_HEIGHT = 38, 52, 19, 20, 12, 19, 42
SHOWN_ROWS = 18
KEY_LETTERS = 0.66
"""Size of the letters on a key, as a share of its height."""
CHOSEN: Colour = (232, 238, 245)
ARROWS = {"up": (0.0, -1.0), "down": (0.0, 1.0), "left": (-1.0, 0.0), "right": (1.0, 0.0)}


def row_height(n_rows: int) -> int:
    """Height of a line of the legend: less where there are many."""
    return 27 if n_rows <= 8 else 21


def panel_height(view: View) -> int:
    """How high the panel has to be."""
    n_rows = min(len(view.actions), SHOWN_ROWS + 1)
    head = TITLE_HEIGHT + NUMBERS_HEIGHT + LINE_HEIGHT * len(_lines(view)) + 2 * GAP
    return head + n_rows * row_height(n_rows) + 2 * GAP + _commands_height(len(view.commands)) + NOTE_HEIGHT


def panel_picture(view: View, height: int) -> Image:
    """The panel, (height, PANEL_WIDTH, 3)."""
    canvas = _blank(height).copy()
    top = _put(canvas, 0, _title(view.title))
    for place, (word, text) in enumerate(view.numbers[:3]):
        left = MARGIN + place * CELL
        _put_number(canvas[top : top + NUMBERS_HEIGHT, left : left + CELL], word, text)
    top += NUMBERS_HEIGHT
    for line in _lines(view):
        top = _put(canvas, top, _line(line))
    top = _put_rule(canvas, top)
    step = row_height(min(len(view.actions), SHOWN_ROWS + 1))
    shown = view.actions[:SHOWN_ROWS]
    text_x = MARGIN + 10 + max((_caps_width(line, step) for line in shown), default=0.0)
    for action in shown:
        top = _put(canvas, top, _action(action, step, text_x))
    if len(view.actions) > SHOWN_ROWS:
        top = _put(canvas, top, _line(f"and {len(view.actions) - SHOWN_ROWS} more"))
    top = _put_rule(canvas, top)
    _put(canvas, top, _commands(view.commands))
    if view.note:
        _put(canvas, height - NOTE_HEIGHT, _note(view.note))
    return canvas


@lru_cache(maxsize=2)
def _blank(height: int) -> Image:
    canvas = np.full((height, PANEL_WIDTH, 3), palette.PAPER, np.uint8)
    canvas[:, 0] = palette.RULE
    return canvas


def _put(canvas: Image, top: int, piece: Image) -> int:
    """Put a piece as wide as the panel; what does not fit is cut off. The place below it is returned."""
    room = max(0, min(piece.shape[0], canvas.shape[0] - top))
    canvas[top : top + room, 1:] = piece[:room, 1:]
    return top + len(piece)


def _put_rule(canvas: Image, top: int) -> int:
    if top + GAP < canvas.shape[0]:
        canvas[top + GAP, MARGIN : PANEL_WIDTH - MARGIN] = palette.RULE
    return top + 2 * GAP


def _lines(view: View) -> tuple[str, ...]:
    """Lines of small writing below the numbers: two numbers a line, then who plays."""
    rest = [f"{word} {text}" for word, text in view.numbers[3:]]
    pairs = [", ".join(rest[start : start + 2]) for start in range(0, len(rest), 2)]
    return (*pairs, view.status)


@lru_cache(maxsize=4)
def _title(title: str) -> Image:
    label = Label(MARGIN, 23, title, fitting_size(title, INNER / 1.04, 17.0), palette.INK, "lm", bold=True)
    return strip(PANEL_WIDTH, TITLE_HEIGHT, (label,))


def _put_number(cell: Image, word: str, text: str) -> None:
    """A word with its number below. The number is set letter by letter: it is another one at every step."""
    cell[:WORD_HEIGHT] = _word(word)
    size, x = fitting_size(text, CELL - 8, LARGE), 0.0
    for character in text:
        letter = _letter(character, size)
        place = cell[WORD_HEIGHT:, round(x) : round(x) + letter.shape[1]]
        # Letters may reach into each other's room; they are darker than the paper.
        np.minimum(place, letter[:, : place.shape[1]], out=place)
        x += text_width(character, size)


@lru_cache(maxsize=16)
def _word(word: str) -> Image:
    return strip(CELL, WORD_HEIGHT, (Label(0, 10, word, SMALL, palette.INK_SOFT, "lm"),))


@lru_cache(maxsize=64)
def _letter(character: str, size: float) -> Image:
    width = math.ceil(text_width(character, size)) + 2
    label = Label(0, 32 - WORD_HEIGHT, character, size, palette.INK, "lm")
    return strip(width, NUMBERS_HEIGHT - WORD_HEIGHT, (label,))


@lru_cache(maxsize=32)
def _line(text: str) -> Image:
    size = fitting_size(text, INNER, SMALL)
    return strip(PANEL_WIDTH, LINE_HEIGHT, (Label(MARGIN, LINE_HEIGHT / 2, text, size, palette.INK_SOFT, "lm"),))


@lru_cache(maxsize=256)
def _action(line: ActionLine, step: int, text_x: float) -> Image:
    right, y = PANEL_WIDTH - MARGIN, step / 2
    ink = palette.INK if line.possible else palette.mix(palette.PAPER, palette.INK_SOFT, 0.55)
    shapes: list[Shape] = []
    if line.last:
        shapes.append(Rectangle(MARGIN - 8, 1, INNER + 16, step - 2, fill=CHOSEN, radius=5))
    x = float(MARGIN)
    for chord in line.keys:
        for key in chord.split("+"):
            caps, width = _cap(key, x, y, step - 7, ink)
            shapes += caps
            x += width + 3
        x += 5
    meaning = line.meaning if line.possible else f"{line.meaning} (impossible)"
    room = right - text_x - (text_width(line.value, NORMAL) + 22 if line.value or line.best else 0)
    shapes.append(Label(text_x, y, meaning, fitting_size(meaning, max(room, 30), NORMAL), ink, "lm"))
    if line.value:
        colour = palette.GREEN if line.best else ink
        shapes.append(Label(right, y, line.value, NORMAL, colour, "rm", bold=line.best))
    if line.best:
        spot = right - (text_width(line.value, NORMAL) + 12 if line.value else 6)
        shapes.append(Polygon(((spot - 5, y), (spot, y - 5), (spot + 5, y), (spot, y + 5)), fill=palette.GREEN))
    return strip(PANEL_WIDTH, step, shapes)


def _caps_width(line: ActionLine, step: int) -> float:
    keys = [key for chord in line.keys for key in chord.split("+")]
    return sum(_cap_width(key, step - 7) + 3 for key in keys) + 5 * len(line.keys) - 8


def _cap_width(key: str, height: float) -> float:
    return height if key in ARROWS or len(key) == 1 else text_width(key, KEY_LETTERS * height) + 10


def _cap(key: str, x: float, y: float, height: float, ink: Colour) -> tuple[list[Shape], float]:
    """A key of the keyboard, and its width; arrow keys show an arrow."""
    name = {"plus": "+"}.get(key, key)
    width = _cap_width(name, height)
    shapes: list[Shape] = [
        Rectangle(x, y - height / 2, width, height, fill=palette.PANEL, outline=palette.RULE, radius=4)
    ]
    middle = x + width / 2
    if key not in ARROWS:
        return [*shapes, Label(middle, y, name, KEY_LETTERS * height, ink, "mm")], width
    dx, dy = ARROWS[key]
    reach = 0.24 * height
    back_x, back_y = middle - 0.7 * dx * reach, y - 0.7 * dy * reach
    ends = ((back_x + dy * reach, back_y - dx * reach), (back_x - dy * reach, back_y + dx * reach))
    tip = (middle + dx * reach, y + dy * reach)
    return [*shapes, Polygon((tip, *ends), fill=ink)], width


def _commands_height(n_commands: int) -> int:
    return COMMAND_ROW * ((n_commands + 1) // 2)


@lru_cache(maxsize=16)
def _commands(commands: tuple[tuple[str, str], ...]) -> Image:
    rows = max(1, (len(commands) + 1) // 2)
    shapes: list[Shape] = []
    for place, (key, meaning) in enumerate(commands):
        x = MARGIN + (place // rows) * INNER / 2
        y = (place % rows + 0.5) * COMMAND_ROW
        caps, width = _cap(key, x, y, 16.0, palette.INK_SOFT)
        size = fitting_size(meaning, INNER / 2 - width - 12, SMALL)
        shapes += [*caps, Label(x + width + 6, y, meaning, size, palette.INK_SOFT, "lm")]
    return strip(PANEL_WIDTH, rows * COMMAND_ROW, shapes)


@lru_cache(maxsize=16)
def _note(note: str) -> Image:
    words = note.split()
    half = next(n for n in range(len(words) + 1) if 2 * len(" ".join(words[:n])) >= len(note))
    fits = fitting_size(note, INNER, NORMAL) >= 10.0
    lines = [note] if fits else [" ".join(words[:half]), " ".join(words[half:])]
    size = min(fitting_size(line, INNER, NORMAL) for line in lines)
    top = NOTE_HEIGHT - 8 - 17 * len(lines)
    shapes = [
        Label(MARGIN, top + 17 * (place + 0.5), line, size, palette.BLUE, "lm") for place, line in enumerate(lines)
    ]
    return strip(PANEL_WIDTH, NOTE_HEIGHT, shapes)
