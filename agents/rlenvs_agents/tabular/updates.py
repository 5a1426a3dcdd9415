"""Update rules of tabular control, as pure functions.

Names carry their time: ``_tm1`` is before the step, ``_t`` after it. ``discount_t`` is the discount, or 0 where the
step terminated; a truncated episode has simply stopped being watched, so its last step keeps its discount.
"""

from __future__ import annotations

from collections.abc import Sequence


def q_learning(
    q_tm1: Sequence[float],
    a_tm1: int,
    r_t: float,
    discount_t: float,
    q_t: Sequence[float],
    possible_t: Sequence[int] | None = None,
) -> float:
    """The temporal-difference error of Q-learning: ``r_t + discount_t · max q_t − q_tm1[a_tm1]``.

    Args:
        q_tm1: action values of the state that was left, (A,).
        a_tm1: the action that was taken there.
        r_t: the reward of the step.
        discount_t: the discount, 0 at termination.
        q_t: action values of the state that was entered, (A,).
        possible_t: actions that are possible there; None: all are.

    Source: Watkins, Learning from Delayed Rewards (1989); Sutton and Barto (2018), equation 6.8.
    """
    best = max(q_t) if possible_t is None else max([q_t[action] for action in possible_t])
    return r_t + discount_t * best - q_tm1[a_tm1]


def greedy_action(values: Sequence[float], possible: Sequence[int] | None = None) -> int:
    """The best action, the lowest one where several are equally good.

    Args:
        values: action values (A,).
        possible: actions to choose from, ascending; None: all.
    """
    if possible is None:
        return values.index(max(values))
    return max(possible, key=values.__getitem__)


def sarsa(q_tm1: Sequence[float], a_tm1: int, r_t: float, discount_t: float, q_t: Sequence[float], a_t: int) -> float:
    """The temporal-difference error of SARSA: ``r_t + discount_t · q_t[a_t] − q_tm1[a_tm1]``.

    Args:
        q_tm1: action values of the state that was left, (A,).
        a_tm1: the action that was taken there.
        r_t: the reward of the step.
        discount_t: the discount, 0 at termination.
        q_t: action values of the state that was entered, (A,).
        a_t: the action that will be taken there.

    Source: Rummery and Niranjan (1994); Sutton and Barto (2018), equation 6.7.
    """
    return r_t + discount_t * q_t[a_t] - q_tm1[a_tm1]


def expected_sarsa(
    q_tm1: Sequence[float],
    a_tm1: int,
    r_t: float,
    discount_t: float,
    q_t: Sequence[float],
    probabilities_t: Sequence[float],
) -> float:
    """The temporal-difference error of Expected SARSA: ``r_t + discount_t · Σ π_t[a] q_t[a] − q_tm1[a_tm1]``.

    Args:
        q_tm1: action values of the state that was left, (A,).
        a_tm1: the action that was taken there.
        r_t: the reward of the step.
        discount_t: the discount, 0 at termination.
        q_t: action values of the state that was entered, (A,); those of probability 0 do not count, even if infinite.
        probabilities_t: probabilities of the actions there, (A,).

    Source: van Seijen et al. (2009); Sutton and Barto (2018), equation 6.9.
    """
    expected = sum([p * q for p, q in zip(probabilities_t, q_t, strict=True) if p])
    return r_t + discount_t * expected - q_tm1[a_tm1]


def double_q_learning(
    q_tm1: Sequence[float],
    a_tm1: int,
    r_t: float,
    discount_t: float,
    q_t_value: Sequence[float],
    q_t_selector: Sequence[float],
    possible_t: Sequence[int] | None = None,
) -> float:
    """The temporal-difference error of double Q-learning: one estimate chooses the action, the other says its value.

    ``r_t + discount_t · q_t_value[argmax q_t_selector] − q_tm1[a_tm1]``, where q_tm1 and q_t_selector belong to the
    estimate that is changed.

    Args:
        q_tm1: action values of the state that was left, (A,).
        a_tm1: the action that was taken there.
        r_t: the reward of the step.
        discount_t: the discount, 0 at termination.
        q_t_value: the other estimate's action values of the state that was entered, (A,).
        q_t_selector: this estimate's action values of the same, (A,).
        possible_t: actions that are possible there; None: all are.

    Source: van Hasselt, Double Q-learning (2010); Sutton and Barto (2018), equation 6.10.
    """
    return r_t + discount_t * q_t_value[greedy_action(q_t_selector, possible_t)] - q_tm1[a_tm1]


def greedy_probabilities(
    values: Sequence[float], possible: Sequence[int] | None, exploration_rate: float
) -> list[float]:
    """Probabilities (A,) of ε-greedy behaviour: the greedy action, or any possible one, each equally likely.

    Args:
        values: action values (A,).
        possible: actions to choose from, ascending; None: all.
        exploration_rate: ε.
    """
    choices = range(len(values)) if possible is None else possible
    probabilities = [0.0] * len(values)
    for action in choices:
        probabilities[action] = exploration_rate / len(choices)
    probabilities[greedy_action(values, possible)] += 1.0 - exploration_rate
    return probabilities


def with_bonus(values: Sequence[float], counts: Sequence[int], bonus: float) -> list[float]:
    """Action values that look better the less they have been tried: ``q[a] + κ / (1 + n[a])``.

    Args:
        values: action values (A,).
        counts: how often each was tried, (A,).
        bonus: κ.

    Source: the exploration function of Russell and Norvig, section on active learning.
    """
    return [value + bonus / (1 + count) for value, count in zip(values, counts, strict=True)]


def td_error(v_tm1: float, r_t: float, discount_t: float, v_t: float) -> float:
    """The temporal-difference error of state values: ``r_t + discount_t · v_t − v_tm1``.

    Source: Sutton (1988); Sutton and Barto (2018), equation 6.5.
    """
    return r_t + discount_t * v_t - v_tm1


def returns(rewards: Sequence[float], discount: float, last: float = 0.0) -> list[float]:
    """The discounted return from every step on, ``G_t = r_t + discount · G_t+1``.

    Args:
        rewards: of the steps of one episode, in their order.
        discount: γ.
        last: the return after the last step: 0 where the episode terminated, an estimate where it was cut.
    """
    found = [0.0] * len(rewards)
    for step in range(len(rewards) - 1, -1, -1):
        found[step] = last = rewards[step] + discount * last
    return found
