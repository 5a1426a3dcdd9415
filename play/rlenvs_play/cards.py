"""Cards over the picture: ready, paused, the end of an episode, typing a number, all keys."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from rlenvs.rendering import Label, Shape, palette
from rlenvs.rendering.lettering import fitting_size
from rlenvs_play.strips import MARGIN, NORMAL, Image, strip
from rlenvs_play.view import Card

INK = palette.PANEL
INK_SOFT = (198, 206, 220)
SHADE = 0.35
"""How much darker the picture gets behind a long table."""
HIGH, LOW = 0.1, 0.9
"""Where a short card stands, as the part of the free height above it."""


def put_card(area: Image, card: Card, *, stands: float = LOW) -> None:
    """Darken the picture and write the card over it."""
    picture = _card_picture(card, area.shape[1])
    height = min(picture.shape[0], area.shape[0])
    top = (area.shape[0] - height) // 2 if card.table else round(stands * (area.shape[0] - height))
    if card.table:
        area[:] = (area * (1 - SHADE)).astype(np.uint8)
    area[top : top + height] = picture[:height]


@lru_cache(maxsize=8)
def _card_picture(card: Card, width: int) -> Image:
    if card.table:
        return _table_picture(card, width)
    inner = width - 2 * MARGIN
    height = 62 + 24 * len(card.lines)
    shapes: list[Shape] = [
        Label(width / 2, 30, card.title, fitting_size(card.title, inner / 1.04, 22.0), INK, "mm", bold=True)
    ]
    shapes += [
        Label(width / 2, 62 + 23 * place, line, fitting_size(line, inner, 14.5), INK_SOFT, "mm")
        for place, line in enumerate(card.lines)
    ]
    return strip(width, height, shapes, ground=palette.INK)


def _table_picture(card: Card, width: int) -> Image:
    step = 20.0
    height = round(56 + step * len(card.table) + 10)
    middle = 0.42 * width
    shapes: list[Shape] = [Label(width / 2, 26, card.title, 18.0, INK, "mm", bold=True)]
    for place, (keys, meaning) in enumerate(card.table):
        y = 56 + step * (place + 0.3)
        size = min(fitting_size(keys, middle - MARGIN - 8, NORMAL), fitting_size(meaning, width - middle - 28, NORMAL))
        shapes.append(Label(middle - 8, y, keys, size, INK, "rm", bold=False))
        shapes.append(Label(middle + 8, y, meaning, size, INK_SOFT, "lm"))
    return strip(width, height, shapes, ground=palette.INK)
