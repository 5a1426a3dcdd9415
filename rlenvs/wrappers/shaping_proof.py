"""Proves with the planner that shaping leaves the best policies alone, or shows where it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium import spaces
from numpy.typing import ArrayLike, NDArray

from rlenvs.wrappers.potentials import StateTable, checked_value

Bonus = Callable[[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]], ArrayLike]
"""``bonus(state, action, next_state)`` on arrays of equal length: what is added to the reward of each outcome."""


@dataclass(frozen=True)
class CounterExample:
    """A state in which shaping has changed what is best."""

    state: int
    best_before: tuple[int, ...]  # all actions that are optimal there without the shaping
    best_after: tuple[int, ...]  # all that are optimal with it
    lost: float  # raw value lost there by a policy that is optimal under the shaped reward

    def __str__(self) -> str:
        return (
            f"In state {self.state} the best actions were {list(self.best_before)} and became {list(self.best_after)}: "
            f"a policy that is optimal for the shaped reward loses {self.lost:.6g} of the raw value there."
        )


@dataclass(frozen=True)
class ShapingReport:
    """What the planner found."""

    preserved: bool  # the optimal actions of every state are the same with and without the shaping
    discount: float
    states: int  # number of states compared, terminal ones left out
    counter_example: CounterExample | None  # the state that loses most, where not preserved

    def __str__(self) -> str:
        if self.counter_example is None:
            return (
                f"Preserved: the optimal actions of all {self.states} states are the same at discount {self.discount}."
            )
        return f"Not preserved at discount {self.discount}. {self.counter_example}"


def verify_shaping(env_or_mdp: Any, bonus: Bonus | ArrayLike, discount: float) -> ShapingReport:
    """Compare the optimal actions of every state with and without a bonus on the reward.

    A stationary policy is optimal exactly if it takes an optimal action in every state, so equal sets of optimal
    actions mean equal sets of optimal policies. Ties are judged as :func:`rlenvs.planning.optimal_actions` does.

    Args:
        env_or_mdp: a :class:`rlenvs.core.FiniteMDP`, or an environment that has one or a toy-text ``P``.
        bonus: a function on arrays of states, actions and next states, or an array (S, A, S) or (S, A). It need not be
            potential-based: this is how a counter-example is found.
        discount: the learner's discount.

    Returns:
        The report; ``str(report)`` says it in a sentence or two.

    Raises:
        TypeError: if there is no finite model.
        ValueError: if the bonus has the wrong shape or is not finite, or the planner cannot solve the MDP.
    """
    from rlenvs.planning import evaluate_policy, optimal_actions, solve

    mdp = finite_model(env_or_mdp)
    before = solve(mdp, discount)
    shaped = _with_bonus(mdp, bonus)
    after = solve(shaped, discount)
    best_before = optimal_actions(mdp, before.q_values)
    best_after = optimal_actions(shaped, after.q_values)
    alive = ~np.asarray(mdp.terminal)
    changed = np.flatnonzero((best_before != best_after).any(axis=1) & alive)
    if not changed.size:
        return ShapingReport(preserved=True, discount=discount, states=int(alive.sum()), counter_example=None)
    # The shaped-optimal policy that does worst in the raw problem: it prefers what was not best before.
    wrong = best_after & ~best_before
    policy = np.where(wrong.any(axis=1), wrong.argmax(axis=1), after.policy)
    lost = before.values - evaluate_policy(mdp, policy, discount)
    worst = int(changed[np.argmax(lost[changed])])
    example = CounterExample(worst, _actions(best_before[worst]), _actions(best_after[worst]), float(lost[worst]))
    return ShapingReport(preserved=False, discount=discount, states=int(alive.sum()), counter_example=example)


def finite_model(env_or_mdp: Any) -> Any:
    """The :class:`rlenvs.core.FiniteMDP` of an environment, or the argument itself if it is one.

    Raises:
        TypeError: if there is no finite model.
    """
    from rlenvs.core import FiniteMDP

    return env_or_mdp if isinstance(env_or_mdp, FiniteMDP) else FiniteMDP.from_env(env_or_mdp)


def potential_of_states(env: gym.Env[Any, Any], function: Callable[[Any], float], mdp: Any) -> NDArray[np.float64]:
    """The potential of each state (S,), 0 in terminal ones.

    Raises:
        ValueError: if the observation of a state cannot be known, or its potential is not finite.
    """
    alive = np.flatnonzero(~np.asarray(mdp.terminal))
    values = np.zeros(mdp.n_states)
    if isinstance(function, StateTable):
        values[alive] = function.values[alive]
        return values
    observe = _observer(env)
    values[alive] = [checked_value(function(observe(state))) for state in alive.tolist()]
    return values


def _observer(env: gym.Env[Any, Any]) -> Callable[[int], Any]:
    space, bare = env.observation_space, env.unwrapped
    rules = getattr(bare, "rules", None)
    if rules is not None and space == bare.observation_space:
        observe: Callable[[int], Any] = rules.observe
        return observe
    if isinstance(space, spaces.Discrete) and space == bare.observation_space:
        first = int(space.start)
        return lambda state: state + first
    raise ValueError(
        f"verify() must know what each state looks like, and {env} does not tell. "
        "Give the potential as an array over states, or shape below the wrappers that change observations."
    )


def _with_bonus(mdp: Any, bonus: Bonus | ArrayLike) -> Any:
    offsets, successor, _, reward = mdp.outcomes
    rows = np.repeat(np.arange(mdp.n_states * mdp.n_actions), np.diff(offsets))
    state, action = rows // mdp.n_actions, rows % mdp.n_actions
    extra = np.asarray(bonus(state, action, successor) if callable(bonus) else _looked_up(mdp, bonus, rows, successor))
    extra = np.broadcast_to(extra.astype(np.float64), reward.shape)
    if not np.isfinite(extra).all():
        raise ValueError("`bonus` must be finite for every outcome.")
    # Nothing is earned in terminal states, nor by actions that are impossible.
    extra = np.where(mdp.terminal[state] | ~mdp.action_mask[state, action], 0.0, extra)
    return type(mdp).from_outcomes(
        mdp.outcomes._replace(reward=reward + extra),
        mdp.n_states,
        mdp.n_actions,
        start=mdp.start,
        terminal=mdp.terminal,
        action_mask=mdp.action_mask,
    )


def _looked_up(mdp: Any, bonus: ArrayLike, rows: NDArray[np.int64], successor: NDArray[np.int64]) -> NDArray[Any]:
    table = np.asarray(bonus, dtype=np.float64)
    pairs = (mdp.n_states, mdp.n_actions)
    if table.shape == pairs:
        return table.ravel()[rows]
    if table.shape == (*pairs, mdp.n_states):
        return table.reshape(-1, mdp.n_states)[rows, successor]
    raise ValueError(f"`bonus` must have the shape {pairs} or {(*pairs, mdp.n_states)}, got {table.shape}.")


def _actions(mask: NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(np.flatnonzero(mask).tolist())
