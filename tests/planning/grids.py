"""Grid worlds of any size as FiniteMDP, stated apart from the library's own builder."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rlenvs.core import FiniteMDP, Outcomes

MOVES = np.array([[-1, 0], [1, 0], [0, -1], [0, 1]])  # up, down, left, right
SIDEWAYS = np.array([[2, 3], [2, 3], [0, 1], [0, 1]])


@dataclass(frozen=True, kw_only=True)
class Grid:
    """What a test says about a grid; rows x columns cells, the state after the last one lies outside."""

    rows: int
    columns: int
    slip: float = 0.0  # chance to move sideways, half to each side
    goal_reward: float = 10.0
    step_reward: float = 0.0
    edge_reward: float | None = None  # None: edges block; a number: leaving ends with it
    goal: tuple[int, int] = (-1, -1)
    walls: float = 0.0  # share of cells that block
    seed: int = 0

    def build(self) -> FiniteMDP:
        n_cells = self.rows * self.columns
        goal = (self.goal[0] % self.rows) * self.columns + self.goal[1] % self.columns
        wall = np.random.default_rng(self.seed).random(n_cells) < self.walls
        wall[[0, goal]] = False
        target, reward = self._steps(goal, wall)
        directions, chance = self._chances()
        next_state = target[:, directions]  # (cells, 4, k)
        rewards = reward[:, directions]
        k = len(chance)
        rows = (n_cells + 1) * 4
        full = np.zeros((n_cells + 1, 4, k), dtype=np.int64)
        full[:-1] = next_state
        paid = np.zeros((n_cells + 1, 4, k))
        paid[:-1] = rewards
        outcomes = Outcomes(np.arange(rows + 1) * k, full.ravel(), np.tile(np.asarray(chance), rows), paid.ravel())
        terminal = np.zeros(n_cells + 1, dtype=bool)
        terminal[[goal, n_cells]] = True
        return FiniteMDP.from_outcomes(outcomes, n_cells + 1, 4, start=0 if goal else 1, terminal=terminal)

    def _chances(self) -> tuple[np.ndarray, list[float]]:
        straight = np.arange(4)[:, None]
        if self.slip == 0:
            return straight, [1.0]
        return np.hstack([straight, SIDEWAYS]), [1 - self.slip, self.slip / 2, self.slip / 2]

    def _steps(self, goal: int, wall: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Target and reward of each cell and direction, (cells, 4)."""
        here = np.stack(np.divmod(np.arange(self.rows * self.columns), self.columns), axis=1)
        there = here[:, None] + MOVES
        outside = ((there < 0) | (there >= [self.rows, self.columns])).any(axis=2)
        there = np.clip(there, 0, [self.rows - 1, self.columns - 1])
        target = there[..., 0] * self.columns + there[..., 1]
        target = np.where(wall[target], np.arange(self.rows * self.columns)[:, None], target)
        reward = np.full(target.shape, float(self.step_reward))
        reward[target == goal] += self.goal_reward
        if self.edge_reward is not None:
            target = np.where(outside, self.rows * self.columns, target)
            reward[outside] = self.step_reward + self.edge_reward
        return target, reward
