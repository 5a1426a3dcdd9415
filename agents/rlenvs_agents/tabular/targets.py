"""What the algorithms of tabular control differ in: where an update aims."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rlenvs_agents.tabular.updates import double_q_learning, expected_sarsa, greedy_probabilities, q_learning, sarsa

Values = Sequence[float]


class Ahead(Protocol):
    """What a target may ask about the state that was entered."""

    def next_action(self) -> int:
        """The action that will be taken there; it is chosen now, and kept."""

    def exploration_rate(self) -> float:
        """With which probability any possible action will be taken there, instead of the greedy one."""

    def other_values(self) -> Values:
        """Action values there by the estimate that is not being changed, (A,)."""


class Target(Protocol):
    """Says how far the value of an action is from where it should be."""

    estimates: int  # tables that are kept

    def error(  # positional, for speed
        self,
        q_tm1: Values,
        a_tm1: int,
        r_t: float,
        discount_t: float,
        q_t: Values,
        possible_t: Sequence[int] | None,
        ahead: Ahead,
    ) -> float:
        """The temporal-difference error; see :mod:`rlenvs_agents.tabular.updates` for the arguments."""


class BestValue:
    """The best value of the next state: Q-learning."""

    estimates = 1

    def error(  # noqa: D102  # the protocol says it
        self,
        q_tm1: Values,
        a_tm1: int,
        r_t: float,
        discount_t: float,
        q_t: Values,
        possible_t: Sequence[int] | None,
        ahead: Ahead,  # noqa: ARG002  # part of the protocol
    ) -> float:
        return q_learning(q_tm1, a_tm1, r_t, discount_t, q_t, possible_t)


class NextActionsValue:
    """The value of the action that comes next: SARSA."""

    estimates = 1

    def error(  # noqa: D102  # the protocol says it
        self,
        q_tm1: Values,
        a_tm1: int,
        r_t: float,
        discount_t: float,
        q_t: Values,
        possible_t: Sequence[int] | None,  # noqa: ARG002  # the next action is a possible one
        ahead: Ahead,
    ) -> float:
        return sarsa(q_tm1, a_tm1, r_t, discount_t, q_t, ahead.next_action())


class ExpectedValue:
    """The value that behaviour expects in the next state: Expected SARSA."""

    estimates = 1

    def error(  # noqa: D102  # the protocol says it
        self,
        q_tm1: Values,
        a_tm1: int,
        r_t: float,
        discount_t: float,
        q_t: Values,
        possible_t: Sequence[int] | None,
        ahead: Ahead,
    ) -> float:
        probabilities = greedy_probabilities(q_t, possible_t, ahead.exploration_rate())
        return expected_sarsa(q_tm1, a_tm1, r_t, discount_t, q_t, probabilities)


class OthersValue:
    """The other estimate's value of the action that is best by this one: double Q-learning."""

    estimates = 2

    def error(  # noqa: D102  # the protocol says it
        self,
        q_tm1: Values,
        a_tm1: int,
        r_t: float,
        discount_t: float,
        q_t: Values,
        possible_t: Sequence[int] | None,
        ahead: Ahead,
    ) -> float:
        return double_q_learning(q_tm1, a_tm1, r_t, discount_t, ahead.other_values(), q_t, possible_t)
