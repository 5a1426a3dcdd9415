"""Grids: cells where they should be, numbers that fit, marks, overlays, boards of any size."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rlenvs.rendering import GridDiagram, GridOverlay, Jump, Label, Mark, draw
from rlenvs.rendering.grid import GridGeometry
from rlenvs.rendering.lettering import label_box
from rlenvs.rendering.palette import BLUE, VERMILION, WALL


def middle(frame, diagram, row, column):
    x, y = diagram.geometry.centre(row, column)
    return tuple(frame[int(y), int(x)].tolist())


@settings(max_examples=40)
@given(st.integers(1, 400), st.integers(1, 400))
def test_pictures_stay_within_sensible_sizes(rows, columns):
    diagram = GridDiagram(rows, columns)
    assert max(diagram.width, diagram.height) <= 900
    geometry = GridGeometry.fitted(rows, columns)
    assert geometry.cell >= 1
    assert geometry.left + geometry.width <= diagram.width


@pytest.mark.parametrize("size", [1, 2, 4, 20, 50, 130])
def test_walls_and_agent_are_where_they_belong(size):
    diagram = GridDiagram(size, size, (Mark(0, size - 1, "wall"),))
    frame = draw(diagram.scene((size - 1, 0)))
    assert frame.shape == (diagram.height, diagram.width, 3)
    if size > 1:
        assert middle(frame, diagram, 0, size - 1) == WALL
    assert middle(frame, diagram, size - 1, 0) == BLUE


def test_an_agent_outside_is_drawn_on_the_edge_in_another_colour():
    diagram = GridDiagram(4, 4)
    frame = draw(diagram.scene((1, 4)))
    assert middle(frame, diagram, 1, 3.62) == VERMILION
    assert not (frame == BLUE).all(axis=-1).any()


def test_no_agent_gives_the_map_alone():
    diagram = GridDiagram(3, 3, (Mark(2, 2, "goal", "+1"),))
    assert diagram.scene().shapes == ()
    assert diagram.scene(text="hello").text == "hello"


VALUES = np.array([[-14.25, 3.0, 100.0], [np.nan, -0.5, 0.0]])


def test_each_known_value_is_written_once_inside_its_cell():
    diagram = GridDiagram(2, 3, overlay=GridOverlay(values=VALUES))
    geometry = diagram.geometry
    for (row, column), text in {(0, 0): "-14.2", (0, 2): "100.0", (1, 1): "-0.5", (1, 2): "0.0"}.items():
        left, top = geometry.corner(row, column)
        right, bottom = left + geometry.cell, top + geometry.cell
        inside = [
            label.text
            for label in diagram.backdrop
            if isinstance(label, Label) and left < label.x < right and top < label.y < bottom
        ]
        assert inside == [text]
    for label in diagram.backdrop:
        if isinstance(label, Label):
            assert label_box(label)[2] <= diagram.width


def test_an_unknown_value_is_left_out():
    labels = [s for s in GridDiagram(2, 3, overlay=GridOverlay(values=VALUES)).backdrop if isinstance(s, Label)]
    assert not any("nan" in label.text or "?" in label.text for label in labels)


def test_bold_numbers_are_the_best_moves():
    q = np.array([[[1.0, 3.0, 3.0, -2.0]]])
    diagram = GridDiagram(1, 1, overlay=GridOverlay(action_values=q))
    bold = [s for s in diagram.backdrop if isinstance(s, Label) and s.bold]
    x, y = diagram.geometry.centre(0, 0)
    assert {(np.sign(round(s.x - x)), np.sign(round(s.y - y))) for s in bold} == {(0, 1), (-1, 0)}  # down, left


def test_one_arrow_per_move_of_the_policy():
    from rlenvs.rendering import Arrow

    policy = np.array([[[0.5, 0.0, 0.0, 0.5], [0.0, 1.0, 0.0, 0.0], [0.0] * 4]])
    arrows = [s for s in GridDiagram(1, 3, overlay=GridOverlay(policy=policy)).backdrop if isinstance(s, Arrow)]
    ways = [tuple(np.sign(np.subtract(a.points[-1], a.points[0])).astype(int)) for a in arrows]
    assert sorted(ways) == [(0, -1), (0, 1), (1, 0)]  # (x, y): up, down, right


def test_walls_keep_their_colour_under_values():
    overlay = GridOverlay(values=np.zeros((2, 2)))
    diagram = GridDiagram(2, 2, (Mark(0, 0, "wall"),), overlay=overlay)
    assert tuple(diagram.floor[0, 0]) == WALL


def test_large_boards_have_no_text():
    overlay = GridOverlay(values=np.arange(150.0 * 150).reshape(150, 150))
    diagram = GridDiagram(150, 150, overlay=overlay)
    inside = [
        s for s in diagram.backdrop if isinstance(s, Label) and s.x < diagram.geometry.left + diagram.geometry.width
    ]
    assert inside == []


def test_every_kind_of_mark_is_drawn():
    kinds = ("start", "wall", "goal", "trap", "hole", "cost", "gain", "jump")
    frames = {kind: draw(GridDiagram(1, 1, (Mark(0, 0, kind, "+1"),)).scene()).tobytes() for kind in kinds}
    assert len(set(frames.values())) == len(kinds)


def test_a_jump_changes_the_picture():
    plain, jumping = GridDiagram(3, 3), GridDiagram(3, 3, jumps=(Jump((0, 0), (2, 2), "+5"),))
    assert (draw(plain.scene()) != draw(jumping.scene())).any()


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match=r"`rows`: expected at least 1, got 0"):
        GridDiagram(0, 4).scene()
    with pytest.raises(ValueError, match=r"`marks`: expected cells of a 2 x 2 board"):
        GridDiagram(2, 2, (Mark(2, 0, "wall"),))
    with pytest.raises(ValueError, match=r"`values`: expected an array of shape \(2, 2\).*got \(4,\)"):
        GridDiagram(2, 2, overlay=GridOverlay(values=np.zeros(4)))
