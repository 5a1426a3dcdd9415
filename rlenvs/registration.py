"""The one table of environment ids. Importing rlenvs registers them; nothing else happens then."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import gymnasium as gym


class Entry(NamedTuple):
    """One row of the table."""

    name: str
    entry_point: str
    max_episode_steps: int | None
    reward_threshold: float | None
    kwargs: Mapping[str, Any] = MappingProxyType({})


_MDP = "rlenvs.envs.mdp:MDP"
_GRID = "rlenvs.envs.grid_world:GridWorld"
_CHAIN = "rlenvs.envs.markov_chain:MarkovChain"
_SNAKE = "rlenvs.envs.snake:Snake"
_SLIPPERY = {"slip": 0.2, "edges": "block", "step_cost": 0.1}

_VECTOR = {
    _MDP: "rlenvs.envs.mdp.vector:MDPVector",
    _GRID: "rlenvs.envs.grid_world.vector:GridWorldVector",
    _CHAIN: "rlenvs.envs.markov_chain.vector:MarkovChainVector",
    _SNAKE: "rlenvs.envs.snake.vector:SnakeVector",
}

# The threshold is the best mean return, discount 1, within the time limit of the same row, from the exact solution;
# a test recomputes every one of them. Snake: a full board, which a cycle through all cells always reaches.
ENTRIES: tuple[Entry, ...] = (
    Entry("MDP-v0", _MDP, 100, 137.16758612605872),  # horizon 100
    Entry("GridWorld-v0", _GRID, 100, 10.0),  # horizon 100
    Entry("GridWorld6x6-v0", _GRID, 100, 0.0, {"map_name": "6x6"}),  # horizon 100; two ends share the optimum
    Entry("SlipperyGridWorld-v0", _GRID, 100, 9.259636631410594, _SLIPPERY),  # horizon 100
    Entry("SuttonBarto-v0", _GRID, 100, -2.0, {"map_name": "sutton-barto"}),  # horizon 100
    Entry("Cliff-v0", _GRID, 500, -13.0, {"map_name": "cliff"}),  # horizon 500
    Entry("MarkovChain-v0", _CHAIN, 1000, -16.0),  # horizon 1000; there is nothing to choose
    Entry("Snake-v0", _SNAKE, None, 99.0),
    Entry("Snake6x6-v0", _SNAKE, None, 35.0, {"rows": 6, "columns": 6}),
    Entry("Snake12x12-v0", _SNAKE, None, 143.0, {"rows": 12, "columns": 12}),
    Entry("Snake20x20-v0", _SNAKE, None, 399.0, {"rows": 20, "columns": 20}),
    Entry("SnakePixels-v0", _SNAKE, None, 99.0, {"observation": "image"}),
)


def register() -> None:
    """Register every id with Gymnasium, once; a second call changes nothing."""
    for entry in ENTRIES:
        if f"rlenvs/{entry.name}" in gym.registry:
            continue
        gym.register(
            f"rlenvs/{entry.name}",
            entry_point=entry.entry_point,
            max_episode_steps=entry.max_episode_steps,
            reward_threshold=entry.reward_threshold,
            kwargs=dict(entry.kwargs),
            vector_entry_point=_VECTOR[entry.entry_point],
        )
