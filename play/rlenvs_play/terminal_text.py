"""A view as text for a terminal."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rlenvs.rendering import styled
from rlenvs_play.view import ActionLine, Card, View

RESET = "\x1b[0m"
OTHER_LINES = 12
"""Lines that are kept free below and above a picture made of blocks."""


def screen_text(view: View, picture: Any, columns: int, lines: int) -> str:
    """The whole screen, lines joined with newlines."""
    drawn = picture if isinstance(picture, str) else blocks(np.asarray(picture), columns, max(4, lines - OTHER_LINES))
    parts = [
        styled(view.title, "bold") + "  " + "  ".join(f"{word} {text}" for word, text in view.numbers),
        styled(view.status, "dim"),
        "",
        drawn,
        "",
        *([_card(view.card)] if view.card is not None else []),
        *_wrapped([_action(line) for line in view.actions], columns),
        *_wrapped([f"{key}: {meaning}" for key, meaning in view.commands], columns, style="dim"),
    ]
    return "\n".join([*parts, styled(view.note, "cyan")] if view.note else parts)


def blocks(picture: NDArray[np.uint8], columns: int, lines: int) -> str:
    """Pixels as half blocks in colour, two above each other in one character; the picture shrinks until it fits."""
    from PIL import Image

    height, width = picture.shape[:2]
    fit = min(1.0, columns / width, 2 * lines / height)
    size = (max(1, int(width * fit)), max(2, int(height * fit) // 2 * 2))
    small = np.asarray(Image.fromarray(picture[..., :3]).resize(size, Image.Resampling.BOX))
    rows = []
    for upper, lower in zip(small[::2].tolist(), small[1::2].tolist(), strict=True):
        cells = (
            f"\x1b[38;2;{a[0]};{a[1]};{a[2]};48;2;{b[0]};{b[1]};{b[2]}m▀" for a, b in zip(upper, lower, strict=True)
        )
        rows.append("".join(cells) + RESET)
    return "\n".join(rows)


def _action(line: ActionLine) -> str:
    text = f"{' or '.join(line.keys)}: {line.meaning}{f' {line.value}' if line.value else ''}"
    if not line.possible:
        return f"({text}, impossible)"
    return f"*{text}*" if line.best else text


def _card(card: Card) -> str:
    width = max((len(keys) for keys, _ in card.table), default=0)
    table = [f"{keys:>{width}}  {meaning}" for keys, meaning in card.table]
    return "\n".join([styled(f" {card.title} ", "inverse"), *card.lines, *table, ""])


def _wrapped(words: list[str], columns: int, style: str | None = None) -> list[str]:
    """Words in lines that fit."""
    lines: list[str] = []
    for word in words:
        if lines and len(lines[-1]) + 3 + len(word) <= columns:
            lines[-1] += "   " + word
        else:
            lines.append(word)
    return [styled(line, style) for line in lines] if style else lines
