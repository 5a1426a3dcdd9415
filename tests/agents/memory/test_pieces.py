"""Large arrays are written and read in pieces."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlenvs_agents.array_file import ArrayFile
from rlenvs_agents.memory import Frames, Prioritised, ReplayMemory, Whole, pieces
from rlenvs_agents.memory.pieces import Within, from_pieces, in_pieces

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


def remembering(store, steps, size=10):
    """A memory of episodes of 3 steps in 2 lanes, each observation another one."""
    memory = ReplayMemory(size, (2, 3), np.uint8, 2, lanes=2, n_steps=2, store=store, sampler=Prioritised())
    for lane in range(2):
        for i in range(steps):
            first = 100 * lane + i
            seen = np.array([[[place] * 3 for place in (now - 1, now)] for now in (first + 1, first + 2)], np.uint8)
            memory.add_one(seen[0], i % 2, float(i), i % 3 == 2, False, seen[1], lane=lane)
    return memory


@pytest.mark.parametrize("store", [Whole(), Frames()], ids=repr)
@pytest.mark.parametrize("steps", [0, 1, 4, 40])
@pytest.mark.parametrize("piece", [1, 20, 10**6])
def test_empty_begun_and_wrapped_memories_come_back_whole(store, steps, piece, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(pieces, "PIECE", piece)
    memory = remembering(store, steps)
    if memory.stored:
        memory.update_priorities(memory.sample(np.random.default_rng(0), (3,)).index, np.arange(3.0))
    np.savez(tmp_path / "memory.npz", **memory.to_arrays())
    again = remembering(store, 0)
    again.fill(ArrayFile(tmp_path / "memory.npz"))
    before, after = memory.to_arrays(), again.to_arrays()
    assert list(before) == list(after)
    assert all(np.array_equal(before[name], after[name]) for name in before)
    assert (memory._ring.written > memory._ring.records) == (steps == 40)


def test_a_memory_of_another_size_is_refused_and_changes_nothing() -> None:
    small = remembering(Whole(), 3, size=4)
    before = {name: array.copy() for name, array in small.to_arrays().items()}
    with pytest.raises(ValueError, match="`arrays` must be of a replay memory of size 4 with"):
        small.fill(remembering(Whole(), 40).to_arrays())
    assert all(np.array_equal(array, before[name]) for name, array in small.to_arrays().items())


def test_every_array_of_a_file_is_read_once(tmp_path, monkeypatch) -> None:
    class Counted(ArrayFile):
        read: tuple[str, ...] = ()

        def __getitem__(self, name):
            self.read = (*self.read, name)
            return super().__getitem__(name)

    monkeypatch.setattr(pieces, "PIECE", 20)
    np.savez(tmp_path / "memory.npz", **remembering(Frames(), 40).to_arrays())
    arrays = Counted(tmp_path / "memory.npz")
    remembering(Frames(), 0).fill(arrays)
    assert sorted(arrays.read) == sorted(arrays)
    assert "replay_ring_kept1" in arrays.read


def test_a_file_that_is_cut_off_is_named(tmp_path) -> None:
    file = tmp_path / "memory.npz"
    with pytest.raises(ValueError, match=r"memory\.npz is damaged or missing"):
        ArrayFile(file)
    np.savez(file, first=np.arange(1000), second=np.arange(10))
    arrays = ArrayFile(file)
    assert (list(arrays), len(arrays), "first" in arrays, "third" in arrays) == (["first", "second"], 2, True, False)
    with pytest.raises(KeyError, match="third"):
        arrays["third"]
    whole = file.read_bytes()
    file.write_bytes(whole.replace(np.arange(1000).tobytes(), bytes(8000)))
    with pytest.raises(ValueError, match=r"memory\.npz is damaged or missing"):
        arrays["first"]
    file.write_bytes(whole[:-30])
    with pytest.raises(ValueError, match=r"memory\.npz is damaged or missing"):
        ArrayFile(file)
