"""Colours: maps of numbers, contrast, and hues that stay apart."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlenvs.rendering import ColourScale, palette


def test_the_sequential_map_only_grows_darker():
    light = [palette.luminance(palette.sequential(position)) for position in np.linspace(0, 1, 50)]
    assert (np.diff(light) < 0).all()


def test_the_diverging_map_is_lightest_in_the_middle():
    light = [palette.luminance(palette.diverging(position)) for position in np.linspace(-1, 1, 51)]
    assert int(np.argmax(light)) == 25
    assert (np.diff(light[:26]) > 0).all()
    assert (np.diff(light[25:]) < 0).all()


def test_positions_outside_take_the_ends_and_nan_is_grey():
    assert palette.sequential(-3.0) == palette.sequential(0.0)
    assert palette.diverging(9.0) == palette.diverging(1.0)
    assert palette.sequential(float("nan")) == palette.UNKNOWN


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_text_can_be_read_on_any_colour(colour):
    ink, behind = palette.luminance(palette.text_on(colour)), palette.luminance(colour)
    contrast = (max(ink, behind) + 0.05) / (min(ink, behind) + 0.05)
    assert contrast >= 3.7


def test_the_hues_stay_apart_without_red_or_green_vision():
    # Linear RGB seen by a deuteranope and a protanope (Viénot, Brettel and Mollon, 1999).
    seen = {
        "deuteranope": np.array([[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]]),
        "protanope": np.array([[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]]),
    }
    hues = [palette.BLUE, palette.GREEN, palette.AMBER, palette.VERMILION]
    for matrix in seen.values():
        views = [((matrix @ (np.array(hue) / 255.0) ** 2.2).clip(0, 1)) ** (1 / 2.2) * 255 for hue in hues]
        assert min(np.linalg.norm(a - b) for a, b in combinations(views, 2)) > 40


def test_a_scale_diverges_exactly_when_zero_lies_inside():
    assert ColourScale.of([-1.0, 3.0]).is_diverging
    assert not ColourScale.of([0.0, 3.0]).is_diverging
    assert not ColourScale.of([-3.0, -1.0]).is_diverging
    assert ColourScale(-1.0, 3.0).colour(0.0) == palette.diverging(0.0)
    assert ColourScale(-1.0, 3.0).colour(-1.0) == palette.diverging(-1 / 3)


def test_a_scale_spans_finite_values_only():
    scale = ColourScale.of([[np.nan, 2.0], [np.inf, 5.0]])
    assert (scale.low, scale.high) == (2.0, 5.0)
    assert ColourScale.of([np.nan]) == ColourScale(0.0, 1.0)
    colours = scale.colours(np.array([[2.0, np.nan], [-np.inf, 5.0]]))
    assert colours.shape == (2, 2, 3)
    assert tuple(colours[0, 1]) == tuple(colours[1, 0]) == palette.UNKNOWN
    assert tuple(colours[0, 0]) == palette.sequential(0.0)


def test_equal_values_have_a_colour():
    assert ColourScale.of([4.0, 4.0]).colour(4.0) == palette.sequential(0.0)


def test_mixing():
    assert palette.mix((0, 0, 0), (100, 200, 50), 0.5) == (50, 100, 25)
    assert palette.mix((1, 2, 3), (9, 9, 9), 0.0) == (1, 2, 3)
    assert palette.mix((1, 2, 3), (9, 9, 9), 1.0) == pytest.approx((9, 9, 9))
