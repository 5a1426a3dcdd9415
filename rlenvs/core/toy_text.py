"""Reads the ``P`` table of Gymnasium's toy-text environments."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Parsed = tuple[tuple[NDArray[Any], ...], int, int, NDArray[np.float64], list[int]]
Table = list[list[list[tuple[float, int, float, bool]]]]


def outcomes_from_toy_text(env: Any) -> Parsed:
    """Return ``((offsets, next_state, probability, reward), S, A, start, terminal)`` of a toy-text environment.

    Raises:
        TypeError: if there is no ``P``.
        ValueError: if the start distribution is unknown.
    """
    bare = getattr(env, "unwrapped", env)
    raw = getattr(bare, "P", None)
    if raw is None:
        raise TypeError(f"`env` must have a toy-text table `P` or a `model`, got {env!r}.")
    start = getattr(bare, "initial_state_distrib", None)
    if start is None:
        raise ValueError(f"{bare!r} has no `initial_state_distrib`; build a FiniteMDP by hand and give `start`.")
    table: Table = [[list(raw[s][a]) for a in sorted(raw[s])] for s in sorted(raw)]
    ragged = [s for s, actions in enumerate(table) if len(actions) != len(table[0])]
    if ragged:
        raise ValueError(
            f"`P` of {bare!r} must list the same actions in every state, got {len(table[0])} in state 0 and "
            f"{len(table[ragged[0]])} in state {ragged[0]}."
        )
    start = np.array(start, dtype=np.float64)
    twins = _terminal_indices(table, set(np.flatnonzero(start).tolist()))
    n_states = max(len(table), 1 + max(twins.values(), default=0))
    start = np.pad(start, (0, n_states - start.size))
    return _flatten(table, twins, n_states), n_states, len(table[0]), start, sorted(twins.values())


def _terminal_indices(table: Table, alive: set[int]) -> dict[int, int]:
    """Map each state entered with ``terminated`` to the index of its terminal form: itself, or an appended twin."""
    ending = {s for actions in table for row in actions for p, s, _, over in row if over and p > 0}
    split: set[int] = ending & alive
    while True:
        living = [s for s in range(len(table)) if s not in ending or s in split]
        entered = {t for s in living for row in table[s] for p, t, _, over in row if not over and p > 0}
        if entered & ending <= split:
            break
        split |= entered & ending
    appended = {s: len(table) + k for k, s in enumerate(sorted(split))}
    return {s: appended.get(s, s) for s in ending}


def _flatten(table: Table, twins: dict[int, int], n_states: int) -> tuple[NDArray[Any], ...]:
    n_actions = len(table[0])
    counts: list[int] = []
    flat: list[tuple[int, float, float]] = []
    for actions in table:
        for row in actions:
            counts.append(len(row))
            flat.extend((twins.get(s, s) if over else s, p, r) for p, s, r, over in row)
    counts.extend([0] * ((n_states - len(table)) * n_actions))  # twins are terminal: their rows are never read
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    next_state, probability, reward = (np.array(column) for column in zip(*flat, strict=True))
    return offsets, next_state.astype(np.int64), probability.astype(np.float64), reward.astype(np.float64)
