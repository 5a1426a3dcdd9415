"""Q-learning and double Q-learning with tables."""

from __future__ import annotations

from rlenvs_agents.tabular.control import TabularConfig, TabularControl
from rlenvs_agents.tabular.targets import BestValue, OthersValue

QLearningConfig = TabularConfig


class QLearning(TabularControl):
    """Q-learning (Watkins, 1989; Sutton and Barto, 2018, section 6.5): learns the best policy while it explores."""

    algorithm = "q-learning"
    target = BestValue()


class DoubleQLearning(TabularControl):
    """Double Q-learning (van Hasselt, 2010): two tables, so that noise is not taken for value."""

    algorithm = "double-q-learning"
    target = OthersValue()
