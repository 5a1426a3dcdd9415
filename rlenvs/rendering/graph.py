"""A state diagram: states as discs, actions as small plates, transitions as arrows with their probability."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from rlenvs.rendering.graph_layout import GraphLayout, Link
from rlenvs.rendering.graph_places import Box, circle_places, row_places
from rlenvs.rendering.lettering import decimals_for, fitting_size, fixed, number, signed, text_width
from rlenvs.rendering.palette import (
    AMBER,
    BLUE,
    GREEN,
    INK,
    INK_SOFT,
    PANEL,
    PAPER,
    VERMILION,
    ColourScale,
    mix,
    text_on,
)
from rlenvs.rendering.scene import Arrow, Circle, Colour, Label, Line, Point, Rectangle, Scene, Shape

LARGEST_LABELLED = 12
LARGEST_DRAWN = 60
"""More states than this make no diagram that can be read; draw a table of them instead."""

_MARGIN = 26.0
_NOTE_SIZE = 14.0
_LARGEST_SIDE = 820.0


@dataclass(frozen=True, slots=True)
class Node:
    """A state: its name, its value if it is to be shown, and whether an episode ends in it."""

    name: str
    value: float | None = None
    is_terminal: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """A transition from state to state (by index) with its probability and reward, under an action or none."""

    source: int
    target: int
    probability: float
    action: str = ""
    reward: float = 0.0


@dataclass(frozen=True, eq=False)
class GraphDiagram:
    """Draws one state diagram, again and again with another present state.

    Diagrams of more than 12 states leave out the actions and the numbers: there is one thin arrow for each pair
    of states.

    Attributes:
        nodes: The states.
        edges: The transitions.
        best: (state, action) pairs to be marked, such as those of an optimal policy.
        note: A line below the diagram, such as a reward that all transitions share.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    best: frozenset[tuple[int, str]] = frozenset()
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse an empty diagram and arrows between states that are not there."""
        if not self.nodes:
            raise ValueError("`nodes`: expected at least one state, got none")
        for edge in self.edges:
            if not (0 <= edge.source < len(self.nodes) and 0 <= edge.target < len(self.nodes)):
                raise ValueError(f"`edges`: expected states 0 to {len(self.nodes) - 1}, got {edge!r}")

    @cached_property
    def is_labelled(self) -> bool:
        """Whether there is room for actions and numbers."""
        return len(self.nodes) <= LARGEST_LABELLED and len(self.edges) <= 6 * LARGEST_LABELLED

    @cached_property
    def drawn_edges(self) -> tuple[Edge, ...]:
        """The arrows that are drawn: all, or one for each pair of different states."""
        if self.is_labelled:
            return self.edges
        pairs: dict[tuple[int, int], float] = {}
        for edge in self.edges:
            if edge.source != edge.target:
                pairs[edge.source, edge.target] = max(pairs.get((edge.source, edge.target), 0.0), edge.probability)
        return tuple(Edge(source, target, chance) for (source, target), chance in pairs.items())

    @cached_property
    def is_row(self) -> bool:
        """Whether the states stand in a row: every transition leads to a neighbour or stays."""
        return self.is_labelled and all(abs(edge.source - edge.target) <= 1 for edge in self.edges)

    @cached_property
    def unit(self) -> float:
        """The scale of everything: 1 for few states, smaller for many."""
        spacing, count = self._spacing(), len(self.nodes)
        span = (count - 1) * spacing if self.is_row else spacing / math.sin(math.pi / max(2, count))
        room = _LARGEST_SIDE - (80.0 if self.is_row else 160.0)
        return min(1.0, room / span) if count > 1 else 1.0

    def _spacing(self) -> float:
        """Distance of neighbours, before scaling."""
        if not self.is_labelled:
            return 66.0
        wide = 360.0 if any(edge.action for edge in self.edges) else 220.0
        return 0.7 * wide if self.is_row and len(self.nodes) > 3 else wide

    @cached_property
    def text_size(self) -> float:
        """Size of the numbers on the arrows."""
        return max(8.0, 15.0 * self.unit)

    @cached_property
    def layout(self) -> GraphLayout:
        """Where everything lies in the picture."""
        radius = (36.0 if self.is_labelled else 20.0) * self.unit
        places = row_places if self.is_row else circle_places
        layout = GraphLayout(places(len(self.nodes), self._spacing() * self.unit), radius)
        edges, size = self.drawn_edges, self.text_size
        layout.place_actions(
            [(state, action, text_width(action, size) + 0.8 * size, 1.45 * size) for state, action in self._actions()],
            self._aims(layout.places),
        )
        links = [Link(edge.source, edge.target, edge.action) for edge in edges]
        if self.is_labelled:
            layout.route(links)
        else:
            layout.route_plainly(links)
        layout.place_labels([self._label_size(edge) for edge in edges])
        left, top, _, _ = layout.bounds()
        return layout.moved(_MARGIN - left, _MARGIN - top)

    def _actions(self) -> list[tuple[int, str]]:
        """(state, action) pairs that are drawn; those that only lead back come last, for any place suits them."""
        pairs = dict.fromkeys((edge.source, edge.action) for edge in self.drawn_edges if edge.action)
        leading = {(edge.source, edge.action) for edge in self.drawn_edges if edge.source != edge.target}
        return sorted(pairs, key=lambda pair: pair not in leading)

    def _aims(self, places: Sequence[Point]) -> dict[tuple[int, str], Point]:
        """Where each action leads on average, its own state left out."""
        sums: dict[tuple[int, str], tuple[float, float, float]] = {}
        for edge in self.edges:
            if edge.source != edge.target:
                x, y, weight = sums.get((edge.source, edge.action), (0.0, 0.0, 0.0))
                place, chance = places[edge.target], edge.probability
                sums[edge.source, edge.action] = (x + place[0] * chance, y + place[1] * chance, weight + chance)
        return {key: (x / weight, y / weight) for key, (x, y, weight) in sums.items() if weight > 0.0}

    @cached_property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture in pixels."""
        _, _, right, bottom = self.layout.bounds()
        room = text_width(self.note, _NOTE_SIZE) + 2 * _MARGIN
        return math.ceil(max(right + _MARGIN, room)), math.ceil(bottom + _MARGIN + (_MARGIN if self.note else 0.0))

    @cached_property
    def backdrop(self) -> tuple[Shape, ...]:
        """Everything but the mark of the present state."""
        layout = self.layout
        shapes: list[Shape] = []
        for (state, action), box in layout.actions.items():
            is_best = (state, action) in self.best
            x, y = layout.places[state]
            colour, width = (BLUE, 4.0) if is_best else (INK_SOFT, 2.0)
            shapes.append(Line(x, y, box.x, box.y, colour, width * self.unit))
        shapes += [self._arrow(index, INK_SOFT) for index in range(len(layout.routes))]
        shapes += [
            shape for (state, action), box in layout.actions.items() for shape in self._plate(state, action, box)
        ]
        for index, edge in enumerate(self.drawn_edges):
            shapes += self._edge_label(edge, layout.labels[index])
        scale = ColourScale.of([node.value for node in self.nodes if node.value is not None])
        decimals = decimals_for(node.value for node in self.nodes if node.value is not None)
        for state in range(len(self.nodes)):
            shapes += self._disc(state, scale, decimals)
        if self.note:
            shapes.append(Label(_MARGIN, self.size[1] - 0.8 * _MARGIN, self.note, _NOTE_SIZE, INK_SOFT, "lm"))
        return tuple(shapes)

    def scene(self, current: int | None = None, *, last: Edge | None = None, text: str = "") -> Scene:
        """The picture with a state marked.

        Args:
            current: The present state, None for no mark.
            last: The transition that led to it, drawn once more in colour; None for no mark.
            text: The form for a terminal.
        """
        shapes: list[Shape] = []
        for index, edge in enumerate(self.drawn_edges):
            if last is not None and (edge.source, edge.target, edge.action) == (last.source, last.target, last.action):
                shapes += [self._arrow(index, AMBER), *self._edge_label(edge, self.layout.labels[index])]
        if current is not None:
            (x, y), radius = self.layout.places[current], self.layout.radius
            shapes.append(Circle(x, y, radius + 2.5, None, AMBER, max(3.0, 0.17 * radius)))
        return Scene(*self.size, PAPER, tuple(shapes), text, self.backdrop)

    def _arrow(self, index: int, colour: Colour) -> Arrow:
        chance = min(1.0, self.drawn_edges[index].probability)
        width = (1.4 + 1.4 * chance) * self.unit if self.is_labelled else 1.0
        return Arrow(self.layout.routes[index], colour, max(0.8, width), max(6.0, 12.0 * self.unit))

    def _plate(self, state: int, action: str, box: Box) -> list[Shape]:
        colour = BLUE if (state, action) in self.best else mix(INK_SOFT, INK, 0.4)
        corner = (box.x - box.width / 2, box.y - box.height / 2)
        return [
            Rectangle(*corner, box.width, box.height, colour, PAPER, 1.5, radius=box.height / 2),
            Label(box.x, box.y, action, self.text_size, PANEL, bold=True),
        ]

    def _label_texts(self, edge: Edge) -> tuple[str, str]:
        if not self.is_labelled:
            return "", ""
        return number(edge.probability), "" if edge.reward == 0.0 else signed(edge.reward)

    def _label_size(self, edge: Edge) -> tuple[float, float]:
        texts = [text for text in self._label_texts(edge) if text]
        width = sum(text_width(text, self.text_size) for text in texts) + 0.4 * self.text_size * (len(texts) - 1)
        return max(0.0, width + 6.0 if texts else 0.0), 1.1 * self.text_size

    def _edge_label(self, edge: Edge, box: Box) -> list[Shape]:
        """The probability in ink, and the reward beside it in colour."""
        chance, reward = self._label_texts(edge)
        size, left = self.text_size, box.x - box.width / 2 + 3.0
        if not chance:
            return []
        corner = (box.x - box.width / 2, box.y - box.height / 2)
        shapes: list[Shape] = [
            Rectangle(*corner, box.width, box.height, PAPER, radius=0.3 * size),
            Label(left, box.y, chance, size, INK, "lm"),
        ]
        if reward:
            left += text_width(chance, size) + 0.4 * size
            colour = mix(GREEN if edge.reward > 0.0 else VERMILION, INK, 0.15)
            shapes.append(Label(left, box.y, reward, size, colour, "lm", bold=True))
        return shapes

    def _disc(self, state: int, scale: ColourScale, decimals: int) -> list[Shape]:
        node, (x, y), radius = self.nodes[state], self.layout.places[state], self.layout.radius
        fill = mix(PANEL, BLUE, 0.1) if node.value is None else scale.colour(node.value)
        shapes: list[Shape] = [Circle(x, y, radius, fill, INK, max(1.0, 2.2 * self.unit))]
        if node.is_terminal:
            shapes.append(Circle(x, y, radius - 4.5 * self.unit, None, INK, max(1.0, 1.6 * self.unit)))
        size = fitting_size(node.name, 1.45 * radius, 0.62 * radius)
        if node.value is None:
            return [*shapes, Label(x, y, node.name, size, text_on(fill), bold=True)]
        value = fixed(node.value, decimals)
        name_size = min(size, 0.5 * radius)
        return [
            *shapes,
            Label(x, y - 0.3 * radius, node.name, name_size, text_on(fill), bold=True),
            Label(x, y + 0.32 * radius, value, fitting_size(value, 1.4 * radius, 0.45 * radius), text_on(fill)),
        ]
