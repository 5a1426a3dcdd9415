"""How wide a text is, and how a number is written, without opening a font.

Layout has to know the size of a label before anything is drawn. The advance widths below are those of the face
that Pillow brings along (Aileron), in thousandths of the text size; a test compares them with the font itself.
"""

import math
from collections.abc import Iterable
from typing import Final

from rlenvs.rendering.scene import Label

_ADVANCES: Final = {
    176: "'",
    216: " ",
    220: ",.:;",
    240: "!ijl|",
    270: "-I",
    310: "()/[\\]`f{}t",
    335: '"r',
    460: "sz",
    485: "x_",
    515: "vyck?",
    545: "aeJ",
    560: "*F",
    580: "0123456789#$+<=>^~EYSL",
    592: "ohnuZP",
    613: "bdgpqTKRAVXB",
    654: "&",
    690: "CU",
    716: "DGHNOQ",
    740: "%",
    785: "w",
    858: "mM@",
    952: "W",
}
_ADVANCE: Final = {character: advance / 1000.0 for advance, characters in _ADVANCES.items() for character in characters}
_OTHER: Final = 0.62
_BOLD_STROKE: Final = 0.03
CAP_HEIGHT: Final = 0.70
"""Height of a capital or a digit, as a share of the text size."""


def bold_stroke(size: float) -> float:
    """How far a bold letter of this size grows on each side, in pixels."""
    return _BOLD_STROKE * size


def text_width(text: str, size: float) -> float:
    """About how many pixels wide the text is at the given size, good to a few per cent."""
    return size * math.fsum(_ADVANCE.get(character, _OTHER) for character in text)


def fitting_size(text: str, width: float, largest: float) -> float:
    """The largest text size up to `largest` at which the text is at most `width` pixels wide."""
    natural = text_width(text, 1.0)
    return largest if natural == 0.0 else min(largest, width / natural)


_LEFT: Final = {"l": 0.0, "m": 0.5, "r": 1.0}
_ABOVE: Final = {"t": 0.0, "m": 0.6, "s": 0.97, "b": 1.2}


def label_box(label: Label) -> tuple[float, float, float, float]:
    """The rectangle (left, top, right, bottom) that holds a label's letters, ascenders and descenders too."""
    width = text_width(label.text, label.size)
    left = label.x - width * _LEFT[label.anchor[0]]
    top = label.y - label.size * _ABOVE[label.anchor[1]]
    return left, top, left + width, top + 1.2 * label.size


def number(value: float, digits: int = 3) -> str:
    """A number in few characters: about `digits` significant digits, no trailing zeros, `-` for minus.

    Infinities and NaN are written `inf`, `-inf` and `?`.
    """
    if math.isnan(value):
        return "?"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    if value == 0.0:
        return "0"
    magnitude = math.floor(math.log10(abs(value)))
    if magnitude >= 6 or magnitude < -4:
        return f"{value:.{digits}g}".replace("e+0", "e").replace("e-0", "e-").replace("e+", "e")
    text = f"{value:.{max(0, digits - 1 - magnitude)}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def decimals_for(values: Iterable[float]) -> int:
    """How many decimals a table of these numbers needs: none for whole numbers, else about three digits."""
    finite = [value for value in values if math.isfinite(value)]
    largest = max((abs(value) for value in finite), default=0.0)
    if largest == 0.0 or all(abs(value - round(value)) < 1e-9 for value in finite):
        return 0
    magnitude = math.floor(math.log10(largest))
    return min(8, max(0, 2 - max(0, magnitude - 1), 1 - magnitude))


def fixed(value: float, decimals: int) -> str:
    """A number with the given number of decimals, so that the numbers of a table can be compared at a glance."""
    if not math.isfinite(value):
        return number(value)
    text = f"{value:.{decimals}f}"
    return text.lstrip("-") if float(text) == 0.0 else text


def signed(value: float, digits: int = 3) -> str:
    """A number as :func:`number` writes it, with a plus sign where it is positive."""
    text = number(value, digits)
    return f"+{text}" if value > 0 else text
