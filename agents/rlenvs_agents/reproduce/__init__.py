"""The published figures of the reference problems, each computed again."""

from rlenvs_agents.reproduce.experiment import Experiment, Finding, Settings
from rlenvs_agents.reproduce.plots import draw_board
from rlenvs_agents.reproduce.registry import MODULES, experiments
from rlenvs_agents.reproduce.runner import Outcome, reproduce

__all__ = ["MODULES", "Experiment", "Finding", "Outcome", "Settings", "draw_board", "experiments", "reproduce"]
