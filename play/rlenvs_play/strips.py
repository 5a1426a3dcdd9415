"""Small pieces of writing that are drawn once and kept. They are put side by side to make the panel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rlenvs.rendering import Colour, Shape, palette

Image = NDArray[np.uint8]

MARGIN = 20
SMALL, NORMAL, LARGE = 12.0, 13.5, 24.0
ENLARGEMENT = 4


def strip(width: int, height: int, shapes: Sequence[Shape], *, ground: Colour = palette.PAPER) -> Image:
    """A picture of (height, width, 3).

    Like :func:`rlenvs.rendering.draw`, which keeps the still parts of the few newest pictures; writing kept there would
    push the environment's own board out.
    """
    from PIL import Image as Pillow

    from rlenvs.rendering.painters import Canvas, paint

    large = Pillow.new("RGB", (width * ENLARGEMENT, height * ENLARGEMENT), ground)
    paint(Canvas.on(large, ENLARGEMENT), shapes)
    return np.asarray(large.reduce(ENLARGEMENT))
