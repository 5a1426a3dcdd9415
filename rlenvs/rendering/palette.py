"""The colours of the house, and two colour maps for numbers.

The named hues keep apart for the common kinds of colour blindness (they stay close to the set of Okabe and Ito,
"Color Universal Design", 2008); both maps change in lightness too, so they survive a grey print.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rlenvs.rendering.scene import Colour

ColourMap: TypeAlias = Callable[[float], Colour]

PAPER: Colour = (250, 249, 246)
PANEL: Colour = (255, 255, 255)
INK: Colour = (36, 42, 56)
INK_SOFT: Colour = (104, 112, 128)
RULE: Colour = (216, 219, 226)
WALL: Colour = (72, 80, 98)
UNKNOWN: Colour = (226, 226, 228)

BLUE: Colour = (32, 99, 176)
SKY: Colour = (110, 178, 230)
GREEN: Colour = (0, 143, 107)
AMBER: Colour = (240, 166, 20)
VERMILION: Colour = (208, 82, 24)
PURPLE: Colour = (163, 92, 158)

_SEQUENTIAL = np.array(
    [(249, 248, 226), (199, 229, 207), (117, 192, 201), (56, 137, 189), (33, 84, 156), (24, 44, 96)], dtype=float
)
_DIVERGING = np.array(
    [
        (140, 45, 10),
        (208, 95, 42),
        (240, 168, 120),
        (250, 247, 243),
        (148, 192, 226),
        (58, 126, 186),
        (22, 66, 130),
    ],
    dtype=float,
)


def _interpolate(stops: NDArray[np.float64], positions: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Colours (..., 3) at positions (...) of 0 … 1 along the stops; NaN becomes UNKNOWN."""
    unknown = np.isnan(positions)
    places = np.clip(np.where(unknown, 0.0, positions), 0.0, 1.0)
    grid = np.linspace(0.0, 1.0, len(stops))
    channels = [np.interp(places, grid, stops[:, channel]) for channel in range(3)]
    colours: NDArray[np.uint8] = np.rint(np.stack(channels, axis=-1)).astype(np.uint8)
    colours[unknown] = UNKNOWN
    return colours


def _one(stops: NDArray[np.float64], position: float) -> Colour:
    red, green, blue = _interpolate(stops, np.asarray(position, dtype=float)).tolist()
    return red, green, blue


def sequential(position: float) -> Colour:
    """Colour of a position 0 (pale) … 1 (dark blue); outside it the nearer end, NaN is grey."""
    return _one(_SEQUENTIAL, position)


def diverging(position: float) -> Colour:
    """Colour of a position -1 (vermilion) … 0 (white) … 1 (blue); outside it the nearer end, NaN is grey."""
    return _one(_DIVERGING, (position + 1.0) / 2.0)


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """The colour that lies `share` (0 … 1) of the way from the first to the second."""
    red, green, blue = (round(start + (end - start) * share) for start, end in zip(first, second, strict=True))
    return red, green, blue


def luminance(colour: Colour) -> float:
    """Relative luminance, 0 (black) … 1 (white), as WCAG 2.1 defines it."""
    linear = [
        channel / 12.92 if channel <= 0.03928 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in (part / 255.0 for part in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def text_on(colour: Colour) -> Colour:
    """INK or white, whichever has the higher contrast on the colour."""
    behind = luminance(colour) + 0.05
    return PANEL if 1.05 / behind > behind / (luminance(INK) + 0.05) else INK


@dataclass(frozen=True, slots=True)
class ColourScale:
    """Numbers from `low` to `high` as colours.

    A range with numbers on both sides of zero is shown with the diverging map, zero white and both sides to the
    same measure; any other range with the sequential map.
    """

    low: float
    high: float

    @classmethod
    def of(cls, values: ArrayLike) -> "ColourScale":
        """The scale that spans all finite values; (0, 1) where there is none."""
        array = np.asarray(values, dtype=float)
        finite = array[np.isfinite(array)]
        if finite.size == 0:
            return cls(0.0, 1.0)
        return cls(float(finite.min()), float(finite.max()))

    @property
    def is_diverging(self) -> bool:
        """Whether the range holds numbers on both sides of zero."""
        return self.low < 0.0 < self.high

    def colours(self, values: ArrayLike) -> NDArray[np.uint8]:
        """Colours (..., 3) of values (...); NaN and infinities are grey, values outside take the nearer end."""
        array = np.asarray(values, dtype=float)
        array = np.where(np.isfinite(array), array, np.nan)
        if self.is_diverging:
            reach = max(-self.low, self.high)
            return _interpolate(_DIVERGING, (array / reach + 1.0) / 2.0)
        width = self.high - self.low
        # Dark ends hide a number written on them, so the sequential map is used up to seven eighths.
        return _interpolate(_SEQUENTIAL, (array - self.low) / (width if width > 0.0 else 1.0) * 0.875)

    def colour(self, value: float) -> Colour:
        """Colour of one value."""
        red, green, blue = self.colours(value).tolist()
        return red, green, blue
