"""Uniform numbers, drawn ahead in blocks and handed out one by one.

A call of ``Generator.random()`` costs more than a whole transition of a small environment; ``random(k)`` gives the same
numbers as k calls and costs hardly more than one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

BLOCK = 64


def drawn_ahead(generator: np.random.Generator) -> list[float]:
    """The next uniforms of a generator, last one first, to be taken with ``pop()``.

    Only as many are taken as :func:`give_back` can return: one, if the generator cannot step backwards.
    """
    size = BLOCK if isinstance(generator.bit_generator, np.random.PCG64) else 1
    uniforms: list[float] = generator.random(size).tolist()
    uniforms.reverse()
    return uniforms


def give_back(generator: np.random.Generator, unused: int) -> None:
    """Set a generator back by ``unused`` uniforms, as if they had never been drawn."""
    bit_generator: Any = generator.bit_generator
    before = bit_generator.state
    bit_generator.advance(-unused)
    # `advance` forgets half a draw that an outsider may have left in the generator; uniforms do not touch it.
    bit_generator.state = {**bit_generator.state, "has_uint32": before["has_uint32"], "uinteger": before["uinteger"]}
