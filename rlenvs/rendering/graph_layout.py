"""Where the parts of a state diagram go: states on a circle, actions beside their state, arrows that keep clear.

The parts are placed one after another. Each has a few candidate places, and takes the one that comes least in the
way of what already stands; there is no chance in it, so equal diagrams come out equal.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from rlenvs.rendering.curves import direction, distance, polar
from rlenvs.rendering.graph_places import Box, samples_of, toward
from rlenvs.rendering.scene import Point

_BLOCKED = 40.0
_CLOSE = 7.0
_ROUNDS = 3
_BENDS = (0.0, 0.12, -0.12, 0.24, -0.24, 0.38, -0.38, 0.55, -0.55)


@dataclass(frozen=True, slots=True)
class Link:
    """An arrow to be placed: from a state (or from one of its actions) to a state."""

    source: int
    target: int
    action: str = ""


@dataclass(slots=True)
class GraphLayout:
    """What has been placed so far, in a plane of its own (any origin).

    Attributes:
        places: The middle of each state.
        radius: The radius of a state's disc.
        actions: The box of each action, by (state, action).
        routes: The control points of each arrow, in the order of the links.
        labels: The box of each arrow's label, in the same order.
    """

    places: list[Point]
    radius: float
    actions: dict[tuple[int, str], Box] = field(default_factory=dict)
    routes: list[tuple[Point, ...]] = field(default_factory=list)
    labels: list[Box] = field(default_factory=list)
    samples: list[NDArray[np.float64]] = field(default_factory=list)
    stems: dict[tuple[int, str], NDArray[np.float64]] = field(default_factory=dict)

    @property
    def middle(self) -> Point:
        """The mean of the states' places."""
        count = len(self.places)
        return sum(x for x, _ in self.places) / count, sum(y for _, y in self.places) / count

    def outward(self, state: int) -> float:
        """The angle that leads from the middle of the diagram to a state; upwards where they coincide."""
        (x, y), (x0, y0) = self.places[state], self.middle
        return math.atan2(y - y0, x - x0) if math.hypot(x - x0, y - y0) > 1.0 else -math.pi / 2

    def place_actions(
        self, wanted: Iterable[tuple[int, str, float, float]], targets: dict[tuple[int, str], Point]
    ) -> None:
        """Place actions, given as (state, action, width, height), towards the mean of where they lead."""
        for state, action, width, height in wanted:
            centre = self.places[state]
            reach = 1.6 * self.radius + 0.5 * max(width, height) + 8.0
            goal = targets.get((state, action))
            ideal = self.outward(state)
            if goal is not None and distance(goal, centre) > 1.0:
                ideal = math.atan2(goal[1] - centre[1], goal[0] - centre[0])
            angles = [ideal + step * math.pi / 18 for step in range(-18, 18)]
            boxes = [Box(*polar(centre, reach, angle), width, height) for angle in angles]
            costs = [
                abs(angle - ideal) + self._action_cost(state, box) for angle, box in zip(angles, boxes, strict=True)
            ]
            box = boxes[int(np.argmin(costs))]
            self.actions[state, action] = box
            self.stems[state, action] = np.linspace(toward(centre, (box.x, box.y), self.radius), (box.x, box.y), 12)

    def _action_cost(self, state: int, box: Box) -> float:
        cost = 0.0
        for other, place in enumerate(self.places):
            if other != state and box.distance_to(place) < self.radius * 1.5:
                cost += 10.0
        for (owner, _), placed in self.actions.items():
            gap = box.gap(placed)
            cost += 10.0 if gap < 6.0 else 0.0
            wanted = 1.7 * self.radius if owner == state else 0.9 * self.radius
            apart = distance((box.x, box.y), (placed.x, placed.y)) - box.width
            cost += 1.5 * max(0.0, wanted - apart) / self.radius
        return cost

    def route(self, links: Sequence[Link]) -> None:
        """Place all arrows: those between states first, then those that lead back to their own state."""
        order = sorted(range(len(links)), key=lambda index: links[index].source == links[index].target)
        chosen: dict[int, tuple[tuple[Point, ...], NDArray[np.float64]]] = {}
        # The first arrows are placed before the last ones are known; later rounds let them make room.
        for index in order * _ROUNDS:
            link = links[index]
            others = [points for other, (_, points) in chosen.items() if other != index]
            is_mutual = any((other.source, other.target) == (link.target, link.source) for other in links)
            # Of two states that lead to each other, each arrow bows to its own side.
            candidates = self._candidates(link, 0.12 if is_mutual and not link.action else 0.0)
            drawn = [samples_of(route) for _, route in candidates]
            costs = [
                price + self._route_cost(link, points, others)
                for (price, _), points in zip(candidates, drawn, strict=True)
            ]
            best = int(np.argmin(costs))
            chosen[index] = (candidates[best][1], drawn[best])
        self.routes = [chosen[index][0] for index in range(len(links))]
        self.samples = [chosen[index][1] for index in range(len(links))]

    def route_plainly(self, links: Sequence[Link]) -> None:
        """Place all arrows as flat arcs between states, without looking for room: for many states."""
        for link in links:
            start, target = self.places[link.source], self.places[link.target]
            length, (across, down) = distance(start, target), direction(start, target)
            control = (
                (start[0] + target[0]) / 2 - 0.1 * down * length,
                (start[1] + target[1]) / 2 + 0.1 * across * length,
            )
            route = (toward(start, control, self.radius), control, toward(target, control, self.radius + 2.0))
            self.routes.append(route)
            self.samples.append(samples_of(route))

    def _candidates(self, link: Link, preferred: float) -> list[tuple[float, tuple[Point, ...]]]:
        if link.source == link.target:
            return self._returns(link) if link.action else self._loops(link.source)
        target = self.places[link.target]
        start = self._start(link)
        straight = distance(start, target)
        across, down = direction(start, target)
        found: list[tuple[float, tuple[Point, ...]]] = []
        for bend in _BENDS:
            control = (
                (start[0] + target[0]) / 2 - down * bend * straight,
                (start[1] + target[1]) / 2 + across * bend * straight,
            )
            first = self._leave(link, control)
            end = toward(target, control, self.radius + 3.0)
            found.append((12.0 * abs(bend - preferred), (first, control, end)))
        return found

    def _start(self, link: Link) -> Point:
        box = self.actions.get((link.source, link.action))
        return self.places[link.source] if box is None else (box.x, box.y)

    def _leave(self, link: Link, control: Point) -> Point:
        box = self.actions.get((link.source, link.action))
        if box is None:
            return toward(self.places[link.source], control, self.radius + 1.0)
        return toward((box.x, box.y), control, 0.5 * min(box.width, box.height))

    def _returns(self, link: Link) -> list[tuple[float, tuple[Point, ...]]]:
        """Arcs from an action back to its own state, on either side."""
        centre, box = self.places[link.source], self.actions[link.source, link.action]
        angle = math.atan2(box.y - centre[1], box.x - centre[0])
        reach = distance(centre, (box.x, box.y))
        found: list[tuple[float, tuple[Point, ...]]] = []
        for side in (1.0, -1.0):
            for turn in (0.8, 1.0, 1.2):
                control = polar(centre, reach * 1.55, angle + side * turn)
                end = polar(centre, self.radius + 3.0, angle + side * (turn + 0.15))
                found.append((2.0 * turn, (self._leave(link, control), control, end)))
        return found

    def _loops(self, state: int) -> list[tuple[float, tuple[Point, ...]]]:
        """Loops that leave a state and come back to it, in all directions, outward ones first."""
        centre = self.places[state]
        found: list[tuple[float, tuple[Point, ...]]] = []
        for step in range(-12, 12):
            angle = self.outward(state) + step * math.pi / 12
            route = (
                polar(centre, self.radius + 1.0, angle - 0.45),
                polar(centre, 2.9 * self.radius, angle - 0.58),
                polar(centre, 2.9 * self.radius, angle + 0.58),
                polar(centre, self.radius + 3.0, angle + 0.45),
            )
            found.append((0.25 * abs(step), route))
        return found

    def _route_cost(self, link: Link, points: NDArray[np.float64], others: Sequence[NDArray[np.float64]]) -> float:
        cost = 0.0
        for state, place in enumerate(self.places):
            is_own = state in (link.source, link.target)
            # An arrow may touch its own states at its ends only.
            apart = np.hypot(*(points[1:-1] - place).T)
            cost += _BLOCKED * int((apart < self.radius + (0.0 if is_own else 12.0)).sum())
        for (state, action), box in self.actions.items():
            if (state, action) != (link.source, link.action):
                inside = (np.abs(points - (box.x, box.y)) < (box.width / 2 + 7, box.height / 2 + 7)).all(axis=1)
                cost += _BLOCKED * int(inside.sum())
        strokes = [stem for key, stem in self.stems.items() if key != (link.source, link.action)]
        for stem in strokes:
            cost += 3.0 * int((np.hypot(*(points[:, None, :] - stem[None, :, :]).T) < _CLOSE).sum())
        for other in others:
            apart = np.hypot(*(points[:, None, :] - other[None, :, :]).T)
            cost += 1.2 * int((apart < _CLOSE).sum())
            cost += 6.0 * float(np.hypot(*(points[-1] - other[-1])) < 14.0)
        return cost

    def place_labels(self, sizes: Sequence[tuple[float, float]]) -> None:
        """Place one label of each size (width, height) on its arrow; a width of 0 means no label."""
        for index, (width, height) in enumerate(sizes):
            if width == 0.0:
                self.labels.append(Box(0.0, 0.0, 0.0, 0.0))
                continue
            spots = self._label_spots(self.samples[index], width, height)
            costs = [price + self._label_cost(index, box) for price, box in spots]
            self.labels.append(spots[int(np.argmin(costs))][1])

    def _label_spots(self, points: NDArray[np.float64], width: float, height: float) -> list[tuple[float, Box]]:
        """Places on the arrow, the middle first, and beside it; a label longer than half the arrow goes beside."""
        length = float(np.hypot(*np.diff(points, axis=0).T).sum())
        covered = 12.0 if width > 0.55 * length else 0.0
        spots = []
        for place in range(4, 17):
            index = place * (len(points) - 1) // 20
            (x, y), price = points[index].tolist(), 0.5 * abs(place - 10)
            spots.append((price + covered, Box(x, y, width, height)))
            across, down = direction(tuple(points[index - 1].tolist()), tuple(points[index + 1].tolist()))
            for side in (-1.0, 1.0):
                reach = abs(down) * width / 2 + abs(across) * height / 2 + 5.0
                beside = Box(x - side * down * reach, y + side * across * reach, width, height)
                spots.append((price + 6.0, beside))
        return spots

    def _label_cost(self, index: int, box: Box) -> float:
        cost = sum(_BLOCKED for place in self.places if box.distance_to(place) < self.radius + 3.0)
        cost += sum(_BLOCKED for other in self.actions.values() if box.gap(other) < 2.0)
        cost += sum(_BLOCKED for other in self.labels if other.width > 0.0 and box.gap(other) < 3.0)
        reach = (box.width / 2 + 2, box.height / 2 + 2)
        own = self.samples[index]
        for points in [*self.stems.values(), *self.samples]:
            if points is not own:
                cost += 8.0 * int((np.abs(points - (box.x, box.y)) < reach).all(axis=1).sum())
        return cost

    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of everything that is placed."""
        boxes = [Box(x, y, 2 * self.radius, 2 * self.radius) for x, y in self.places]
        boxes += [*self.actions.values(), *(label for label in self.labels if label.width > 0.0)]
        boxes += [Box(float(x), float(y), 6.0, 6.0) for points in self.samples for x, y in points]
        return (
            min(box.x - box.width / 2 for box in boxes),
            min(box.y - box.height / 2 for box in boxes),
            max(box.x + box.width / 2 for box in boxes),
            max(box.y + box.height / 2 for box in boxes),
        )

    def moved(self, across: float, down: float) -> "GraphLayout":
        """The same, shifted."""
        return GraphLayout(
            [(x + across, y + down) for x, y in self.places],
            self.radius,
            {key: Box(box.x + across, box.y + down, box.width, box.height) for key, box in self.actions.items()},
            [tuple((x + across, y + down) for x, y in route) for route in self.routes],
            [Box(box.x + across, box.y + down, box.width, box.height) for box in self.labels],
            [points + np.array((across, down)) for points in self.samples],
            {key: points + np.array((across, down)) for key, points in self.stems.items()},
        )
