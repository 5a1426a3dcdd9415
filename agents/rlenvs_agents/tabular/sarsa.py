"""SARSA and Expected SARSA with tables."""

from __future__ import annotations

from rlenvs_agents.tabular.control import TabularConfig, TabularControl
from rlenvs_agents.tabular.targets import ExpectedValue, NextActionsValue

SarsaConfig = TabularConfig


class Sarsa(TabularControl):
    """SARSA (Rummery and Niranjan, 1994; Sutton and Barto, 2018, 6.4): learns what its own behaviour is worth."""

    algorithm = "sarsa"
    target = NextActionsValue()


class ExpectedSarsa(TabularControl):
    """Expected SARSA (van Seijen et al., 2009): as SARSA, without the noise of the next action."""

    algorithm = "expected-sarsa"
    target = ExpectedValue()
