"""Many dives at once, stepped by one compiled loop."""

from typing import Any, ClassVar

from rlenvs.core import FiniteVectorEnv

from pearl_dive.environment import PearlDive


class PearlDiveVector(FiniteVectorEnv):
    """Many lanes: takes the arguments of the environment and those of :class:`rlenvs.core.VectorRulesEnv`."""

    single: ClassVar[Any] = PearlDive
