"""What a replay memory gives back."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Transitions(NamedTuple):
    """Transitions of k steps, one per entry of the first axes (…)."""

    observation: NDArray[Any]  # (…, *shape)
    action: NDArray[np.int32]  # (…,)
    reward: NDArray[np.float32]  # (…,), of the k steps, the i-th discounted by γ^i
    discount: NDArray[np.float32]  # (…,), γ^k; 0 if the last step terminated
    next_observation: NDArray[Any]  # (…, *shape), after the k steps, before any reset
    next_mask: NDArray[np.bool_]  # (…, A), true where an action is possible there


class Sample(NamedTuple):
    """Transitions drawn, and what goes with the draw."""

    transitions: Transitions
    index: NDArray[np.int64]  # type: ignore[assignment]  # (…,), for `update_priorities`; hides tuple.index
    weight: NDArray[np.float32]  # (…,), importance weights; ones where the draw is uniform
