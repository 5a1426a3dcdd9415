"""The report: one HTML file that needs no other."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from rlenvs_agents.comparison.plan import Plan
from rlenvs_agents.comparison.run import Run
from rlenvs_agents.comparison.scores import Standing
from rlenvs_agents.comparison.section import Section
from rlenvs_agents.comparison.table import Column, columns_of, notes_of, standing_columns, standing_note

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 68rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .8rem; text-align: right; border-bottom: 1px solid #ddd; vertical-align: top; }
th:first-child, td:first-child { text-align: left; }
td { white-space: nowrap; } td.status { text-align: left; color: #a33; white-space: normal; }
tr.fixed td { color: #555; font-style: italic; } img { max-width: 100%; height: auto; } dt { font-weight: 600; }
dd { margin: 0 0 .4rem 1.2rem; } code, pre { font-size: .9em; }
details { margin: .8rem 0; } summary { cursor: pointer; color: #555; }
pre { background: #f6f6f6; padding: .8rem; overflow-x: auto; }
"""


def report_of(
    plan: Plan,
    sections: Sequence[Section],
    standings: Sequence[Standing],
    *,
    curves: Mapping[str, Path],
    summary: Path | None,
    details: Mapping[str, str],
) -> str:
    """The report as HTML.

    Args:
        plan: what was compared.
        sections: one per environment.
        standings: of the algorithms over all environments.
        curves: pictures of the learning curves by environment, to be embedded; some or all may be missing.
        summary: the picture over all environments, likewise.
        details: headings and texts that stand at the end, as they are.
    """
    title = f"Agents on {', '.join(plan.env_ids)}"
    notes = "\n".join(f"<p>{escape(note)}</p>" for note in notes_of(plan))
    runs = [run for section in sections for run in section.runs]
    parts = [_standings(plan, standings, runs, summary)] if len(sections) > 1 else []
    parts += [_environment(plan, section, curves.get(section.env_id)) for section in sections]
    parts += [_standings(plan, standings, runs, None)] if len(sections) == 1 else []
    parts += [f"<h2>{escape(heading)}</h2>\n<pre>{escape(text)}</pre>" for heading, text in details.items()]
    body = "\n".join(parts)
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(title)}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<h1>{escape(title)}</h1>\n{notes}\n{body}\n</body>\n</html>\n"
    )


def _environment(plan: Plan, section: Section, picture: Path | None) -> str:
    """An environment: its table, its curves, and what the columns mean."""
    columns = columns_of(plan, section.lines, section.scale)
    curves = ""
    if picture is not None:
        curves = (
            "<p>How good the policy without exploration was, measured while the agents learned. "
            f"Thin lines are single seeds.</p>\n{_embedded(picture, f'Learning curves in {section.env_id}')}\n"
        )
    heading = f"<h2>{escape(section.env_id)}</h2>"
    return f'{heading}\n<div class="wide">{_table(section.lines, columns)}</div>\n{curves}{_meanings(columns)}'


def _standings(plan: Plan, standings: Sequence[Standing], runs: Sequence[Run], picture: Path | None) -> str:
    """The algorithms over all environments."""
    columns = standing_columns(plan)
    if not standings:
        return ""
    note = standing_note(plan, standings, runs)
    shown = "" if picture is None else f"{_embedded(picture, 'Scores over all environments')}\n"
    heading = "All environments" if len(plan.env_ids) > 1 else "Scores"
    return (
        f'<h2>{heading}</h2>\n<div class="wide">{_table(standings, columns)}</div>\n<p>{escape(note)}</p>\n'
        f"{shown}{_meanings(columns)}"
    )


def _embedded(picture: Path, text: str) -> str:
    data = base64.b64encode(picture.read_bytes()).decode("ascii")
    return f'<img alt="{escape(text)}" src="data:image/png;base64,{data}">'


def _meanings(columns: Sequence[Column]) -> str:
    meanings = "\n".join(f"<dt>{escape(c.heading)}</dt><dd>{escape(c.meaning)}</dd>" for c in columns)
    return f"<details><summary>What the columns mean</summary>\n<dl>\n{meanings}\n</dl></details>"


def _table(lines: Sequence[Any], columns: Sequence[Column]) -> str:
    head = "".join(f"<th>{escape(column.heading)}</th>" for column in columns)
    rows = "\n".join(_row(line, columns) for line in lines)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"


def _row(line: Any, columns: Sequence[Column]) -> str:
    kind = ' class="fixed"' if line.name in ("optimum", "random") else ""
    told = getattr(line, "status", "")
    if told and line.n_runs == 0:
        status = f'<td class="status" colspan="{len(columns) - 1}">{escape(told)}</td>'
        return f"<tr{kind}><td>{escape(line.name)}</td>{status}</tr>"
    row = f"<tr{kind}>{''.join(f'<td>{escape(column.cell(line))}</td>' for column in columns)}</tr>"
    if told:
        row += f'\n<tr><td></td><td class="status" colspan="{len(columns) - 1}">{escape(told)}</td></tr>'
    return row
