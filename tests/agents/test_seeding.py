import numpy as np
import pytest

from rlenvs_agents.seeding import STREAMS, Streams, Uniforms


def test_every_stream_of_one_seed_is_another() -> None:
    streams = Streams(7)
    firsts = {streams.generator(name).random() for name in STREAMS}
    assert len(firsts) == len(STREAMS)


def test_the_same_seed_gives_the_same_streams() -> None:
    for name in STREAMS:
        assert Streams(3).generator(name).random() == Streams(3).generator(name).random()
        assert Streams(3).number(name) == Streams(3).number(name) < 2**31


def test_without_a_seed_there_is_another_one_every_time_and_it_is_known() -> None:
    first, second = Streams(None), Streams(None)
    assert first.seed != second.seed  # false alarm: 2**-128
    assert Streams(first.seed).number("replay") == first.number("replay")


@pytest.mark.parametrize("seed", [-1, 1.5, "0", True])
def test_a_bad_seed_is_named(seed: object) -> None:
    with pytest.raises(ValueError, match="`seed`"):
        Streams(seed)


def test_uniforms_are_those_of_the_generator_and_their_state_holds_no_unused_ones() -> None:
    plain = np.random.Generator(np.random.PCG64(5))
    uniforms = Uniforms(np.random.Generator(np.random.PCG64(5)))
    assert [uniforms() for _ in range(100)] == [plain.random() for _ in range(100)]
    state = uniforms.get_state()
    after = [uniforms() for _ in range(3)]
    other = Uniforms(np.random.Generator(np.random.PCG64(0)))
    other.set_state(state)
    assert [other() for _ in range(3)] == after == [plain.random() for _ in range(3)]
