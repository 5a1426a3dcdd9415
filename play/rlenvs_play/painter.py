"""From a view and a picture to one array of pixels. Knows no window."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rlenvs_play.cards import HIGH, LOW, put_card
from rlenvs_play.panel import PANEL_WIDTH, panel_height, panel_picture
from rlenvs_play.strips import Image
from rlenvs_play.view import View

MOST_HEIGHT, MOST_WIDTH = 720, 960
ROOMY_HEIGHT, ROOMY_WIDTH = 640, 720
"""Small pictures are enlarged as long as they fit into this."""


class Layout(NamedTuple):
    """Where the picture lies on the canvas, in pixels."""

    scale: float
    left: int
    top: int
    width: int
    height: int
    canvas_width: int
    canvas_height: int


def layout_for(picture: tuple[int, int], *, panel_height: int, zoom: float | None = None) -> Layout:
    """Lay a picture of (height, width) beside the panel.

    Small pictures are enlarged by whole numbers, so that every pixel stays a square; very large ones shrink.
    ``zoom`` decides it otherwise.
    """
    height, width = picture
    if zoom is None:
        fits = min(ROOMY_HEIGHT // height, ROOMY_WIDTH // width)
        scale = float(fits) if fits >= 1 else min(1.0, MOST_HEIGHT / height, MOST_WIDTH / width)
    else:
        scale = zoom
    shown_height, shown_width = max(1, round(height * scale)), max(1, round(width * scale))
    canvas_height = max(shown_height, panel_height)
    return Layout(
        scale,
        0,
        (canvas_height - shown_height) // 2,
        shown_width,
        shown_height,
        shown_width + PANEL_WIDTH,
        canvas_height,
    )


class Painter:
    """Paints views on canvases of one size.

    Args:
        zoom: factor for the picture; None: what fits.
    """

    def __init__(self, zoom: float | None = None) -> None:
        self._zoom = zoom
        self._first: tuple[int, int] | None = None
        self._panel_height = 0
        self._pictures: tuple[tuple[int, str], Image | None, Image] | None = None
        self._stands = LOW

    def layout(self, view: View, picture: Image) -> Layout:
        """Where the picture lies; the first one decides about the size of the canvas, later ones are fitted into it."""
        if self._first is None:
            self._first = picture.shape[:2]
            self._panel_height = panel_height(view)
        self._panel_height = max(self._panel_height, panel_height(view))
        return layout_for(self._first, panel_height=self._panel_height, zoom=self._zoom)

    def paint(self, view: View, picture: Image) -> Image:
        """The canvas, (height, width, 3) uint8."""
        layout = self.layout(view, picture)
        canvas = np.empty((layout.canvas_height, layout.canvas_width, 3), np.uint8)
        if layout.height < layout.canvas_height:
            canvas[:, : layout.width] = _ground(picture)
        place = canvas[layout.top : layout.top + layout.height, : layout.width]
        place[:] = resized(picture, layout.height, layout.width)
        self._remember(view.picture, picture)
        if view.card is not None:
            put_card(canvas[:, : layout.width], view.card, stands=self._place_of_card())
        canvas[:, layout.width :] = panel_picture(view, layout.canvas_height)
        return canvas

    def _remember(self, key: tuple[int, str], picture: Image) -> None:
        """Keep a new picture, and the one before it if it shows the same thing."""
        last = self._pictures
        if last is None or last[0] != key:
            before = last[2] if last is not None and last[0][1] == key[1] else None
            self._pictures = (key, before, picture)

    def _place_of_card(self) -> float:
        """Above or below, away from what the last step changed: how an episode ended shall be seen."""
        if self._pictures is not None:
            _, before, picture = self._pictures
            if before is not None and before.shape == picture.shape:
                rows = np.flatnonzero((before != picture).any(axis=(1, 2)))
                if rows.size:
                    self._stands = HIGH if float(rows.mean()) > picture.shape[0] / 2 else LOW
        return self._stands


def resized(picture: Image, height: int, width: int) -> Image:
    """The picture in another size: whole multiples by repeating pixels, anything else smoothly, its shape kept."""
    rows, columns = picture.shape[:2]
    factor = height // rows
    if factor >= 1 and (rows * factor, columns * factor) == (height, width):
        return picture.repeat(factor, axis=0).repeat(factor, axis=1) if factor > 1 else picture
    from PIL import Image as Pillow

    fit = min(height / rows, width / columns)
    whole = int(fit)
    inner = (rows * whole, columns * whole) if whole >= 2 else (max(1, round(rows * fit)), max(1, round(columns * fit)))
    kind = Pillow.Resampling.NEAREST if whole >= 2 else Pillow.Resampling.LANCZOS
    small = np.asarray(Pillow.fromarray(picture).resize((inner[1], inner[0]), kind))
    canvas = np.empty((height, width, 3), np.uint8)
    canvas[:] = _ground(picture)
    top, left = (height - inner[0]) // 2, (width - inner[1]) // 2
    canvas[top : top + inner[0], left : left + inner[1]] = small
    return canvas


def _ground(picture: Image) -> Image:
    """The colour around a picture: that of its corner."""
    corner: Image = picture[0, 0]
    return corner
