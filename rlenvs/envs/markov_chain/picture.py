"""The picture of a Markov chain: a state diagram without actions."""

from __future__ import annotations

from rlenvs.core import FiniteMDP
from rlenvs.envs.state_diagram import StateDiagram


def picture(mdp: FiniteMDP) -> StateDiagram:
    """The state diagram with the present state marked."""
    return StateDiagram(mdp)
