"""Keys by name."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlenvs_play.keys import KEYS, chord_text, key_name, read_chord, read_gymnasium_chord


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("left", "left"),
        ("LEFT", "left"),
        ("W", "w"),
        (" ", "space"),
        ("return", "enter"),
        ("left shift", "shift"),
        ("[4]", "4"),
        ("+", "plus"),
        ("F1", "f1"),
        ("nonsense", None),
        ("", None),
    ],
)
def test_names(written, name):
    assert key_name(written) == name


@given(st.sets(st.sampled_from(sorted(KEYS)), min_size=1, max_size=4))
def test_a_chord_is_read_back_from_its_text(chord):
    assert read_chord(chord_text(chord)) == chord


@pytest.mark.parametrize(
    ("written", "chord"),
    [("up+space", {"up", "space"}), (("w", "d"), {"w", "d"}), ("+", {"plus"}), ((), set()), (ord("w"), {"w"})],
)
def test_chords(written, chord):
    assert read_chord(written) == chord


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("wd", r"'w\+d'"),
        ("lefft", "did you mean 'left'"),
        ("up+spice", "did you mean 'space'"),
        (5000, "key code 5000"),
    ],
)
def test_unknown_keys_are_explained(written, hint):
    with pytest.raises(ValueError, match=hint):
        read_chord(written)


@pytest.mark.parametrize(
    ("written", "chord"),
    [
        (None, set()),
        ((), set()),
        ("wd", {"w", "d"}),
        ("left", {"left"}),
        (("w", " "), {"w", "space"}),
        ((1073741904,), {"left"}),
        ((276,), {"left"}),
        ((275, 276), {"left", "right"}),
    ],
)
def test_chords_as_gymnasium_writes_them(written, chord):
    assert read_gymnasium_chord(written) == chord


def test_codes_are_those_of_pygame():
    pygame = pytest.importorskip("pygame")
    for name in ("up", "down", "left", "right", *(f"f{number}" for number in range(1, 13))):
        code = getattr(pygame, f"K_{name.upper()}")
        assert read_chord(code) == {name}
    for letter in string.ascii_lowercase + string.digits:
        assert read_chord(ord(letter)) == {letter}
