"""One evaluator for every policy: by playing, and exactly where the environment's truth is known."""

from rlenvs_agents.evaluation.evaluate import Evaluation, evaluate
from rlenvs_agents.evaluation.scoring import Scoring
from rlenvs_agents.evaluation.truth import Exact, Truth

__all__ = ["Evaluation", "Exact", "Scoring", "Truth", "evaluate"]
