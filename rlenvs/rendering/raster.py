"""From a scene to pixels.

The picture is painted several times larger and then averaged, which smooths every edge. What a scene says never
changes (its backdrop) is painted once and kept; of the rest, only the touched rectangles are painted anew.
Pillow is imported when the first picture is drawn.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rlenvs.rendering.extent import PixelBox, islands
from rlenvs.rendering.scene import Colour, Scene, Shape

if TYPE_CHECKING:
    from PIL import Image

_LARGEST_KEPT, _MOST_KEPT = 8, 64
"""Parts of so many shapes are kept, and so many parts of each backdrop."""


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
    still = _backdrop(scene.width, scene.height, scene.background, scene.backdrop)
    frame = np.array(still.small)
    for box, shapes in islands(scene.shapes, scene.width, scene.height):
        left, top, right, bottom = box
        frame[top:bottom, left:right] = still.patch(box, shapes)
    return frame


class _Backdrop:
    """The still part of a picture, and what has lately been painted on it."""

    def __init__(self, large: "Image.Image", scale: int) -> None:
        self._large = large
        self._scale = scale
        self._kept: dict[tuple[PixelBox, tuple[Shape, ...]], NDArray[np.uint8]] = {}
        self.small = np.asarray(large.reduce(scale))

    def patch(self, box: PixelBox, shapes: tuple[Shape, ...]) -> NDArray[np.uint8]:
        """These shapes on their part of the backdrop. Small parts, such as a score, are kept: many come again."""
        found = self._kept.pop((box, shapes), None)
        if found is None:
            found = self._painted(box, shapes)
        if len(shapes) <= _LARGEST_KEPT:
            self._kept[box, shapes] = found
            if len(self._kept) > _MOST_KEPT:
                del self._kept[next(iter(self._kept))]
        return found

    def _painted(self, box: PixelBox, shapes: tuple[Shape, ...]) -> NDArray[np.uint8]:
        from rlenvs.rendering.painters import Canvas, paint

        left, top, right, bottom = (side * self._scale for side in box)
        patch = self._large.crop((left, top, right, bottom))
        paint(Canvas.on(patch, self._scale, box[0], box[1]), shapes)
        return np.asarray(patch.reduce(self._scale))


@lru_cache(maxsize=4)
def _backdrop(width: int, height: int, background: Colour, shapes: tuple[Shape, ...]) -> _Backdrop:
    from PIL import Image

    from rlenvs.rendering.painters import Canvas, paint

    scale = enlargement(width, height)
    large = Image.new("RGB", (width * scale, height * scale), background)
    paint(Canvas.on(large, scale), shapes)
    return _Backdrop(large, scale)
