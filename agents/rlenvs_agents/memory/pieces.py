"""Large arrays among saved ones: in pieces, so that neither writing nor reading holds one twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]
PIECE = 64 * 2**20
"""Bytes of a piece, about."""


def in_pieces(name: str, array: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """An array (n, ...) as views ``name0``, ``name1`` and so on of some rows each; none if n is 0."""
    rows = max(1, PIECE // max(1, array[:1].nbytes))
    return {f"{name}{i}": array[begin : begin + rows] for i, begin in enumerate(range(0, len(array), rows))}


def from_pieces(name: str, arrays: Arrays, target: NDArray[Any]) -> None:
    """Fill an array (n, ...) with the pieces of :func:`in_pieces`, which are asked for one after another.

    Raises:
        ValueError: if they have another shape or another number of rows.
    """
    begin = i = 0
    fits = True
    while fits and f"{name}{i}" in arrays:
        piece = arrays[f"{name}{i}"]
        end = begin + len(piece)
        fits = piece.shape[1:] == target.shape[1:] and end <= len(target)
        if fits:
            target[begin:end] = piece
        begin, i = end, i + 1
    if not fits or begin != len(target):
        raise ValueError(f"`arrays` must hold {len(target)} rows of {name} {target.shape[1:]}; these are others.")


class Within(Mapping[str, NDArray[Any]]):
    """The arrays whose names begin with a prefix, by what follows it; read when they are asked for.

    Args:
        arrays: all of them.
        prefix: of the names.
    """

    def __init__(self, arrays: Arrays, prefix: str) -> None:
        self._arrays, self._prefix = arrays, prefix

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self._arrays[self._prefix + name]

    def __contains__(self, name: object) -> bool:
        return f"{self._prefix}{name}" in self._arrays

    def __iter__(self) -> Iterator[str]:
        return (name.removeprefix(self._prefix) for name in self._arrays if name.startswith(self._prefix))

    def __len__(self) -> int:
        return sum(1 for _ in self)
