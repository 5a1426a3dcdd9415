"""Callbacks that keep the best weights, and stop when learning has gone well for long enough."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import gymnasium as gym
import numpy as np

from rlenvs_agents.configs import check_whole
from rlenvs_agents.lanes import lanes_of
from rlenvs_agents.reporting import Snapshot


class GreedyEpisodes:
    """How well an agent's best actions do, in episodes kept for that: all at once, from the same seeds every time.

    Args:
        env: the environment; it is left alone, copies are made from its spec.
        episodes: how many; their mean return is the score.
        seed: of the first; the others have the seeds that follow. Far from those of evaluation, 0, 1, 2, …

    Attributes:
        steps: environment steps made so far; they are no training steps.

    Raises:
        ValueError: if there are to be several episodes and the environment cannot be made again.
    """

    def __init__(self, env: gym.Env[Any, Any], episodes: int = 16, seed: int = 1_000_000) -> None:
        self.seed = check_whole("seed", seed, 0)
        self.steps = 0
        self._lanes = lanes_of(gym.make(env.spec) if env.spec else env, check_whole("episodes", episodes))

    def __call__(self, agent: Any) -> float:
        """Mean return of the episodes, undiscounted."""
        seen = self._lanes.reset(self.seed)
        playing = np.ones(self._lanes.count, np.bool_)
        total = 0.0
        while playing.any():
            actions, _ = agent.predict(seen.observation, deterministic=True, action_masks=seen.mask)
            stepped = self._lanes.step(actions, playing)
            made = playing & stepped.valid
            total += float(stepped.reward[made].sum())
            self.steps += int(made.sum())
            playing &= ~(made & (stepped.terminated | stepped.truncated))
            seen = stepped.seen
        return total / self._lanes.count


class BestWeights:
    """Remembers the weights that did best.

    Args:
        every: environment steps from one look to the next.
        judge: a function of the agent that gives its score, such as :class:`GreedyEpisodes`; None: the score is the
            mean return of the recent training episodes, most of which older weights have played.

    Attributes:
        best_return: the best score.
        step: when that was.
    """

    def __init__(self, every: int = 1000, judge: Callable[[Any], float] | None = None) -> None:
        if judge is not None and not callable(judge):
            raise TypeError(f"`judge` must be a function of the agent, or None, got {judge!r}.")
        self.every = check_whole("every", every)
        self.judge = judge
        self.best_return = -math.inf
        self.step = 0
        self._weights: Any = None

    def __call__(self, snapshot: Snapshot) -> None:
        """Look."""
        score = snapshot.mean_return if self.judge is None else self.judge(snapshot.policy)
        if score is not None and score > self.best_return:
            self.best_return, self.step = score, snapshot.step
            self._weights = snapshot.policy.weights

    def restore(self, agent: Any) -> None:
        """Give the weights to an agent with ``weights``; nothing, if there has been no score yet."""
        if self._weights is not None:
            agent.weights = self._weights


class EarlyStopping:
    """Stops learning once the recent mean return has reached a goal at several looks in a row.

    Args:
        goal: mean return.
        patience: looks in a row.
        every: environment steps from one look to the next.
    """

    def __init__(self, goal: float, patience: int = 3, every: int = 1000) -> None:
        self.goal = goal
        self.patience = check_whole("patience", patience)
        self.every = check_whole("every", every)
        self._reached = 0

    def __call__(self, snapshot: Snapshot) -> bool:
        """True when it is enough."""
        well = snapshot.mean_return is not None and snapshot.mean_return >= self.goal
        self._reached = self._reached + 1 if well else 0
        return self._reached >= self.patience
