"""The three-state toy MDP."""

from __future__ import annotations

# transition[s][a] = probabilities of the next states; a row of zeros is an action that is not possible there.
TRANSITION = [
    [[0.7, 0.3, 0.0], [1.0, 0.0, 0.0], [0.8, 0.2, 0.0]],
    [[0.0, 1.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 1.0]],
    [[0.0, 0.0, 0.0], [0.8, 0.1, 0.1], [0.0, 0.0, 0.0]],
]
# reward[s][a] = rewards on the way to the next states.
REWARD = [
    [[10.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]],
    [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, -50.0]],
    [[0.0, 0.0, 0.0], [40.0, 0.0, 0.0], [0.0, 0.0, 0.0]],
]
ACTION_MASK = [[1, 1, 1], [1, 0, 1], [0, 1, 0]]
