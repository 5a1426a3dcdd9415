"""How far learned action values are from the true ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from rlenvs_agents.evaluation.truth import Truth

MAX_ERROR, MEAN_ERROR = "eval/max_q_error", "eval/mean_q_error"


def q_errors(agent: Any, truth: Truth) -> dict[str, float | None]:
    """The largest and the mean |Q − Q*| over all states that are not terminal and their possible actions.

    Q* is that of the agent's discount, without a time limit. What was never tried counts with the value that it began
    with; an action that the agent holds for impossible does not count.

    Args:
        agent: one that learns action values.
        truth: of its environment.

    Returns:
        The errors by the names under which they are logged; empty where the agent learns no action values.
    """
    if not hasattr(agent, "q_values"):
        return {}
    exact = truth.solution(agent.discount).q_values
    learned = np.asarray(agent.q_values(truth.observations), dtype=np.float64)
    known = np.isfinite(exact) & np.isfinite(learned) & ~truth.mdp.terminal[:, None]
    errors = np.abs(learned[known] - exact[known])
    if errors.size == 0:
        return {}
    return {MAX_ERROR: float(errors.max()), MEAN_ERROR: float(errors.mean())}
