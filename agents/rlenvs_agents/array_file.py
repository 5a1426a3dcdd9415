"""Arrays in a file, read when they are asked for. No pickle."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def read_arrays(file: Path) -> dict[str, NDArray[Any]]:
    """The arrays of a file.

    Raises:
        ValueError: if it is missing or damaged, or holds anything but arrays of plain values.
    """
    return dict(ArrayFile(file))


class ArrayFile(Mapping[str, NDArray[Any]]):
    """The arrays of a file, each read when it is asked for: together they may be larger than what is free.

    Args:
        file: that ``numpy.savez`` wrote.

    Raises:
        ValueError: if it is missing or damaged; that of an array shows when it is read.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._names = tuple(self._read(lambda arrays: arrays.files))

    def __getitem__(self, name: str) -> NDArray[Any]:
        if name not in self:
            raise KeyError(name)
        array: NDArray[Any] = self._read(lambda arrays: arrays[name])
        return array

    def __contains__(self, name: object) -> bool:
        # Mapping's own would read the array to find out.
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def _read(self, wanted: Callable[[Any], Any]) -> Any:
        try:
            with np.load(self._file, allow_pickle=False) as arrays:
                return wanted(arrays)
        except (zipfile.BadZipFile, ValueError, EOFError, KeyError, OSError) as error:
            raise ValueError(f"{self._file} is damaged or missing: {error}.") from error
