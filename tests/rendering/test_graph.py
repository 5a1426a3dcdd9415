"""State diagrams: nothing overlaps, everything is inside, equal data give equal pictures."""

import numpy as np
import pytest

from rlenvs.rendering import Edge, GraphDiagram, Label, Node, draw
from rlenvs.rendering.palette import AMBER, BLUE

TOY = (
    Edge(0, 0, 0.7, "a0", 10.0),
    Edge(0, 1, 0.3, "a0"),
    Edge(0, 0, 1.0, "a1"),
    Edge(0, 0, 0.8, "a2"),
    Edge(0, 1, 0.2, "a2"),
    Edge(1, 1, 1.0, "a0"),
    Edge(1, 2, 1.0, "a2", -50.0),
    Edge(2, 0, 0.8, "a1", 40.0),
    Edge(2, 1, 0.1, "a1"),
    Edge(2, 2, 0.1, "a1"),
)
CHAIN = (Edge(0, 0, 0.7), Edge(0, 1, 0.2), Edge(0, 3, 0.1), Edge(1, 2, 0.9), Edge(1, 3, 0.1), Edge(2, 1, 1.0))
WALK = tuple(Edge(state, state + step, 0.5) for state in range(1, 6) for step in (-1, 1))


def diagram_of(count, edges, **kwargs):
    return GraphDiagram(tuple(Node(f"s{state}") for state in range(count)), edges, **kwargs)


@pytest.fixture(params=[(3, TOY), (4, CHAIN), (7, WALK), (1, TOY[:1])], ids=["toy", "chain", "walk", "single"])
def diagram(request):
    return diagram_of(*request.param)


def test_no_label_lies_on_a_state_an_action_or_another_label(diagram):
    layout = diagram.layout
    labels = [box for box in layout.labels if box.width > 0.0]
    assert len(labels) == len(diagram.edges)
    for number, label in enumerate(labels):
        assert all(label.distance_to(place) >= layout.radius for place in layout.places)
        assert all(label.gap(box) >= 0.0 for box in layout.actions.values())
        assert all(label.gap(other) >= 0.0 for other in labels[number + 1 :])


def test_no_arrow_runs_through_a_state(diagram):
    layout = diagram.layout
    for points in layout.samples:
        for place in layout.places:
            assert (np.hypot(*(points[1:-1] - place).T) >= layout.radius - 0.5).all()


def test_arrows_end_at_their_target(diagram):
    layout = diagram.layout
    for edge, route in zip(diagram.edges, layout.routes, strict=True):
        x, y = layout.places[edge.target]
        assert np.hypot(route[-1][0] - x, route[-1][1] - y) == pytest.approx(layout.radius + 3.0)


def test_everything_is_inside_the_picture(diagram):
    left, top, right, bottom = diagram.layout.bounds()
    width, height = diagram.size
    assert 0 <= left <= right <= width <= 950
    assert 0 <= top <= bottom <= height <= 950


def test_texts_are_those_of_the_edges():
    texts = [shape.text for shape in diagram_of(3, TOY).backdrop if isinstance(shape, Label)]
    for expected in ("0.7", "+10", "-50", "+40", "s0", "s2"):
        assert texts.count(expected) == 1
    assert texts.count("a0") == 2
    assert texts.count("0.1") == 2


def test_the_present_state_is_ringed_and_the_last_transition_coloured():
    diagram = diagram_of(4, CHAIN)
    frame = draw(diagram.scene(1, last=CHAIN[1]))
    x, y = diagram.layout.places[1]
    assert tuple(frame[int(y), int(x + diagram.layout.radius)].tolist()) == AMBER
    x, y = diagram.layout.samples[1][7]
    around = frame[int(y) - 2 : int(y) + 3, int(x) - 2 : int(x) + 3].reshape(-1, 3)
    assert (np.abs(around.astype(int) - AMBER).sum(axis=1) < 60).any()
    assert not (draw(diagram.scene()) == AMBER).all(axis=-1).any()


def test_best_actions_are_marked():
    plain = draw(diagram_of(3, TOY).scene())
    marked = draw(diagram_of(3, TOY, best=frozenset({(0, "a0")})).scene())
    assert not (plain == BLUE).all(axis=-1).any()
    assert (marked == BLUE).all(axis=-1).sum() > 50


def test_values_are_written_and_terminal_states_have_two_rings():
    nodes = tuple(Node(f"s{state}", value, state == 3) for state, value in enumerate((-16.0, -19.0, -20.0, 0.0)))
    diagram = GraphDiagram(nodes, CHAIN, note="reward -1 per step")
    texts = [shape.text for shape in diagram.backdrop if isinstance(shape, Label)]
    assert {"-16", "-19", "-20", "0", "reward -1 per step"} <= set(texts)


def test_equal_data_give_equal_pictures():
    np.testing.assert_array_equal(draw(diagram_of(3, TOY).scene(0)), draw(diagram_of(3, TOY).scene(0)))


@pytest.mark.parametrize("count", [13, 40, 60])
def test_many_states_are_drawn_without_numbers(count):
    edges = tuple(Edge(state, (3 * state + step) % count, 0.5, "a", 1.0) for state in range(count) for step in (1, 5))
    diagram = diagram_of(count, edges)
    texts = [shape.text for shape in diagram.backdrop if isinstance(shape, Label)]
    assert sorted(texts) == sorted(f"s{state}" for state in range(count))
    assert max(diagram.size) <= 900
    draw(diagram.scene(5))


def test_neighbours_only_stand_in_a_row():
    assert diagram_of(7, WALK).is_row
    assert not diagram_of(4, CHAIN).is_row


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="`nodes`: expected at least one state"):
        GraphDiagram((), ())
    with pytest.raises(ValueError, match=r"`edges`: expected states 0 to 1, got Edge\(source=0, target=2"):
        diagram_of(2, (Edge(0, 2, 1.0),))
