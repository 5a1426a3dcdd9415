"""The engine: finite MDPs as data, chance as an argument, the environments that read them. Names no environment."""

from rlenvs.core.actions import MOVE_KEYS, MOVES, InvalidActionError, digit_keys
from rlenvs.core.environment import RulesEnv, Snapshot
from rlenvs.core.finite_environment import FiniteEnv
from rlenvs.core.finite_mdp import FiniteMDP, Outcomes
from rlenvs.core.finite_rules import FiniteRules, Overlay
from rlenvs.core.finite_vector import FiniteVectorEnv
from rlenvs.core.lanes_shown import VectorSnapshot
from rlenvs.core.observation import ArrayObservation, IndexObservation
from rlenvs.core.rules import Rules
from rlenvs.core.vector_environment import VectorRulesEnv

__all__ = [
    "MOVES",
    "MOVE_KEYS",
    "ArrayObservation",
    "FiniteEnv",
    "FiniteMDP",
    "FiniteRules",
    "FiniteVectorEnv",
    "IndexObservation",
    "InvalidActionError",
    "Outcomes",
    "Overlay",
    "Rules",
    "RulesEnv",
    "Snapshot",
    "VectorRulesEnv",
    "VectorSnapshot",
    "digit_keys",
]
