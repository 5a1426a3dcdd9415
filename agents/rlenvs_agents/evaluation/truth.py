"""What a policy is worth on a finite environment, exactly: every state is asked what it would do."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from rlenvs.core import FiniteMDP
from rlenvs.planning import Solution, evaluate_policy, solve
from rlenvs_agents.evaluation.lens import seen_states, time_limit

FloatArray = NDArray[np.float64]

LARGEST = 200_000
"""States up to which an agent is asked about every one of them."""

SAME_REWARD = 1e-9
"""Rewards of final steps that differ by no more are equally good ends."""


@dataclass(frozen=True, kw_only=True)
class Exact:
    """Exact figures of a policy, expected over starts and chance.

    All but the first three hold within the time limit of the environment, with discount 1.
    """

    discount: float
    start_value: float  # V^π(start), discounted, without a time limit
    distance: float  # V*(start) − V^π(start)
    mean_return: float | None  # None: there is no time limit and the return does not exist
    mean_length: float | None  # None: there is no time limit and the episode may never end
    goal_rate: (
        float | None
    )  # share of episodes that end as well as the optimum can (see Truth.goal_reward); None: no end
    steps_to_goal: float | None  # mean length of those; None: there are none


class Truth:
    """A finite environment, seen through the eyes of an agent.

    Args:
        mdp: the model.
        observations: what is seen of each state, (S, *shape).
        horizon: the time limit; None: there is none.
    """

    def __init__(self, mdp: FiniteMDP, observations: NDArray[Any], horizon: int | None) -> None:
        self.mdp = mdp
        self.observations = observations
        self.horizon = horizon
        self.masks = None if mdp.action_mask.all() else mdp.action_mask
        # An agent that knows no masks may choose an impossible action: the environment then stays, with reward 0.
        self._played = mdp
        if self.masks is not None:
            self._played = FiniteMDP.from_outcomes(
                mdp.outcomes, mdp.n_states, mdp.n_actions, start=mdp.start, terminal=mdp.terminal
            )
        self._solutions: dict[float, Solution] = {}
        self._goals: dict[float, float] = {}

    @classmethod
    def of(cls, env: gym.Env[Any, Any]) -> Truth | None:
        """The truth of an environment; None where it is not finite, too large, or seen through memory."""
        inner: Any = env.unwrapped
        if not isinstance(getattr(inner, "model", None), FiniteMDP) and not hasattr(inner, "P"):
            return None
        mdp = FiniteMDP.from_env(env)
        if mdp.n_states > LARGEST:
            return None
        observations = seen_states(env, mdp.n_states)
        return None if observations is None else cls(mdp, observations, time_limit(env))

    def solution(self, discount: float) -> Solution:
        """The optimum among the possible actions, without a time limit."""
        if discount not in self._solutions:
            self._solutions[discount] = solve(self.mdp, discount)
        return self._solutions[discount]

    def policy_of(self, agent: Any) -> FloatArray:
        """What an agent does in each state, as probabilities (S, A)."""
        if hasattr(agent, "probabilities"):
            return np.asarray(agent.probabilities(self.observations, self.masks), dtype=np.float64)
        actions, _ = agent.predict(self.observations, deterministic=True)
        return np.eye(self.mdp.n_actions)[np.asarray(actions, dtype=np.int64)]

    def measure(self, agent: Any, discount: float) -> Exact:
        """Exact figures of an agent's policy."""
        return self.measure_policy(self.policy_of(agent), discount)

    def measure_policy(self, policy: NDArray[Any], discount: float) -> Exact:
        """Exact figures of a policy.

        Args:
            policy: actions (S,) or probabilities (S, A).
            discount: for the values; returns and lengths are undiscounted.
        """
        weights = np.eye(self.mdp.n_actions)[policy] if policy.ndim == 1 else policy
        start_value = self._at_start(evaluate_policy(self._played, weights, discount))
        length, goal_rate, steps_to_goal = self._walk(weights, discount)
        return Exact(
            discount=discount,
            start_value=start_value,
            distance=self.solution(discount).start_value - start_value,
            mean_return=self._return(weights),
            mean_length=length,
            goal_rate=goal_rate,
            steps_to_goal=steps_to_goal,
        )

    def _at_start(self, values: FloatArray) -> float:
        starts = self.mdp.start_states
        return float(self.mdp.start[starts] @ values[starts])

    def _return(self, weights: FloatArray) -> float | None:
        try:
            value = self._at_start(evaluate_policy(self._played, weights, 1.0, horizon=self.horizon))
        except ValueError:  # no time limit, and rewards that come for ever without a mean
            return None
        return value if np.isfinite(value) else None

    def goal_reward(self, discount: float) -> float:
        """The reward of the best-paying end that an optimal policy can come to; ends that pay as much are goals.

        Where the optimum never ends, the best-paying end of all.
        """
        if discount not in self._goals:
            optimal = np.eye(self.mdp.n_actions)[self.solution(discount).policy]
            offsets, _, _, reward = self._played.outcomes
            reached = self._reachable(optimal)[self._rows // self.mdp.n_actions]
            taken = np.repeat(optimal.ravel() > 0, np.diff(offsets)) & reached & self._ends
            used = taken if taken.any() else self._ends
            self._goals[discount] = float(reward[used].max(initial=-np.inf))
        return self._goals[discount]

    def _walk(self, weights: FloatArray, discount: float) -> tuple[float | None, float | None, float | None]:
        """Mean length, share of episodes that reach the goal, and their mean length; by following the distribution."""
        if self.horizon is None:
            return None, None, None
        mdp, outcomes = self.mdp, self._played.outcomes
        good = self._ends & (outcomes.reward >= self.goal_reward(discount) - SAME_REWARD)
        arrival = np.asarray(self._matrix(weights, outcomes.probability * good).sum(axis=1)).ravel()
        forward = self._matrix(weights, outcomes.probability).T.tocsr()
        present = np.where(mdp.terminal, 0.0, mdp.start)
        length = reached = steps = 0.0
        for step in range(1, self.horizon + 1):
            length += float(present.sum())
            here = float(present @ arrival)
            reached, steps = reached + here, steps + step * here
            present = np.where(mdp.terminal, 0.0, forward @ present)
        if not mdp.terminal.any():
            return length, None, None
        return length, reached, steps / reached if reached > 0 else None

    def _reachable(self, weights: FloatArray) -> NDArray[np.bool_]:
        """States that can be entered under a policy, (S,)."""
        forward = self._matrix(weights, self._played.outcomes.probability).T.tocsr()
        found = self.mdp.start > 0
        while True:
            more = found | (forward @ found.astype(np.float64) > 0)
            if (more == found).all():
                return found
            found = more

    @functools.cached_property
    def _rows(self) -> NDArray[np.int64]:
        """The row of each outcome, (K,)."""
        offsets = self._played.outcomes.offsets
        return np.repeat(np.arange(offsets.size - 1), np.diff(offsets))

    @functools.cached_property
    def _ends(self) -> NDArray[np.bool_]:
        """Whether an outcome ends an episode, (K,)."""
        terminal = self.mdp.terminal
        return np.asarray(terminal[self._played.outcomes.next_state] & ~terminal[self._rows // self.mdp.n_actions])

    def _matrix(self, weights: FloatArray, data: FloatArray) -> Any:
        """Sparse (S, S): ``data`` per outcome, weighted by the policy."""
        from scipy.sparse import csr_array

        offsets, next_state, _, _ = self._played.outcomes
        shape = (self.mdp.n_states, self.mdp.n_states)
        per_outcome = np.repeat(weights.ravel(), np.diff(offsets)) * data
        return csr_array((per_outcome, (self._rows // self.mdp.n_actions, next_state)), shape=shape)
