"""NumPy's seeding and its PCG64 generator, for many generators at once.

A lane's uniform number takes longer to fetch from its own ``numpy.random.Generator`` than to be made, so the lanes keep
the 256 bits of theirs side by side and make the numbers themselves, bit for bit as ``Generator.random()`` does.

A generator is four words: state (high, low) and increment (high, low). The functions are given arrays, or, compiled,
single words.

Source: M. E. O'Neill, PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms for Random Number
Generation (2014), sections 4.2.3 and 6.3 (XSL-RR 128/64); the seeding is that of ``numpy.random.SeedSequence``.
"""

from __future__ import annotations

from itertools import cycle, islice, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

U64 = np.uint64
MULTIPLIER_HIGH, MULTIPLIER_LOW = U64(0x2360ED051FC65DA4), U64(0x4385DF649FCCF645)
UPPER, LOWER = U64(0x4385DF64), U64(0x9FCCF645)  # halves of MULTIPLIER_LOW
HALF, HALF_MASK = U64(32), U64(0xFFFFFFFF)
ONE, TOP, ROTATION, WORD_MASK, MANTISSA = U64(1), U64(63), U64(58), U64(64), U64(11)
STEP = 2.0**-53

POOL = 4
WORD_BITS = 32 * POOL
Words = Any  # uint64 arrays of one shape, or single words where compiled


def stepped(high: Words, low: Words, plus_high: Words, plus_low: Words) -> tuple[Words, Words]:
    """The state after one step: state * multiplier + increment, modulo 2**128."""
    first, second = low & HALF_MASK, low >> HALF
    cross, other = first * UPPER, second * LOWER
    middle = ((first * LOWER) >> HALF) + (cross & HALF_MASK) + (other & HALF_MASK)
    carried = second * UPPER + (cross >> HALF) + (other >> HALF) + (middle >> HALF)
    new_low = low * MULTIPLIER_LOW + plus_low
    new_high = carried + low * MULTIPLIER_HIGH + high * MULTIPLIER_LOW + plus_high + U64(new_low < plus_low)
    return new_high, new_low


def uniform(words: Words) -> float:
    """Step one generator (4,) and return its next number in [0, 1)."""
    high, low = stepped(words[0], words[1], words[2], words[3])
    words[0] = high
    words[1] = low
    mixed = high ^ low
    turn = high >> ROTATION
    bits = (mixed >> turn) | (mixed << ((WORD_MASK - turn) & TOP))
    return (bits >> MANTISSA) * STEP  # type: ignore[no-any-return]


def entropy_of(seeds: range | list[int]) -> NDArray[np.uint32]:
    """Seeds below 2**128 as 32-bit words, lowest first, (n, 4)."""
    if isinstance(seeds, range) and seeds.stop <= 2**63:
        numbers = np.arange(seeds.start, seeds.stop, dtype=np.uint64)
        words = np.zeros((numbers.size, POOL), dtype=np.uint32)
        words[:, 0], words[:, 1] = numbers & HALF_MASK, numbers >> HALF
        return words
    raw = b"".join(seed.to_bytes(WORD_BITS // 8, "little") for seed in seeds)
    return np.frombuffer(raw, dtype="<u4").reshape(-1, POOL).astype(np.uint32)


def seeded(entropy: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """Generators (n, 4) seeded as ``numpy.random.PCG64(seed)`` is, from the words of the seeds (n, 4)."""
    drawn = _drawn(_mixed(entropy))  # eight 32-bit words
    start_high, start_low, sequence_high, sequence_low = (drawn[2 * i] | drawn[2 * i + 1] << HALF for i in range(POOL))
    plus_high = sequence_high << ONE | sequence_low >> TOP
    plus_low = sequence_low << ONE | ONE
    low = start_low + plus_low
    high = start_high + plus_high + (low < plus_low).astype(np.uint64)
    high, low = stepped(high, low, plus_high, plus_low)
    return np.stack([high, low, plus_high, plus_low], axis=1)


def _constants(first: int, factor: int, count: int) -> list[np.uint32]:
    powers = [first]
    for _ in range(count):
        powers.append(powers[-1] * factor % 2**32)
    return [np.uint32(power) for power in powers]


_MIXING = _constants(0x43B0D7E5, 0x931E8875, POOL * POOL)
_DRAWING = _constants(0x8B51F9DD, 0x58F38DED, 2 * POOL)
_LEFT, _RIGHT, _SHIFT = np.uint32(0xCA01F9DD), np.uint32(0x4973F715), np.uint32(16)


def _hashed(value: NDArray[np.uint32], before: np.uint32, after: np.uint32) -> NDArray[np.uint32]:
    value = (value ^ before) * after
    return value ^ value >> _SHIFT


def _mixed(entropy: NDArray[np.uint32]) -> list[NDArray[np.uint32]]:
    constants = pairwise(_MIXING)
    pool = [_hashed(entropy[:, word], *next(constants)) for word in range(POOL)]
    for source in range(POOL):
        for target in range(POOL):
            if source != target:
                value = _LEFT * pool[target] - _RIGHT * _hashed(pool[source], *next(constants))
                pool[target] = value ^ value >> _SHIFT
    return pool


def _drawn(pool: list[NDArray[np.uint32]]) -> list[NDArray[np.uint64]]:
    words = islice(cycle(pool), 2 * POOL)
    return [
        _hashed(word, *constants).astype(np.uint64) for word, constants in zip(words, pairwise(_DRAWING), strict=True)
    ]
