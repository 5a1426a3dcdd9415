"""Scenes become the pixels that they describe."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rlenvs.rendering import (
    Arrow,
    Circle,
    Curve,
    Label,
    Line,
    Pixels,
    Polygon,
    Polyline,
    Rectangle,
    Scene,
    draw,
)
from rlenvs.rendering.extent import extent, islands, pixel_box

WHITE, RED, BLACK = (255, 255, 255), (200, 30, 20), (0, 0, 0)


def test_a_scene_without_shapes_is_its_background():
    frame = draw(Scene(7, 5, (1, 2, 3), ()))
    assert frame.shape == (5, 7, 3)
    assert frame.dtype == np.uint8
    assert (frame == (1, 2, 3)).all()


def test_a_rectangle_on_whole_pixels_has_sharp_edges():
    frame = draw(Scene(20, 10, WHITE, (Rectangle(3, 2, 6, 4, RED),)))
    expected = np.full((10, 20, 3), 255)
    expected[2:6, 3:9] = RED
    np.testing.assert_array_equal(frame, expected)


def test_half_a_pixel_is_blended():
    frame = draw(Scene(6, 1, WHITE, (Rectangle(2.5, 0, 2, 1, BLACK),)))
    assert frame[0, 3].tolist() == [0, 0, 0]
    assert 110 <= frame[0, 2, 0] <= 145
    assert 110 <= frame[0, 4, 0] <= 145


def test_a_disc_covers_its_area():
    frame = draw(Scene(60, 60, WHITE, (Circle(30, 30, 20, BLACK),)))
    covered = (255.0 - frame[..., 0]).sum() / 255.0
    assert covered == pytest.approx(np.pi * 20**2, rel=0.01)


def test_pixels_are_blocks_in_reading_order():
    table = np.arange(18, dtype=np.uint8).reshape(2, 3, 3) * 10
    frame = draw(Scene(14, 10, WHITE, (Pixels(1, 2, 2, 3, 4, table.tobytes()),)))
    np.testing.assert_array_equal(frame[2:10, 1:13], table.repeat(4, axis=0).repeat(4, axis=1))
    assert (frame[:2] == 255).all()


def test_a_later_shape_covers_an_earlier_one():
    frame = draw(Scene(4, 4, WHITE, (Rectangle(0, 0, 4, 4, RED), Rectangle(1, 1, 2, 2, BLACK))))
    assert frame[0, 0].tolist() == list(RED)
    assert frame[1, 1].tolist() == list(BLACK)


def test_an_arrow_ends_at_its_last_point():
    frame = draw(Scene(60, 20, WHITE, (Arrow(((5, 10), (50, 10)), BLACK, 2, 10),)))
    dark_columns = np.flatnonzero((frame[..., 0] < 200).any(axis=0))
    assert dark_columns.min() == pytest.approx(4, abs=1)
    assert dark_columns.max() == pytest.approx(49, abs=1)
    shaft, head = (frame[:, 20, 0] < 128).sum(), (frame[:, 42, 0] < 128).sum()
    assert head > shaft


def test_every_call_gives_a_fresh_and_equal_array():
    scene = Scene(30, 20, WHITE, (Label(15, 10, "0.5", 12, BLACK),), backdrop=(Circle(5, 5, 4, RED),))
    first = draw(scene)
    kept = first.copy()
    first[:] = 0
    second = draw(scene)
    np.testing.assert_array_equal(second, kept)
    assert not np.shares_memory(first, second)
    still = Scene(30, 20, WHITE, (), backdrop=(Circle(5, 5, 4, RED),))
    draw(still)[:] = 0
    assert draw(still).any()


coordinates = st.floats(-10, 70, allow_nan=False).map(lambda value: round(value, 2))
points = st.tuples(coordinates, coordinates)
colours = st.tuples(*[st.integers(0, 255)] * 3)
widths = st.floats(0.5, 9)
shapes = st.one_of(
    st.builds(Rectangle, coordinates, coordinates, st.floats(1, 40), st.floats(1, 40), colours, colours, widths),
    st.builds(Circle, coordinates, coordinates, st.floats(1, 25), colours, colours, widths),
    st.builds(Line, coordinates, coordinates, coordinates, coordinates, colours, widths),
    st.builds(Polyline, st.lists(points, min_size=2, max_size=5).map(tuple), colours, widths),
    st.builds(Curve, st.lists(points, min_size=3, max_size=4).map(tuple), colours, widths),
    st.builds(Arrow, st.lists(points, min_size=2, max_size=4).map(tuple), colours, widths, st.floats(3, 15)),
    st.builds(Polygon, st.lists(points, min_size=3, max_size=5).map(tuple), colours, colours, widths),
    st.builds(
        Label,
        coordinates,
        coordinates,
        st.text("0123456789.+-abcXYZ ", min_size=1, max_size=8),
        st.floats(5, 25),
        colours,
        st.sampled_from(["lt", "mm", "rb", "ls", "rm", "mb"]),
    ),
)


@settings(max_examples=60)
@given(st.lists(shapes, min_size=1, max_size=4))
def test_a_shape_leaves_no_trace_outside_its_extent(drawing):
    frame = draw(Scene(60, 60, WHITE, (), backdrop=tuple(drawing)))
    touched = (frame != 255).any(axis=-1)
    for shape in drawing:
        left, top, right, bottom = extent(shape)
        columns, rows = np.arange(60)[None, :], np.arange(60)[:, None]
        touched &= ~((columns >= left - 2) & (columns <= right + 1) & (rows >= top - 2) & (rows <= bottom + 1))
    assert not touched.any()


@settings(max_examples=60)
@given(st.lists(shapes, max_size=3), st.lists(shapes, min_size=1, max_size=3))
def test_painting_the_touched_part_equals_painting_everything(still, moving):
    apart = draw(Scene(60, 60, WHITE, tuple(moving), backdrop=tuple(still)))
    together = draw(Scene(60, 60, WHITE, (), backdrop=(*still, *moving)))
    # Rounding of a place may differ in the last bit when it is counted from another corner.
    assert (np.abs(apart.astype(int) - together) > 40).mean() < 0.003


def test_parts_that_are_kept_are_those_of_their_own_picture():
    def scene(place, text):
        return Scene(80, 30, WHITE, (Label(5, 15, text, 12, BLACK, "lm"), Circle(place, 15, 4, RED)))

    wanted = {(place, text): draw(scene(place, text)) for place in (50, 70) for text in "ab"}
    draw(Scene(80, 30, RED, (Circle(50, 15, 4, RED),)))
    for (place, text), frame in wanted.items():
        np.testing.assert_array_equal(draw(scene(place, text)), frame)
    assert len({frame.tobytes() for frame in wanted.values()}) == 4


@settings(max_examples=60)
@given(st.lists(shapes, min_size=1, max_size=12, unique=True))
def test_islands_hold_every_shape_once_and_do_not_touch(drawing):
    found = islands(drawing, 60, 60)
    assert sum(len(members) for _, members in found) == len(drawing)
    covered = np.zeros((60, 60), int)
    for (left, top, right, bottom), members in found:
        covered[top:bottom, left:right] += 1
        places = [drawing.index(member) for member in members]
        assert places == sorted(places)
        for member in members:
            first, upper, last, lower = pixel_box(member, 60, 60)
            assert left <= first < last <= right
            assert top <= upper < lower <= bottom
    assert covered.max() == 1


def test_a_drawing_of_very_many_shapes_is_one_part():
    many = [Circle(x, y, 1, RED) for x in range(0, 60, 4) for y in range(0, 60, 4)]
    assert islands(many, 60, 60) == [((0, 0, 58, 58), tuple(many))]


def test_a_picture_needs_pixels():
    with pytest.raises(ValueError, match=r"`width` of a scene: expected at least 1 pixel, got 0"):
        Scene(0, 5, WHITE, ())


def test_importing_the_room_loads_no_drawing_library():
    code = (
        "import sys, rlenvs.rendering as r; "
        "assert not {'PIL', 'pygame', 'matplotlib', 'numba'} & set(sys.modules); "
        "r.draw(r.Scene(4, 4, (0, 0, 0), ())); assert 'PIL' in sys.modules and 'pygame' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
