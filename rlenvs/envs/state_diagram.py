"""The picture of a model without a geometry: a state diagram, shared by all environments that have none."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from rlenvs.core import FiniteMDP, Overlay
from rlenvs.rendering import (
    LARGEST_DRAWN,
    Edge,
    GraphDiagram,
    GridDiagram,
    GridOverlay,
    Mark,
    Node,
    Scene,
    number,
    signed,
)

MOST_WRITTEN = 8
"""Outcomes of one action that are written out as text."""


class StateDiagram:
    """Draws a model: states as discs, actions as plates, probabilities and rewards on the arrows.

    The diagram is laid out when the first picture is asked for and kept; more than 60 states are drawn as a table
    of cells, in reading order.

    Args:
        model: what to draw.
        action_names: the name of each action; a model with a single action is drawn without it.
    """

    def __init__(self, model: FiniteMDP, action_names: tuple[str, ...] = ("",)) -> None:
        self.model = model
        self.action_names = action_names
        self._drawn_for: Overlay | None = None
        self._scene: Callable[[int, str], Scene] | None = None

    def __call__(self, state: int, overlay: Overlay | None) -> Scene:
        """The diagram with the present state marked, and what is known of the states if there is an overlay."""
        if self._scene is None or self._drawn_for is not overlay:
            is_small = self.model.n_states <= LARGEST_DRAWN
            self._scene = self._diagram(overlay) if is_small else self._table(overlay)
            self._drawn_for = overlay
        return self._scene(state, self._text(state, overlay))

    def __getstate__(self) -> dict[str, Any]:
        # A copy draws its own diagram; what has been drawn is no part of the truth.
        return {**self.__dict__, "_scene": None, "_drawn_for": None}

    def _diagram(self, overlay: Overlay | None) -> Callable[[int, str], Scene]:
        values = None if overlay is None else overlay.values
        nodes = tuple(
            Node(f"s{state}", None if values is None else float(values[state]), bool(self.model.terminal[state]))
            for state in range(self.model.n_states)
        )
        edges = self._edges()
        shared = {edge.reward for edge in edges}
        note = ""
        if len(shared) == 1 and len(edges) > 1 and shared != {0.0}:
            # The same reward on every arrow would only be in the way.
            note = f"reward {signed(shared.pop())} per step"
            edges = tuple(Edge(edge.source, edge.target, edge.probability, edge.action) for edge in edges)
        diagram = GraphDiagram(nodes, edges, self._best(overlay), note)
        return lambda state, text: diagram.scene(state, text=text)

    def _edges(self) -> tuple[Edge, ...]:
        """Every transition of the states in which an episode goes on, one for each target."""
        model, edges = self.model, list[Edge]()
        for state in np.flatnonzero(~model.terminal).tolist():
            for action in np.flatnonzero(model.action_mask[state]).tolist():
                merged: dict[int, tuple[float, float]] = {}
                for chance, target, reward, _ in model.row(state, action):
                    total, gain = merged.get(target, (0.0, 0.0))
                    merged[target] = (total + chance, gain + chance * reward)
                name = self.action_names[action]
                edges += [
                    Edge(state, target, total, name, gain / total)
                    for target, (total, gain) in merged.items()
                    if total > 0.0
                ]
        return tuple(edges)

    def _best(self, overlay: Overlay | None) -> frozenset[tuple[int, str]]:
        """The (state, action name) pairs that the overlay calls best."""
        if overlay is None or overlay.policy is None:
            return frozenset()
        pairs = np.argwhere(overlay.policy & ~self.model.terminal[:, None]).tolist()
        return frozenset((state, self.action_names[action]) for state, action in pairs)

    def _table(self, overlay: Overlay | None) -> Callable[[int, str], Scene]:
        n_states = self.model.n_states
        columns = math.isqrt(n_states - 1) + 1
        rows = -(-n_states // columns)
        marks = [Mark(*divmod(state, columns), "goal") for state in np.flatnonzero(self.model.terminal).tolist()]
        marks += [Mark(*divmod(place, columns), "wall") for place in range(n_states, rows * columns)]
        known = GridOverlay()
        if overlay is not None and overlay.values is not None:
            padded = np.full(rows * columns, np.nan)
            padded[:n_states] = overlay.values
            known = GridOverlay(values=padded.reshape(rows, columns), title="value")
        diagram = GridDiagram(rows, columns, tuple(marks), overlay=known)
        return lambda state, text: diagram.scene(divmod(state, columns), text=text)

    def _text(self, state: int, overlay: Overlay | None) -> str:
        """The present state and where its actions lead."""
        head = f"state s{state}"
        if overlay is not None and overlay.values is not None:
            head += f", value {number(float(overlay.values[state]), 6)}"
        if self.model.terminal[state]:
            return f"{head}, terminal"
        best = self._best_of(state, overlay)
        lines = [head]
        for action in np.flatnonzero(self.model.action_mask[state]).tolist():
            name = f"{self.action_names[action]} " if self.action_names[action] else ""
            lines.append(f"{'*' if action in best else ' '} {name}-> {_written(self.model.row(state, action))}")
        return "\n".join(lines)

    def _best_of(self, state: int, overlay: Overlay | None) -> frozenset[int]:
        if overlay is None or overlay.policy is None:
            return frozenset()
        return frozenset(np.flatnonzero(overlay.policy[state]).tolist())


def _written(row: list[tuple[float, int, float, bool]]) -> str:
    """The outcomes of one action, the most probable first; the rest is counted only."""
    possible = sorted((outcome for outcome in row if outcome[0] > 0.0), key=lambda outcome: -outcome[0])
    texts = [
        f"s{target} {number(chance)}" + (f" ({signed(reward)})" if reward else "")
        for chance, target, reward, _ in possible[:MOST_WRITTEN]
    ]
    rest = len(possible) - len(texts)
    return ", ".join([*texts, f"{rest} more"] if rest else texts)
