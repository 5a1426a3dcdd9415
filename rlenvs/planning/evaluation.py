"""What a policy is worth, exactly."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rlenvs.core.finite_mdp import FiniteMDP
from rlenvs.planning.checks import check_count, check_discount, check_mdp, policy_weights
from rlenvs.planning.decisions import BoolArray, Decisions, FloatArray, decisions_of
from rlenvs.planning.finite_horizon import evaluate_steps
from rlenvs.planning.linear import largest
from rlenvs.planning.solution import solve
from rlenvs.planning.solver import chain_by_size
from rlenvs.planning.structure import class_distribution, closed_classes, reach

NO_GAIN = 1e-12
"""Relative mean reward per step below which a recurrent class counts as earning nothing on average."""


def evaluate_policy(
    mdp: FiniteMDP, policy: ArrayLike, discount: float, *, horizon: int | None = None
) -> NDArray[np.float64]:
    """Expected discounted reward of a policy from each state, by a linear solve.

    With discount 1 and no horizon the value is the limit of the rewards of ever more steps. A class of states that is
    never left and in which every mean reward is 0 adds nothing. One that costs on average makes the value minus
    infinity wherever it can be reached, one that earns plus infinity.

    Args:
        mdp: the MDP.
        policy: actions (S,), or probabilities (S, A). With a horizon also one of these per step: (horizon, S) whole
            numbers or (horizon, S, A), as :func:`solve` returns it. What it says in terminal states is not read.
        discount: in [0, 1].
        horizon: number of steps; None: no limit.

    Returns:
        Values (S,); with a horizon those of the first step.

    Raises:
        TypeError: if ``policy`` is no array of numbers.
        ValueError: if ``policy`` does not fit the MDP or chooses an impossible action; if with discount 1 the limit
            does not exist; the message names the state.
    """
    check_mdp(mdp)
    discount = check_discount(discount)
    if horizon is not None:
        return evaluate_steps(mdp, policy, discount, check_count(horizon, "horizon"))
    chain = policy_chain(mdp, policy)
    return chain_by_size(chain, discount) if discount < 1 else _total_reward(chain)


def distance_from_optimum(mdp: FiniteMDP, policy: ArrayLike, discount: float, *, horizon: int | None = None) -> float:
    """How much a policy loses: optimal value minus its value, expected over the start distribution.

    Args:
        mdp: the MDP.
        policy: as for :func:`evaluate_policy`.
        discount: in [0, 1].
        horizon: number of steps; None: no limit.

    Returns:
        A number >= 0 up to rounding; infinite where the policy pays for ever and the optimum does not.

    Raises:
        ValueError: as :func:`solve` and :func:`evaluate_policy` do, or if both are infinite.
    """
    values = evaluate_policy(mdp, policy, discount, horizon=horizon)
    best = solve(mdp, discount, horizon=horizon).start_value
    own = float(mdp.start[mdp.start_states] @ values[mdp.start_states])
    if np.isinf(best) and np.isinf(own):
        raise ValueError("every policy pays for ever from the start; give a `discount` below 1 or a `horizon`.")
    return best - own


def policy_chain(mdp: FiniteMDP, policy: Any) -> Decisions:
    """The Markov chain of an MDP under a policy: one row per state.

    Raises:
        ValueError: if the policy does not fit.
    """
    decisions = decisions_of(mdp)
    return decisions.mixed(policy_weights(mdp, policy).ravel()[decisions.label])


def _total_reward(chain: Decisions) -> FloatArray:
    """Undiscounted reward of a chain; see :func:`evaluate_policy`."""
    component, closed = closed_classes(chain)
    caught = closed[component]
    drift = _drift(chain, component, closed)
    down, up = (_can_reach(chain, caught & (sign * drift[component] > 0)) for sign in (-1, 1))
    both = np.flatnonzero(down & up)
    if both.size:
        raise ValueError(
            f"with `discount` 1 the value of state {both[0]} does not exist: from there `policy` can come to pay for "
            "ever and to earn for ever; give a `discount` below 1 or a `horizon`."
        )
    values = np.where(down, -np.inf, np.where(up, np.inf, 0.0))
    rest = np.flatnonzero(~(caught | down | up))
    if rest.size:
        values[rest] = chain_by_size(chain.part(rest), 1.0)
    return values


def _drift(chain: Decisions, component: NDArray[Any], closed: BoolArray) -> FloatArray:
    """The sign of the mean reward per step of each closed class; 0 where nothing is ever earned or paid."""
    least, most = np.zeros(closed.size), np.zeros(closed.size)
    np.minimum.at(least, component, chain.reward)
    np.maximum.at(most, component, chain.reward)
    drift = np.sign(least + most) * closed
    for number in np.flatnonzero(closed & (least < 0) & (most > 0)):
        members = np.flatnonzero(component == number)
        gain = float(class_distribution(chain, members) @ chain.reward[members])
        if abs(gain) <= NO_GAIN * largest(chain.reward[members]):
            raise ValueError(
                f"with `discount` 1 the value of state {members[0]} does not exist: under `policy` "
                "no terminal state is reached from there, and what is earned is paid again for ever; "
                "give a `discount` below 1 or a `horizon`."
            )
        drift[number] = np.sign(gain)
    return drift


def _can_reach(chain: Decisions, targets: BoolArray) -> BoolArray:
    if not targets.any():
        return targets
    return reach(chain, np.ones(chain.n_states, dtype=np.bool_), targets)[0]
