"""A softmax policy as NumPy acts by it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rlenvs_agents.observations import BoolArray


def softmax(logits: NDArray[Any], masks: BoolArray | None = None) -> NDArray[np.float64]:
    """Probabilities (n, A); exactly 0 where an action is impossible.

    Args:
        logits: (n, A).
        masks: (n, A), true where an action is possible; None: everything is.
    """
    scores = logits.astype(np.float64)
    if masks is not None:
        scores = np.where(masks, scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def sample(probabilities: NDArray[np.float64], uniforms: NDArray[np.float64]) -> NDArray[np.int64]:
    """Actions (n,) by inverse distribution functions.

    Args:
        probabilities: (n, A).
        uniforms: (n,) in [0, 1).
    """
    cumulative = probabilities.cumsum(axis=1)
    # Rounding may leave the last sum below 1: the threshold is relative to it. Ties go up, past impossible actions.
    threshold = (uniforms * cumulative[:, -1])[:, None]
    return np.asarray((cumulative <= threshold).sum(axis=1)).clip(max=probabilities.shape[1] - 1)
