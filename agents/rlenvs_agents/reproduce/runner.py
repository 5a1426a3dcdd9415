"""Runs experiments one after the other, within a time limit."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from rlenvs_agents.answers import failure
from rlenvs_agents.reproduce.experiment import Experiment, Finding, Settings
from rlenvs_agents.reproduce.registry import chosen


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A published figure beside ours."""

    experiment: Experiment
    finding: Finding | None  # None: not run
    skipped: str = ""  # why there is no finding
    failed: bool = False  # because of an error
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Everything by name, as JSON knows it."""
        entry = self.experiment
        record = {
            "id": entry.id,
            "section": entry.section,
            "what": entry.what,
            "published": entry.published,
            "deterministic": entry.deterministic,
            "skipped": self.skipped,
            "failed": self.failed,
            "seconds": self.seconds,
        }
        if self.finding is not None:
            record |= {**asdict(self.finding), "pictures": [str(path) for path in self.finding.pictures]}
        return record


def reproduce(
    ids: Sequence[str] = (),
    settings: Settings | None = None,
    *,
    time_limit: float | None = None,
    watch: Callable[[Outcome], None] | None = None,
    begin: Callable[[Experiment], None] | None = None,
) -> list[Outcome]:
    """Compute published figures again.

    Args:
        ids: experiments to run; none: all but those that run only when they are named.
        settings: seeds, and where pictures go.
        time_limit: seconds; an experiment that is not expected to end within what is left of them is skipped. One
            that has begun is not broken off.
        watch: called with every outcome as it comes.
        begin: called with every experiment before it runs.

    Returns:
        One outcome per experiment, in their order.

    Raises:
        ValueError: if there is no such experiment, or the time limit is negative.
    """
    if time_limit is not None and not time_limit >= 0:
        raise ValueError(f"`time_limit` must be at least 0 seconds, got {time_limit!r}.")
    settings = settings or Settings()
    started = time.perf_counter()
    entries = chosen(ids)
    outcomes = {}
    # The quick ones first, so that as many as possible fit.
    for experiment in entries if time_limit is None else sorted(entries, key=lambda entry: entry.seconds):
        left = None if time_limit is None else time_limit - (time.perf_counter() - started)
        asked = experiment.id in ids or not experiment.on_request
        obstacle = _obstacle(experiment, settings, left) if asked else "runs only when it is named"
        outcome = Outcome(experiment=experiment, finding=None, skipped=obstacle)
        if not outcome.skipped:
            if begin is not None:
                begin(experiment)
            outcome = _run(outcome, settings)
        outcomes[experiment.id] = outcome
        if watch is not None:
            watch(outcome)
    return [outcomes[experiment.id] for experiment in entries]


def _run(outcome: Outcome, settings: Settings) -> Outcome:
    since = time.perf_counter()
    try:
        finding = outcome.experiment.run(settings)
    except Exception as error:  # whatever happens in one row, the others go on
        return replace(outcome, skipped=failure(error), failed=True, seconds=time.perf_counter() - since)
    return replace(outcome, finding=finding, seconds=time.perf_counter() - since)


def _obstacle(experiment: Experiment, settings: Settings, left: float | None) -> str:
    """Why an experiment cannot run; empty where it can."""
    if experiment.missing:
        return experiment.missing
    expected = experiment.expected(settings)
    if left is not None and expected > left:
        return f"takes about {expected:.0f} s, {max(left, 0):.0f} s are left"
    return ""
