"""From a scene to pixels.

The picture is painted several times larger and then averaged, which smooths every edge. What a scene says never
changes (its backdrop) is painted once and kept; of the rest, only the touched rectangle is painted anew.
Pillow is imported when the first picture is drawn.
"""

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rlenvs.rendering.extent import union
from rlenvs.rendering.scene import Colour, Scene, Shape

if TYPE_CHECKING:
    from PIL import Image


def enlargement(width: int, height: int) -> int:
    """How many times larger (in each direction) a picture of this size is painted before it is averaged."""
    area = width * height
    if area <= 160_000:
        return 4
    if area <= 600_000:
        return 3
    return 2 if area <= 4_000_000 else 1


def draw(scene: Scene) -> NDArray[np.uint8]:
    """The picture of a scene.

    Args:
        scene: What to draw.

    Returns:
        A new array (height, width, 3) of uint8, red, green and blue. Equal scenes give equal arrays.
    """
    large, small = _backdrop(scene.width, scene.height, scene.background, scene.backdrop)
    if not scene.shapes:
        return np.array(small)
    from rlenvs.rendering.painters import Canvas, paint

    scale = enlargement(scene.width, scene.height)
    box = _touched(scene)
    left, top, right, bottom = box
    patch = large.crop((left * scale, top * scale, right * scale, bottom * scale))
    paint(Canvas.on(patch, scale, left, top), scene.shapes)
    frame = np.array(small)
    frame[top:bottom, left:right] = np.asarray(patch.reduce(scale))
    return frame


def _touched(scene: Scene) -> tuple[int, int, int, int]:
    """The whole pixels (left, top, right, bottom) around the scene's changing shapes, within the picture."""
    left, top, right, bottom = union(scene.shapes)
    first_column = min(max(math.floor(left) - 1, 0), scene.width - 1)
    first_row = min(max(math.floor(top) - 1, 0), scene.height - 1)
    return (
        first_column,
        first_row,
        max(min(math.ceil(right) + 1, scene.width), first_column + 1),
        max(min(math.ceil(bottom) + 1, scene.height), first_row + 1),
    )


@lru_cache(maxsize=4)
def _backdrop(
    width: int, height: int, background: Colour, shapes: tuple[Shape, ...]
) -> "tuple[Image.Image, Image.Image]":
    """The still part of a picture, enlarged and in its own size; both are only read afterwards."""
    from PIL import Image

    from rlenvs.rendering.painters import Canvas, paint

    scale = enlargement(width, height)
    large = Image.new("RGB", (width * scale, height * scale), background)
    paint(Canvas.on(large, scale), shapes)
    return large, large.reduce(scale)
