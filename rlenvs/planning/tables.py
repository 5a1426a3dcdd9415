"""Action values as a table over all states and actions."""

from __future__ import annotations

import numpy as np

from rlenvs.core.finite_mdp import FiniteMDP
from rlenvs.planning.decisions import Decisions, FloatArray


def action_values(mdp: FiniteMDP, decisions: Decisions, values: FloatArray, discount: float) -> FloatArray:
    """What each action is worth when its successors are worth ``values``.

    Returns:
        Table (S, A): minus infinity where an action is impossible, 0 in terminal states.
    """
    table = np.full((mdp.n_states, mdp.n_actions), -np.inf)
    table.ravel()[decisions.label] = decisions.row_values(values, discount)
    table[mdp.terminal] = 0.0
    return table
