"""The Markov chain under a policy: how long until the end, and where the time is spent."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rlenvs.core.finite_mdp import FiniteMDP
from rlenvs.planning.checks import check_mdp
from rlenvs.planning.evaluation import policy_chain
from rlenvs.planning.policies import random_policy
from rlenvs.planning.solver import chain_by_size
from rlenvs.planning.structure import class_distribution, closed_classes, reach

NAMED = 8
"""How many members of a class an error message lists."""


def expected_hitting_times(mdp: FiniteMDP, policy: ArrayLike | None = None) -> NDArray[np.float64]:
    """Expected number of steps until a terminal state is entered (Kemeny and Snell, Finite Markov Chains, 1960).

    Args:
        mdp: the MDP.
        policy: actions (S,), or probabilities (S, A); None: uniform over the possible actions.

    Returns:
        Steps (S,): 0 in terminal states, infinite where the end is not reached with probability 1.

    Raises:
        ValueError: if the policy does not fit the MDP.
    """
    chain = policy_chain(check_mdp(mdp), random_policy(mdp) if policy is None else policy)
    component, closed = closed_classes(chain)
    caught = closed[component]
    never = reach(chain, np.ones(chain.n_states, dtype=np.bool_), caught)[0] if caught.any() else caught
    steps = np.where(never, np.inf, 0.0)
    rest = np.flatnonzero(~never & ~mdp.terminal)
    if rest.size:
        counting = replace(chain, reward=np.ones(chain.n_states)).part(rest)
        steps[rest] = chain_by_size(counting, 1.0)
    return steps


def stationary_distribution(mdp: FiniteMDP, policy: ArrayLike | None = None) -> NDArray[np.float64]:
    """The long-run share of time spent in each state (Kemeny and Snell, 1960, chapter IV).

    Terminal states absorb: a chain that always ends in the same one spends all its time there. Nothing is restarted.

    Args:
        mdp: the MDP.
        policy: actions (S,), or probabilities (S, A); None: uniform over the possible actions.

    Returns:
        Probabilities (S,).

    Raises:
        ValueError: if the policy does not fit the MDP, or if there are several classes of states that are never left,
            so that the share depends on the start; the message names them.
    """
    chain = policy_chain(check_mdp(mdp), random_policy(mdp) if policy is None else policy)
    component, closed = closed_classes(chain)
    numbers, first = np.unique(component, return_index=True)
    by_first_state = numbers[np.argsort(first)]
    recurrent = [np.flatnonzero(component == number) for number in by_first_state[closed[by_first_state]][: NAMED + 1]]
    classes = recurrent + [np.array([state]) for state in np.flatnonzero(mdp.terminal)]
    if len(classes) > 1:
        raise ValueError(
            f"there is no single stationary distribution: the chain has {len(classes)} classes of states that are "
            f"never left: {_named(classes)}; where it ends depends on the start."
        )
    distribution = np.zeros(mdp.n_states)
    distribution[classes[0]] = class_distribution(chain, classes[0])
    return distribution


def _named(classes: list[NDArray[np.int64]]) -> str:
    def members(group: NDArray[np.int64]) -> str:
        return "{" + ", ".join(map(str, group[:NAMED])) + (", …}" if group.size > NAMED else "}")

    return ", ".join(map(members, classes[:NAMED])) + (", …" if len(classes) > NAMED else "")
