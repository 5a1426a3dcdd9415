"""A box cut into cells: bins per dimension, and one index for all of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

IntArray = NDArray[np.int64]
Outside = Literal["clamp", "separate"]

_LARGEST_INDEX = np.iinfo(np.int64).max


class Bins:
    """Borders per dimension, and the arithmetic on them. Works on one observation (D,) and on batches (..., D).

    A bin holds its lower border and not its upper one; the uppermost border belongs to the last bin. With
    ``outside="clamp"`` values below the first and above the last border fall into the end bins, so n bins stay n. With
    "separate" they get bins of their own: 0 below, the last one above; none on a side whose border is infinite.

    Args:
        borders: one ascending sequence per dimension, both ends included; n + 1 numbers make n bins. Ends may be
            infinite.
        outside: "clamp" or "separate".
        dtype: of the observations. Borders are rounded to it, because an observation can lie on no other number.

    Raises:
        ValueError: if borders do not ascend (also where rounding has made them equal), or are NaN.
    """

    def __init__(self, borders: Sequence[ArrayLike], *, outside: Outside = "clamp", dtype: Any = np.float64) -> None:
        self.outside = outside
        # Numbers between borders matter for integers too: those stay in double precision.
        self._dtype = np.dtype(dtype) if np.issubdtype(dtype, np.floating) else np.dtype(np.float64)
        self.borders = tuple(_rounded(np.asarray(b, np.float64), self._dtype, d) for d, b in enumerate(borders))
        self._cuts = tuple(_cuts(border, outside, self._dtype) for border in self.borders)
        self._lists: tuple[list[float], ...] = tuple(cuts.tolist() for cuts in self._cuts)
        self.counts: tuple[int, ...] = tuple(cuts.size + 1 for cuts in self._cuts)

    @property
    def n_cells(self) -> int:
        """Number of cells: the product of the counts."""
        return int(np.prod(self.counts, dtype=object))

    @property
    def has_index(self) -> bool:
        """Whether one 64-bit integer can number all cells."""
        return self.n_cells <= _LARGEST_INDEX

    def cell(self, values: Sequence[float]) -> list[int]:
        """The bin of each of D numbers; the fast form for one observation.

        Raises:
            ValueError: if one is NaN.
        """
        for dimension, value in enumerate(values):
            if value != value:
                raise _nan(dimension)
        return [bisect_right(cuts, value) for cuts, value in zip(self._lists, values, strict=True)]

    def cells(self, observations: ArrayLike) -> IntArray:
        """The bins of observations (..., D), int64 of the same shape.

        Raises:
            ValueError: if one is NaN.
        """
        values = np.asarray(observations, dtype=np.float64)
        missing = np.isnan(values)
        if missing.any():
            raise _nan(int(np.argwhere(missing)[0][-1]))
        cells = np.empty(values.shape, dtype=np.int64)
        for dimension, cuts in enumerate(self._cuts):
            cells[..., dimension] = np.searchsorted(cuts, values[..., dimension], side="right")
        return cells

    def index_of_cell(self, cell: Sequence[int]) -> int:
        """One number for a cell; the last dimension counts fastest, as in ``numpy.ravel_multi_index``."""
        index = 0
        for count, bin_number in zip(self.counts, cell, strict=True):
            index = index * count + bin_number
        return index

    def index(self, cells: ArrayLike) -> IntArray:
        """One number per cell: (..., D) -> (...).

        Raises:
            ValueError: if a bin does not exist.
        """
        array = self._checked(cells)
        total: IntArray = np.zeros(array.shape[:-1], dtype=np.int64)
        for dimension, count in enumerate(self.counts):
            total = total * count + array[..., dimension]
        return total

    def cell_of_index(self, index: ArrayLike) -> IntArray:
        """The inverse of :meth:`index`: (...) -> (..., D).

        Raises:
            ValueError: if there is no such cell.
        """
        array = np.asarray(index, dtype=np.int64)
        if ((array < 0) | (array >= self.n_cells)).any():
            raise ValueError(f"`index` must be in 0 … {self.n_cells - 1}, got {index!r}.")
        return np.stack(np.unravel_index(array, self.counts), axis=-1).astype(np.int64)

    def bounds(self, cells: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
        """The smallest and the largest border of cells (..., D): every value between them falls there.

        Bins that take what lies outside reach to infinity.
        """
        array = self._checked(cells)
        lows, highs = np.empty(array.shape, self._dtype), np.empty(array.shape, self._dtype)
        for dimension, border in enumerate(self.borders):
            inner = border[1:-1] if self.outside == "clamp" else border[np.isfinite(border)]
            ends = np.concatenate([[-np.inf], inner, [np.inf]])
            lows[..., dimension] = ends[array[..., dimension]]
            highs[..., dimension] = ends[array[..., dimension] + 1]
        return lows, highs

    def _checked(self, cells: ArrayLike) -> IntArray:
        array = np.asarray(cells, dtype=np.int64)
        if ((array < 0) | (array >= np.array(self.counts))).any():
            raise ValueError(f"`cells` must hold bins below {self.counts}, got {cells!r}.")
        return array


def _rounded(border: NDArray[np.float64], dtype: np.dtype[Any], dimension: int) -> NDArray[Any]:
    if border.ndim != 1 or border.size < 2 or np.isnan(border).any():
        raise ValueError(f"The borders of dimension {dimension} must be at least two numbers, got {border.tolist()}.")
    if not (np.diff(border[1:-1]) > 0).all() or (border[:-1] > border[1:]).any():
        raise ValueError(f"The borders of dimension {dimension} must ascend, got {border.tolist()}.")
    with np.errstate(over="ignore"):
        rounded = border.astype(dtype)
    if border.size > 2 and not (rounded[:-1] < rounded[1:]).all():
        raise ValueError(
            f"Dimension {dimension} is too narrow for {border.size - 1} bins: in {dtype} two borders are equal, "
            f"{rounded.tolist()}. Use fewer bins there, or a wider range."
        )
    return rounded


def _cuts(border: NDArray[Any], outside: Outside, dtype: np.dtype[Any]) -> NDArray[np.float64]:
    if outside == "clamp":
        return border[1:-1].astype(np.float64)
    # The uppermost border still belongs to the last bin: only the next number beyond it is outside.
    beyond = np.nextafter(border[-1:], dtype.type(np.inf))
    below = border[:1][np.isfinite(border[:1])]
    return np.concatenate([below, border[1:-1], beyond[np.isfinite(border[-1:])]]).astype(np.float64)


def _nan(dimension: int) -> ValueError:
    return ValueError(f"The observation is NaN in dimension {dimension}; NaN falls into no bin.")
