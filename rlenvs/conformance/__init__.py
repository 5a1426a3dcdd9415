"""The conformance suite: finds what is wrong with a Gymnasium environment, and says how to mend it.

`check` runs every check once and returns a `Report`. The same checks run from the command line (`rlenvs check
TARGET`) and inside any project's tests (`pytest --rlenvs-env TARGET`).

The names are loaded when they are first used, so that the pytest plugin, which lives here, costs nothing in a
test run that does not ask for it.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rlenvs.conformance.report import Finding, Inconclusive, Report
    from rlenvs.conformance.runner import Session, all_checks, check

__all__ = ["Finding", "Inconclusive", "Report", "Session", "all_checks", "check"]

_HOME = {
    "Finding": "report",
    "Inconclusive": "report",
    "Report": "report",
    "Session": "runner",
    "all_checks": "runner",
    "check": "runner",
}


def __getattr__(name: str) -> Any:
    """Loads a public name from its module at first use."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    """Lists the public names, loaded or not."""
    return sorted(__all__)
