"""The page of the conformance checks: each with the bug it stands for."""

from __future__ import annotations

import re
from collections import defaultdict
from importlib import import_module
from pathlib import Path

from docs.generate.markdown import code, page, prose, table
from rlenvs.conformance import all_checks
from rlenvs.conformance.catalogue import Check

MATRIX = Path(__file__).resolve().parents[1] / "kill-matrix.md"
SOURCES = {
    "Gym": "Farama-Foundation/Gymnasium",
    "gym": "openai/gym",
    "SB3": "DLR-RM/stable-baselines3",
    "sb3-contrib": "Stable-Baselines-Team/stable-baselines3-contrib",
    "cleanrl": "vwxyzjn/cleanrl",
    "Minari": "Farama-Foundation/Minari",
    "Minigrid": "Farama-Foundation/Minigrid",
}
COSTS = {"cheap": "reads what was recorded", "moderate": "replays episodes", "dear": "thousands of steps or processes"}


def pages() -> dict[str, str]:
    """The one page."""
    families: dict[str, list[Check]] = defaultdict(list)
    for check in all_checks():
        families[check.run.__module__].append(check)
    defects = _defects()
    head = ("check", "finding", "what it makes sure of")
    rows = [
        (f"[`{check.name}`](#{check.name})", check.severity, prose(check.purpose))
        for checks in families.values()
        for check in checks
    ]
    count = sum(map(len, families.values()))
    return {
        "checks.md": page(
            "Conformance checks",
            f"`rlenvs check` runs {count} checks on any Gymnasium environment. Each stands for a bug that spoils "
            "training, most of them without a message. An **error** breaks a documented contract or corrupts data; "
            "**advice** is legal but harmful.",
            "<!-- snippet: shown -->\n"
            + code("rlenvs check rlenvs/Snake-v0\nrlenvs check CartPole-v1 --full\nrlenvs check --list", "bash"),
            "In the tests of your own project, one test per check: `pytest --rlenvs-env my_package:my/Env-v0`. From "
            "Python: [`rlenvs.conformance.check`](api/rlenvs.conformance.md).",
            "[Who catches what](kill-matrix.md) sets it beside the checkers of Gymnasium and Stable-Baselines3 over "
            "environments with one planted defect each. [What it found in the wild](findings.md): well-known "
            "environments.",
            "## All of them",
            table(head, rows),
            *(_family(module, checks, defects) for module, checks in families.items()),
        )
    }


def _family(module: str, checks: list[Check], defects: dict[str, list[str]]) -> str:
    title = (import_module(module).__doc__ or "").strip().partition("\n")[0].rstrip(".")
    return "\n\n".join([f"## {title}", *(_check(check, defects.get(check.name, [])) for check in checks)])


def _check(check: Check, defects: list[str]) -> str:
    when = f"Cost: {check.cost} ({COSTS[check.cost]})" + ("; only with `--full`." if check.full_only else ".")
    lines = [
        f"### {check.name}",
        f"{prose(check.purpose)} *{check.severity.capitalize()}.*",
        f"- **The bug:** {prose(check.harm)}",
        f"- **The remedy:** {prose(check.remedy)}",
    ]
    if defects:
        lines.append("- **Planted to test it:** " + "; ".join(defects) + ".")
    return "\n\n".join([*lines[:2], "\n".join([*lines[2:], f"- {when}"])])


def _defects() -> dict[str, list[str]]:
    """For each check the defects that it found in the last run of the kill matrix, with the threads they come from."""
    origins: dict[str, dict[str, str]] = defaultdict(dict)
    for line in MATRIX.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 5 and (match := re.fullmatch(r"(.+?) \([^()]*\)", cells[0])):
            origins[cells[4]][match.group(1)] = _origin(cells[1])
    return {name: [f"{defect}{origin}" for defect, origin in found.items()] for name, found in origins.items()}


def _origin(text: str) -> str:
    project, _, number = text.partition("#")
    if number and project in SOURCES:
        return f" ([{SOURCES[project]}#{number}](https://github.com/{SOURCES[project]}/issues/{number}))"
    return f" ({text})" if number else ""
