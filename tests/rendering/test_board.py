"""The board of a crawling creature."""

import numpy as np
import pytest

from rlenvs.rendering import BoardDiagram, Label, draw
from rlenvs.rendering.palette import BLUE, VERMILION

BODY = ((5, 5), (5, 4), (5, 3), (4, 3))


def at(frame, board, row, column):
    x, y = board.geometry.centre(row, column)
    return tuple(frame[int(y), int(x)].tolist())


def test_head_food_and_floor_are_where_they_belong():
    board = BoardDiagram(10, 10)
    frame = draw(board.scene(BODY, heading=(0, 1), food=(1, 8), left_text="Score 3"))
    assert at(frame, board, 5, 5) == BLUE
    assert at(frame, board, 1, 8) == VERMILION
    assert at(frame, board, 0, 0) != at(frame, board, 0, 1)
    assert at(frame, board, 0, 0) == at(frame, board, 1, 1)


def test_the_body_is_joined_along_its_path_only():
    board = BoardDiagram(4, 4)
    # A bend that comes back beside itself: (0, 0) and (1, 0) are neighbours on the board but not in the body.
    body = ((0, 0), (0, 1), (1, 1), (1, 0))
    frame = draw(board.scene(body, heading=(0, -1), food=None)).astype(int)
    blueness = frame[..., 2] - frame[..., 0]

    def blue_at(row, column):
        x, y = board.geometry.centre(row, column)
        return blueness[int(y), int(x)] > 60

    assert blue_at(0, 0.5)
    assert blue_at(0.5, 1)
    assert blue_at(1, 0.5)
    assert not blue_at(0.5, 0)


def test_the_eyes_look_where_it_goes():
    board = BoardDiagram(5, 5)
    frames = [draw(board.scene([(2, 2)], heading=way, food=None)) for way in ((-1, 0), (1, 0), (0, -1), (0, 1))]
    white = [np.argwhere((frame > 245).all(axis=-1) & inside(frame, board)).mean(axis=0) for frame in frames]
    x, y = board.geometry.centre(2, 2)
    assert white[0][0] < y < white[1][0]
    assert white[2][1] < x < white[3][1]


def inside(frame, board):
    x, y = board.geometry.centre(2, 2)
    rows, columns = np.mgrid[: frame.shape[0], : frame.shape[1]]
    return np.hypot(rows - y, columns - x) < 0.42 * board.geometry.cell


def test_death_shows():
    board = BoardDiagram(10, 10)
    frame = draw(board.scene([(-1, 5), (0, 5)], heading=(-1, 0), food=None, is_dead=True))
    assert not (frame == BLUE).all(axis=-1).any()
    assert (frame == VERMILION).all(axis=-1).any()


@pytest.mark.parametrize(("rows", "columns"), [(2, 2), (2, 9), (20, 20), (100, 60), (300, 300)])
def test_boards_of_any_size(rows, columns):
    board = BoardDiagram(rows, columns)
    path = [
        (row, column) for row in range(rows) for column in (range(columns) if row % 2 == 0 else range(columns)[::-1])
    ]
    scene = board.scene(path[:300][::-1], heading=(0, 1), food=path[-1], left_text="Score 1000", right_text="of 9999")
    assert draw(scene).shape == (board.height, board.width, 3)
    assert max(board.height, board.width) <= 900
    for label in scene.shapes:
        if isinstance(label, Label):
            assert 0 <= label.x <= board.width


def test_frames_share_their_backdrop():
    board = BoardDiagram(10, 10)
    first = board.scene(BODY, heading=(0, 1), food=None)
    second = board.scene(BODY[:2], heading=(0, 1), food=(0, 0), text="x")
    assert first.backdrop is second.backdrop
    assert second.text == "x"
