"""The picture of a finite MDP: a state diagram."""

from __future__ import annotations

from rlenvs.core import FiniteMDP
from rlenvs.envs.state_diagram import StateDiagram


def picture(mdp: FiniteMDP) -> StateDiagram:
    """The state diagram, with the present state marked and one plate per possible action."""
    return StateDiagram(mdp, tuple(f"a{action}" for action in range(mdp.n_actions)))
