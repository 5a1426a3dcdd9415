"""Texts: tables of letters, signs of policies, numbers, and how wide they are."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlenvs.rendering import decimals_for, fixed, grid_text, number, policy_sign, signed, styled
from rlenvs.rendering.lettering import fitting_size, text_width


def test_columns_are_aligned():
    assert grid_text([["1", "-20"], ["300", "4"]]) == "  1 -20\n300   4"
    assert grid_text([["1", "-20"], ["300", "4"]], align="<") == "1   -20\n300 4"
    assert grid_text([["a", "b"], ["c"]], separator="") == "ab\nc"
    assert grid_text([]) == ""


def test_plain_unless_asked():
    assert "\x1b" not in grid_text([["A", "."]])
    assert grid_text([["A", "."]], styles={(0, 0): "inverse"}) == "\x1b[7mA\x1b[0m ."


def test_unknown_styles_and_alignments_are_refused():
    with pytest.raises(ValueError, match=r"`style`: expected one of .*got 'loud'"):
        styled("x", "loud")
    with pytest.raises(ValueError, match=r"`align`: expected '<', '>' or '\^', got 'x'"):
        grid_text([], align="x")


@pytest.mark.parametrize(
    ("directions", "sign"),
    [([], "·"), (["up"], "↑"), (["left", "up"], "┘"), (["down", "right"], "┌"), (["up", "down", "left", "right"], "┼")],
)
def test_signs_of_policies(directions, sign):
    assert policy_sign(directions) == sign


def test_signs_can_be_plain():
    plain = {"up": "^", "down": "v", "left": "<", "right": ">"}
    assert policy_sign(["right", "up"], plain=plain) == "^>"
    assert policy_sign([], plain=plain) == "."
    with pytest.raises(ValueError, match="got 'north'"):
        policy_sign(["north"])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (10.0, "10"),
        (0.729, "0.729"),
        (-4.87971488, "-4.88"),
        (1234.5, "1234"),
        (0.1 + 0.2, "0.3"),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
        (math.nan, "?"),
        (2.5e7, "2.5e7"),
    ],
)
def test_numbers_are_short(value, text):
    assert number(value) == text


def test_signed_numbers():
    assert [signed(value) for value in (10.0, -50.0, 0.0)] == ["+10", "-50", "0"]


def test_numbers_of_a_table_share_their_decimals():
    assert decimals_for([16.0, 19.0, 20.0]) == 0
    assert decimals_for([7.737, 10.0]) == 2
    assert decimals_for([123.4]) == 1
    assert decimals_for([0.0123]) == 3
    assert decimals_for([math.inf, math.nan]) == 0
    assert [fixed(value, 2) for value in (1.0, -0.001, -2.5, -math.inf)] == ["1.00", "0.00", "-2.50", "-inf"]


@given(st.floats(-1e9, 1e9))
def test_numbers_are_near_their_value(value):
    assert float(number(value)) == pytest.approx(value, rel=0.006, abs=1e-300)


@pytest.mark.parametrize("text", ["0.729  +10", "-4.88", "Score 12", "value", "WMil,.", "s0", "A quick (brown) fox!"])
def test_widths_agree_with_the_font(text):
    from PIL import ImageFont

    assert text_width(text, 40.0) == pytest.approx(ImageFont.load_default(40).getlength(text), rel=0.05)


def test_a_text_is_made_small_enough():
    assert fitting_size("1", 100.0, 20.0) == 20.0
    size = fitting_size("123456", 30.0, 20.0)
    assert text_width("123456", size) == pytest.approx(30.0)
    assert fitting_size("", 1.0, 20.0) == 20.0
