"""The layouts that come with the package: maps as strings, and what their letters mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Layout(NamedTuple):
    """A map and the settings that belong to it; arguments of the environment override them."""

    rows: tuple[str, ...]
    legend: Mapping[str, Mapping[str, Any]] = {}
    settings: Mapping[str, Any] = {}


LAYOUTS: Mapping[str, Layout] = {
    "4x4": Layout(("S...", "....", "....", "...G")),
    "6x6": Layout(
        ("S....1", ".##...", ".#..#.", "...2#.", ".##...", "....#3"),
        {
            "1": {"terminal": True, "reward": 5.0},
            "2": {"terminal": True, "reward": -2.0},
            "3": {"terminal": True, "reward": 10.0},
        },
        {"step_cost": 1.0, "edges": "block"},
    ),
    # Sutton and Barto, Reinforcement Learning (2nd edition, 2018), Example 4.1.
    "sutton-barto": Layout(
        ("T...", "....", "....", "...T"),
        {"T": {"terminal": True, "reward": 0.0}},
        {"step_cost": 1.0, "edges": "block", "start": "random"},
    ),
    # The same book, Example 6.6: falling costs 100 and leads back to the start.
    "cliff": Layout(
        ("............", "............", "............", "SCCCCCCCCCCG"),
        {"C": {"cost": 100.0, "jump": "S"}, "G": {"terminal": True, "reward": 0.0}},
        {"step_cost": 1.0, "edges": "block"},
    ),
}
