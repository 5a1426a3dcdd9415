"""Many Markov chains at once."""

from __future__ import annotations

from typing import Any, ClassVar

from rlenvs.core.finite_vector import FiniteVectorEnv
from rlenvs.envs.markov_chain.environment import MarkovChain


class MarkovChainVector(FiniteVectorEnv):
    """Lanes of :class:`MarkovChain`: takes its arguments and those of :class:`rlenvs.core.VectorRulesEnv`."""

    single: ClassVar[Any] = MarkovChain
