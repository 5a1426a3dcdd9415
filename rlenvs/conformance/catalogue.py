"""The table of checks: each is a small named function with its texts beside it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rlenvs.conformance.report import Severity

if TYPE_CHECKING:
    from rlenvs.conformance.subject import Subject

Cost = Literal["cheap", "moderate", "dear"]
COSTS: tuple[Cost, ...] = ("cheap", "moderate", "dear")


class Undecided(Exception):  # noqa: N818  # an outcome, not an error
    """Raised by a check that could not decide; the text says why."""


class NotApplicable(Exception):  # noqa: N818  # an outcome, not an error
    """Raised by a check that does not concern this environment; the text says why."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What a check yields: the text of a finding, and what is needed to see it again.

    Attributes:
        message: What was seen, where, and in which call.
        seed: Seed of the episode; None stands for the seed of the run.
        snippet: Python code that shows it; empty for the plain construction of the environment.
        harm: Replaces the check's own text where the case is special.
        remedy: Replaces the check's own text where the case is special.
    """

    message: str
    seed: int | None = None
    snippet: str = ""
    harm: str = ""
    remedy: str = ""


CheckFunction = Callable[["Subject"], Iterator[Problem]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check.

    Attributes:
        name: Its name, as written in waivers and test ids.
        purpose: One line: what it makes sure of.
        severity: How bad a finding of it is.
        cost: `cheap` reads what the survey recorded, `moderate` replays episodes, `dear` starts processes or
            runs thousands of steps.
        harm: The training bug the defect causes.
        remedy: How to mend it.
        run: The function that looks for the defect.
        full_only: Whether it runs only with `full=True`.
    """

    name: str
    purpose: str
    severity: Severity
    cost: Cost
    harm: str
    remedy: str
    run: CheckFunction
    full_only: bool = False


CATALOGUE: dict[str, Check] = {}


def conformance_check(
    name: str,
    *,
    purpose: str,
    harm: str,
    remedy: str,
    severity: Severity = "error",
    cost: Cost = "cheap",
    full_only: bool = False,
) -> Callable[[CheckFunction], CheckFunction]:
    """Enters a function in the table of checks under `name`."""

    def enter(function: CheckFunction) -> CheckFunction:
        if name in CATALOGUE:
            raise ValueError(f"there is already a check named {name!r}")
        CATALOGUE[name] = Check(
            name=name,
            purpose=purpose,
            severity=severity,
            cost=cost,
            harm=harm,
            remedy=remedy,
            run=function,
            full_only=full_only,
        )
        return function

    return enter
