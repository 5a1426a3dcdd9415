"""What came of a comparison: the record, its JSON and its files."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rlenvs_agents.comparison.curves import draw_curves, draw_summary
from rlenvs_agents.comparison.plan import Plan
from rlenvs_agents.comparison.report import report_of
from rlenvs_agents.comparison.run import Run, settings_of
from rlenvs_agents.comparison.scores import Standing
from rlenvs_agents.comparison.section import Section
from rlenvs_agents.comparison.shared import trained
from rlenvs_agents.comparison.statistics import METHOD
from rlenvs_agents.plain import plain
from rlenvs_agents.run_folder import slug
from rlenvs_agents.saving import write_json
from rlenvs_agents.versions import versions

RESULTS, CURVES, SUMMARY, REPORT = "results.json", "curves.png", "summary.png", "report.html"


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What came of a comparison."""

    plan: Plan
    sections: tuple[Section, ...]  # one per environment
    standings: tuple[Standing, ...]  # of the algorithms over all environments

    @property
    def runs(self) -> tuple[Run, ...]:
        """All runs, also those that failed."""
        return tuple(run for section in self.sections for run in section.runs)

    @property
    def failed(self) -> tuple[Run, ...]:
        """The runs that raised an error or whose process died."""
        return tuple(run for run in self.runs if run.error is not None)

    def to_json(self) -> dict[str, Any]:
        """Everything, as JSON knows it."""
        plan = self.plan
        record: dict[str, Any] = plain(
            {
                "envs": list(plan.env_ids),
                "env_kwargs": dict(plan.env_kwargs),
                "preset": plan.preset,
                "total_timesteps": plan.total_timesteps,
                "seeds": list(plan.seeds),
                "discount": plan.discount,
                "epsilon": plan.epsilon,
                "interval": METHOD,
                "table": [{"env": s.env_id, **line.to_json()} for s in self.sections for line in s.lines],
                "reference": plan.reference,
                "standings": [standing.to_json() for standing in self.standings],
                "environments": {section.env_id: _scale(plan, section) for section in self.sections},
                "runs": [run.to_json() for run in self.runs],
                "versions": versions(),
            }
        )
        return record

    def write(self, folder: str | Path) -> list[Path]:
        """Write numbers, pictures and report into a folder, over those of an earlier call.

        Without matplotlib there are no pictures.

        Returns:
            The files, as :func:`files_in` finds them.
        """
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        record = self.to_json()
        write_json(target / RESULTS, record)
        curves = self._curves(target)
        summary = self._summary(target / SUMMARY)
        details = {
            "Settings": json.dumps(
                {env_id: entry["settings"] for env_id, entry in record["environments"].items()},
                indent=2,
                ensure_ascii=False,
            ),
            "Versions": "\n".join(f"{name} {number}" for name, number in record["versions"].items()),
        }
        page = report_of(self.plan, self.sections, self.standings, curves=curves, summary=summary, details=details)
        (target / REPORT).write_text(page, encoding="utf-8")
        return files_in(target)

    def _curves(self, folder: Path) -> dict[str, Path]:
        """The pictures of the environments in which something learned, by id."""
        found = {}
        for section in self.sections:
            if not any(len(run.checkpoints) > 1 for run in section.runs):
                continue
            name = CURVES if len(self.sections) == 1 else f"curves-{slug(section.env_id)}.png"
            if _drawn(functools.partial(draw_curves, folder / name, self.plan, section)):
                found[section.env_id] = folder / name
        return found

    def _summary(self, path: Path) -> Path | None:
        if len(self.sections) == 1 or all(standing.score is None for standing in self.standings):
            return None
        draw = functools.partial(draw_summary, path, self.plan, self.sections, self.standings)
        return path if _drawn(draw) else None


def files_in(folder: Path) -> list[Path]:
    """The pictures, numbers and report of a comparison: the report last."""
    return [*sorted(folder.glob("*.png")), *(folder / name for name in (RESULTS, REPORT) if (folder / name).exists())]


def _drawn(draw: Callable[[], None]) -> bool:
    """Whether a picture could be drawn: not without matplotlib."""
    try:
        draw()
    except ModuleNotFoundError as error:
        if error.name != "matplotlib":
            raise
        return False
    return True


def _scale(plan: Plan, section: Section) -> Mapping[str, Any]:
    scale = section.scale
    return {
        "threshold": {"return": scale.threshold, "from": scale.threshold_from, "reached_at": scale.reached_at},
        "random": scale.random.to_json(),
        "optimum": None if scale.optimum is None else scale.optimum.to_json(),
        "settings": {name: settings_of(plan, section.env_id, name) for name in trained(plan.algorithms)},
    }
