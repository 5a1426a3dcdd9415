"""What came of a comparison in one environment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rlenvs_agents.comparison.plan import Plan
from rlenvs_agents.comparison.run import Run
from rlenvs_agents.comparison.summary import Line, Scale, lines_of


@dataclass(frozen=True, kw_only=True)
class Section:
    """One environment of a comparison."""

    env_id: str
    scale: Scale
    runs: tuple[Run, ...]
    lines: tuple[Line, ...]  # of the table: the optimum, the algorithms, the random policy


def section_of(plan: Plan, env_id: str, runs: Sequence[Run], scale: Scale) -> Section:
    """The part of all runs that belongs to an environment, and its table."""
    own = tuple(run for run in runs if run.job.env_id == env_id)
    return Section(env_id=env_id, scale=scale, runs=own, lines=tuple(lines_of(plan, own, scale)))
