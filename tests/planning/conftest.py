"""MDPs that several tests of planning share."""

from __future__ import annotations

import numpy as np
import pytest

from rlenvs.core import FiniteMDP


@pytest.fixture
def toy() -> FiniteMDP:
    """The published MDP of 3 states and 3 actions."""
    transition = np.zeros((3, 3, 3))
    transition[0] = [[0.7, 0.3, 0], [1, 0, 0], [0.8, 0.2, 0]]
    transition[1, [0, 2]] = [[0, 1, 0], [0, 0, 1]]
    transition[2, 1] = [0.8, 0.1, 0.1]
    reward = np.zeros((3, 3, 3))
    reward[0, 0, 0], reward[1, 2, 2], reward[2, 1, 0] = 10, -50, 40
    return FiniteMDP(transition, reward, action_mask=[[1, 1, 1], [1, 0, 1], [0, 1, 0]])


@pytest.fixture
def chain() -> FiniteMDP:
    """The published chain of 4 states, -1 per step."""
    rows = np.array([[0.7, 0.2, 0, 0.1], [0, 0, 0.9, 0.1], [0, 1, 0, 0], [0, 0, 0, 1]])
    return FiniteMDP(rows[:, None], -np.ones((4, 1)), terminal=[3])
