"""The folder of a comparison: its plan, one file per run, written as each is over; so a stopped one can go on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rlenvs_agents.comparison.plan import Job, Plan
from rlenvs_agents.comparison.run import Run, settings_of
from rlenvs_agents.comparison.shared import trained
from rlenvs_agents.configs import to_plain
from rlenvs_agents.plain import plain
from rlenvs_agents.run_folder import slug
from rlenvs_agents.saving import read_json, write_json
from rlenvs_agents.versions import versions

PLAN, RUNS = "plan.json", "runs"


class ComparisonFolder:
    """A place for the runs of one plan.

    Args:
        path: the folder; it may hold an earlier part of the same comparison, or nothing.
        plan: what is compared.

    Raises:
        FileExistsError: if there is something else.
        ValueError: if it holds another comparison; says what differs.
    """

    def __init__(self, path: str | Path, plan: Plan) -> None:
        self.path = Path(path)
        self.plan = plan
        self._record = json.loads(json.dumps(plain(_record_of(plan))))
        self._check()

    def begin(self) -> list[Run]:
        """Make the folder, write the plan, and read the runs that are there.

        Raises:
            ValueError: if a run's file is damaged.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        write_json(self.path / PLAN, self._record)
        return [run for run in map(self._read, self.plan.jobs) if run is not None and run.error is None]

    def keep(self, run: Run) -> None:
        """Write a run that is over; beside one that failed lies its traceback, and it is made again next time."""
        place = self._file(run.job)
        place.parent.mkdir(parents=True, exist_ok=True)
        told = place.with_suffix(".error.txt")
        if run.error is None:
            told.unlink(missing_ok=True)
        else:
            told.write_text(run.traceback or f"{run.error}\n", encoding="utf-8")
        write_json(place, {**plain(run.to_json()), "versions": versions()})

    def _file(self, job: Job) -> Path:
        return self.path / RUNS / slug(job.env_id) / job.algorithm / f"{job.seed}.json"

    def _read(self, job: Job) -> Run | None:
        file = self._file(job)
        if not file.is_file():
            return None
        record = read_json(file)
        try:
            return Run.from_json(record)
        except (KeyError, TypeError) as error:
            raise ValueError(f"{file} is damaged ({error}); delete it, and that run is made again.") from error

    def _check(self) -> None:
        if not self.path.exists():
            return
        if not self.path.is_dir() or (any(self.path.iterdir()) and not (self.path / PLAN).is_file()):
            raise FileExistsError(17, "There is something else of that name; choose another `out`", str(self.path))
        if (self.path / PLAN).is_file():
            different = _differences(read_json(self.path / PLAN), self._record)
            if different:
                raise ValueError(
                    f"{self.path} holds another comparison: {'; '.join(different)}. Use the same, or another `out`."
                )


def kept_in(path: Path) -> int:
    """How many runs a folder holds that did not fail."""
    return sum(not file.with_suffix(".error.txt").exists() for file in (path / RUNS).glob("*/*/*.json"))


def _record_of(plan: Plan) -> dict[str, Any]:
    """The plan with all settings spelled out, so that a changed preset is another plan."""
    names = trained(plan.algorithms)
    settings = {
        env_id: {name: {**to_plain(settings_of(plan, env_id, name)), "discount": "as above"} for name in names}
        for env_id in plan.env_ids
    }
    return {**to_plain(plan), "settings": settings}


def _differences(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return [
        _difference(name, old.get(name), new.get(name))
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    ]


def _difference(name: str, old: Any, new: Any) -> str:
    """One sentence; of records within records the first entry that differs."""
    if isinstance(old, dict) and isinstance(new, dict):
        inner: Sequence[str] = [key for key in sorted({*old, *new}) if old.get(key) != new.get(key)]
        return _difference(f"{name}.{inner[0]}", old.get(inner[0]), new.get(inner[0]))
    return f"`{name}` was {_short(old)} and is now {_short(new)}"


def _short(value: Any) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)
