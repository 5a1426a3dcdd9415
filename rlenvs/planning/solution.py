"""The optimum of a finite MDP, as one record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rlenvs.core.finite_mdp import FiniteMDP
from rlenvs.planning.checks import check_count, check_discount, check_mdp, check_tolerance
from rlenvs.planning.decisions import decisions_of
from rlenvs.planning.finite_horizon import backward_induction, horizon_error
from rlenvs.planning.policies import greedy_policy
from rlenvs.planning.solver import Answer, Method, by_policy_iteration, by_size, by_value_iteration, solve_decisions
from rlenvs.planning.tables import action_values

if TYPE_CHECKING:
    import gymnasium as gym

TOLERANCE = 1e-8


@dataclass(frozen=True, kw_only=True, eq=False)
class Solution:
    """Optimal values and an optimal policy.

    With a horizon H, ``values`` and ``q_values`` are those of the first step, with H steps to go, and ``policy[t]`` is
    what to do at step t. Without, ``policy`` attains ``values`` from every state, also with discount 1, where being
    greedy for ``q_values`` may go round for ever.
    """

    values: NDArray[np.float64]  # (S,) largest expected discounted reward from each state
    q_values: NDArray[np.float64]  # (S, A) the same after the given first action; -inf where it is impossible
    policy: NDArray[np.int64]  # (S,), or (H, S) with a horizon; 0 in terminal states
    start_value: float  # expected over the start distribution
    discount: float
    horizon: int | None
    error_bound: float  # no value is further from the true one than this, rounding included; inf: not known
    method: str  # how it was found
    rounds: int  # sweeps, or policies evaluated


def solve(
    env_or_mdp: FiniteMDP | gym.Env[Any, Any] | str,
    discount: float,
    *,
    horizon: int | None = None,
    tolerance: float = TOLERANCE,
) -> Solution:
    """Solve a finite MDP exactly.

    Args:
        env_or_mdp: a FiniteMDP, an environment that has a ``model`` or a toy-text ``P``, or the id of one.
        discount: in [0, 1]. With 1 and no horizon the value is the largest total reward of the policies whose total
            reward exists: going round for ever without reward is worth 0, and a state from which every policy pays
            for ever is worth minus infinity.
        horizon: number of steps left; None: no limit. A time limit of the environment is not read from it.
        tolerance: largest error accepted for problems that are too large for direct methods (about a thousand states
            and more). Smaller ones are solved as exactly as rounding permits.

    Returns:
        The optimum; see :class:`Solution`.

    Raises:
        TypeError: if ``env_or_mdp`` holds no finite MDP.
        ValueError: if an argument is out of range, or if with discount 1 reward can be collected for ever.
    """
    mdp = _read_mdp(env_or_mdp)
    discount = check_discount(discount)
    check_tolerance(tolerance)
    if horizon is not None:
        return _with_horizon(mdp, discount, check_count(horizon, "horizon"))
    return _solution(mdp, discount, tolerance, by_size)


def value_iteration(mdp: FiniteMDP, discount: float, *, tolerance: float = 1e-10) -> Solution:
    """Solve by synchronous sweeps from 0 (Bellman, 1957; Sutton and Barto, 2018, section 4.4).

    Args:
        mdp: the MDP.
        discount: in [0, 1].
        tolerance: largest error of the values, as far as floating-point numbers allow; the bound that was reached is
            in the record. Policies are those of the last sweep.

    Returns:
        The optimum; ``rounds`` counts the sweeps.

    Raises:
        ValueError: as :func:`solve` does.
    """
    return _solution(check_mdp(mdp), check_discount(discount), check_tolerance(tolerance), by_value_iteration)


def policy_iteration(mdp: FiniteMDP, discount: float) -> Solution:
    """Solve by Howard's policy iteration with direct linear solves (Sutton and Barto, 2018, section 4.3).

    Args:
        mdp: the MDP; more than some ten thousand states take long.
        discount: in [0, 1].

    Returns:
        The optimum; ``rounds`` counts the policies evaluated.

    Raises:
        ValueError: as :func:`solve` does.
    """
    return _solution(check_mdp(mdp), check_discount(discount), TOLERANCE, by_policy_iteration)


def _read_mdp(env_or_mdp: Any) -> FiniteMDP:
    if isinstance(env_or_mdp, FiniteMDP):
        return env_or_mdp
    if not isinstance(env_or_mdp, str):
        return FiniteMDP.from_env(env_or_mdp)
    import gymnasium as gym

    env = gym.make(env_or_mdp)
    try:
        return FiniteMDP.from_env(env)
    finally:
        env.close()


def _solution(mdp: FiniteMDP, discount: float, tolerance: float, method: Method) -> Solution:
    decisions = decisions_of(mdp)
    answer: Answer = solve_decisions(decisions, discount, tolerance, method)
    q_values = action_values(mdp, decisions, answer.values, discount)
    policy = greedy_policy(mdp, q_values) if discount < 1 else decisions.label[answer.rows] % mdp.n_actions
    return Solution(
        values=answer.values,
        q_values=q_values,
        policy=policy,
        start_value=_start_value(mdp, answer.values),
        discount=discount,
        horizon=None,
        error_bound=answer.error_bound,
        method=answer.method,
        rounds=answer.rounds,
    )


def _with_horizon(mdp: FiniteMDP, discount: float, horizon: int) -> Solution:
    decisions = decisions_of(mdp)
    values, q_values, policy = backward_induction(mdp, decisions, discount, horizon)
    return Solution(
        values=values,
        q_values=q_values,
        policy=policy,
        start_value=_start_value(mdp, values),
        discount=discount,
        horizon=horizon,
        error_bound=horizon_error(decisions, discount, horizon),
        method="backward induction",
        rounds=horizon,
    )


def _start_value(mdp: FiniteMDP, values: NDArray[np.float64]) -> float:
    # Only the states in which an episode can start: elsewhere the value may be infinite.
    return float(mdp.start[mdp.start_states] @ values[mdp.start_states])
