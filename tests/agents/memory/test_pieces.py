"""Large arrays are written and read in pieces."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlenvs_agents.memory import Frames, ReplayMemory, pieces
from rlenvs_agents.memory.pieces import Within, from_pieces, in_pieces
from rlenvs_agents.saving import ArrayFile

MEGABYTE = 2**20


@given(rows=st.integers(0, 40), width=st.integers(1, 9), piece=st.integers(1, 60))
def test_the_pieces_are_views_and_make_the_whole(rows: int, width: int, piece: int) -> None:
    array = np.arange(rows * width, dtype=np.uint8).reshape(rows, width)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "PIECE", piece)
        found = in_pieces("kept", array)
    assert all(part.base is not None and part.nbytes <= max(piece, width) for part in found.values())
    target = np.full_like(array, 255)
    from_pieces("kept", {**found, "other": array}, target)
    assert np.array_equal(target, array)


@pytest.mark.parametrize("shape", [(3, 2), (5, 2), (4, 3)])
def test_other_shapes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"`arrays` must hold 4 rows of kept \(2,\)"):
        from_pieces("kept", in_pieces("kept", np.zeros(shape)), np.zeros((4, 2)))


def test_a_prefix_reads_what_it_is_asked_for() -> None:
    class Counted(dict):
        read = ()

        def __getitem__(self, name):
            self.read = (*self.read, name)
            return super().__getitem__(name)

    arrays = Counted(ring_a=1, ring_b=2, other=3)
    within = Within(arrays, "ring_")
    assert (list(within), len(within), "a" in within, "other" in within) == (["a", "b"], 2, True, False)
    assert (within["b"], arrays.read) == (2, ("ring_b",))


def test_a_large_memory_is_never_held_twice(tmp_path) -> None:
    """Of 20 megabytes, in pieces of one, writing and reading take few more."""
    size, shape = 200, (2, 320, 320)
    memory = ReplayMemory(size, shape, np.uint8, 2, store=Frames())
    picture = np.random.default_rng(0).integers(0, 256, (size + 1, *shape[1:])).astype(np.uint8)
    seen = [np.stack([picture[max(i - 1, 0)], picture[i]]) for i in range(size + 1)]
    for i in range(size):
        memory.add_one(seen[i], 0, 0.0, False, False, seen[i + 1])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "PIECE", MEGABYTE)
        tracemalloc.start()
        np.savez(tmp_path / "memory.npz", **memory.to_arrays())
        writing = tracemalloc.get_traced_memory()[1]
        again = ReplayMemory(size, shape, np.uint8, 2, store=Frames())
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        again.fill(ArrayFile(tmp_path / "memory.npz"))
        reading = tracemalloc.get_traced_memory()[1] - before
        tracemalloc.stop()
    assert writing < 4 * MEGABYTE  # beside the memory that was there before
    assert reading < 4 * MEGABYTE
    draws = [each.sample(np.random.default_rng(1), (16,)).transitions for each in (memory, again)]
    assert all(np.array_equal(a, b) for a, b in zip(*draws, strict=True))
