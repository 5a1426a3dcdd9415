"""The picture of a grid world."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rlenvs.core import MOVES, Overlay
from rlenvs.envs.grid_world.cells import Cells
from rlenvs.rendering import (
    GridDiagram,
    GridOverlay,
    Jump,
    Mark,
    MarkKind,
    Scene,
    decimals_for,
    fixed,
    grid_text,
    policy_sign,
    signed,
)

MOST_ARROWS = 4
"""More cells than these that send the agent elsewhere are marked by their reward, not by an arrow each."""
MOST_WRITTEN = 2500
"""Values and policy of larger maps are not written as text: no terminal shows them."""


class GridPicture:
    """Draws the map, the agent on it, and the optimum over it if there is an overlay.

    The map is drawn when the first picture is asked for and kept.

    Args:
        cells: the map.
        places: row and column of every state, (S, 2); (-1, -1) where a state has no place.
        step_cost: what a step costs; rewards of terminal cells are shown without it.
    """

    def __init__(self, cells: Cells, places: NDArray[np.int64], step_cost: float) -> None:
        self.cells = cells
        self.places = places
        self.step_cost = step_cost
        self._drawn_for: Overlay | None = None
        self._diagram: GridDiagram | None = None
        self._tables = ""
        letters = cells.letters.reshape(cells.n_rows, cells.n_columns).tolist()
        self._map_lines = tuple(" ".join(row) for row in letters)

    def __call__(self, state: int, overlay: Overlay | None) -> Scene:
        """The map with the agent in a state."""
        if self._diagram is None or self._drawn_for is not overlay:
            self._diagram = GridDiagram(
                self.cells.n_rows,
                self.cells.n_columns,
                tuple(self._mark(cell) for cell in np.flatnonzero(self._is_marked()).tolist()),
                self._jumps(),
                self._known(overlay),
            )
            self._tables = _tables(self.cells, self._diagram.overlay)
            self._drawn_for = overlay
        row, column = self.places[state].tolist()
        is_off = state >= self.cells.wall.size
        has_place = (row, column) != (-1, -1)
        return self._diagram.scene(
            (row, column) if has_place else None,
            note="off the grid" if is_off else "",
            text=self._text(state),
        )

    def __getstate__(self) -> dict[str, Any]:
        # A copy draws its own map; what has been drawn is no part of the truth.
        return {**self.__dict__, "_diagram": None, "_drawn_for": None}

    def _is_marked(self) -> NDArray[np.bool_]:
        """Which cells are more than plain floor, (cells,)."""
        cells = self.cells
        marked: NDArray[np.bool_] = cells.closed | cells.terminal | cells.start | (cells.reward != -self.step_cost)
        return marked

    def _mark(self, cell: int) -> Mark:
        cells = self.cells
        row, column = divmod(cell, cells.n_columns)
        if cells.wall[cell]:
            return Mark(row, column, "wall")
        letter, reward = str(cells.letters[cell]), float(cells.reward[cell])
        if cells.terminal[cell]:
            gain = reward + self.step_cost
            label = signed(gain) if gain else ""
            if letter == "H":
                return Mark(row, column, "hole", label)
            return Mark(row, column, "trap" if gain < 0 else "goal", label)
        if cells.start[cell]:
            return Mark(row, column, "start", "" if reward == -self.step_cost else signed(reward))
        is_drawn_jump = cells.jump[cell] >= 0 and np.count_nonzero(cells.jump >= 0) <= MOST_ARROWS
        kind: MarkKind = "jump" if is_drawn_jump else "gain" if reward > 0 else "cost"
        return Mark(row, column, kind, signed(reward))

    def _jumps(self) -> tuple[Jump, ...]:
        sources = np.flatnonzero(self.cells.jump >= 0).tolist()
        if len(sources) > MOST_ARROWS:
            return ()
        columns = self.cells.n_columns
        return tuple(Jump(divmod(cell, columns), divmod(int(self.cells.jump[cell]), columns)) for cell in sources)

    def _known(self, overlay: Overlay | None) -> GridOverlay:
        """The overlay on the cells where an episode goes on."""
        if overlay is None:
            return GridOverlay()
        cells, shape = self.cells, (self.cells.n_rows, self.cells.n_columns)
        is_open = ~(cells.closed | cells.terminal)
        values = policy = None
        if overlay.values is not None:
            values = np.where(is_open, overlay.values[: is_open.size], np.nan).reshape(shape)
        if overlay.policy is not None:
            policy = (overlay.policy[: is_open.size] & is_open[:, None]).astype(np.float64).reshape(*shape, -1)
        return GridOverlay(values=values, policy=policy, title="value")

    def _text(self, state: int) -> str:
        """The map in its own letters with ``A`` for the agent, then values and policy if they are known."""
        cells, lines = self.cells, list(self._map_lines)
        if state >= cells.wall.size:
            lines.append("off the grid")
        else:
            row, column = divmod(state, cells.n_columns)
            lines[row] = f"{lines[row][: 2 * column]}A{lines[row][2 * column + 1 :]}"
        return "\n".join(lines) + self._tables


def _tables(cells: Cells, known: GridOverlay) -> str:
    """Values and policy as text, each after a blank line."""
    if cells.wall.size > MOST_WRITTEN:
        return ""
    letters, parts = cells.letters.reshape(cells.n_rows, cells.n_columns), [""]
    if known.values is not None:
        decimals = decimals_for(known.values.ravel().tolist())
        numbers = [
            [fixed(value, decimals) if value == value else letter for value, letter in zip(row, names, strict=True)]
            for row, names in zip(known.values.tolist(), letters.tolist(), strict=True)
        ]
        parts.append(grid_text(numbers, separator="  "))
    if known.policy is not None:
        signs = [
            [_sign(chances, letter) for chances, letter in zip(row, names, strict=True)]
            for row, names in zip(known.policy.tolist(), letters.tolist(), strict=True)
        ]
        parts.append(grid_text(signs))
    return "\n\n".join(parts)


def _sign(chances: list[float], letter: str) -> str:
    """The arrows of a cell's best moves; its letter where there is no move."""
    names = [name.lower() for name, chance in zip(MOVES, chances, strict=True) if chance > 0.0]
    return policy_sign(names) if names else letter
