"""Policy iteration with direct linear solves: exact, for problems of moderate size."""

from __future__ import annotations

import numpy as np

from rlenvs.planning.decisions import Decisions, FloatArray, IntArray
from rlenvs.planning.linear import chain_values, largest
from rlenvs.planning.structure import closed_classes

ROUNDING = 1e-13
"""Relative gain below which another action is not called better."""


class UnboundedReturnError(ValueError):
    """With discount 1 some policy collects reward for ever."""

    def __init__(self, state: int) -> None:
        self.state = state
        super().__init__(
            f"with `discount` 1 the return from state {state} has no upper bound: some policy collects reward there "
            "for ever; give a `discount` below 1 or a `horizon`."
        )


def improve_until_best(
    decisions: Decisions, discount: float, choice: IntArray | None = None
) -> tuple[FloatArray, IntArray, int]:
    """Howard's policy iteration.

    Args:
        decisions: the choices.
        discount: in [0, 1]. With 1 the first choice must end with probability 1.
        choice: a row for each state to begin with (S,); None: the largest immediate reward.

    Returns:
        Optimal values (S,), the rows that attain them (S,), and the number of policies evaluated.

    Raises:
        UnboundedReturnError: with discount 1, if a policy earns for ever.

    Howard, Dynamic Programming and Markov Processes (1960); with discount 1 Bertsekas and Tsitsiklis, An Analysis of
    Stochastic Shortest Path Problems (1991).
    """
    if choice is None:
        choice = decisions.best_rows(decisions.reward)
    rounds = 0
    while True:
        rounds += 1
        chain = decisions.keep(choice)
        if discount == 1:
            _check_ends(chain)
        values = chain_values(chain, discount)
        row_values = decisions.row_values(values, discount)
        gain = decisions.best(row_values) - row_values[choice]
        better = gain > ROUNDING * max(largest(values), largest(decisions.reward))
        if not better.any():
            return values, choice, rounds
        choice = np.where(better, decisions.best_rows(row_values), choice)


def _check_ends(chain: Decisions) -> None:
    """Refuse an improved policy that never ends; it can only come about where it earns for ever."""
    component, closed = closed_classes(chain)
    caught = np.flatnonzero(closed[component])
    if caught.size:
        raise UnboundedReturnError(int(caught[0]))
