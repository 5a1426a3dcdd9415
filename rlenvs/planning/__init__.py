"""Exact answers on a FiniteMDP: optimal values and policies, policy evaluation, hitting times."""

from rlenvs.planning.chains import expected_hitting_times, stationary_distribution
from rlenvs.planning.evaluation import distance_from_optimum, evaluate_policy
from rlenvs.planning.iteration import q_value_iteration
from rlenvs.planning.policies import greedy_policy, optimal_actions, random_policy
from rlenvs.planning.solution import Solution, policy_iteration, solve, value_iteration

__all__ = [
    "Solution",
    "distance_from_optimum",
    "evaluate_policy",
    "expected_hitting_times",
    "greedy_policy",
    "optimal_actions",
    "policy_iteration",
    "q_value_iteration",
    "random_policy",
    "solve",
    "stationary_distribution",
    "value_iteration",
]
