"""The report: one HTML file that needs no other."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from rlenvs_agents.comparison.plan import Plan
from rlenvs_agents.comparison.summary import Line
from rlenvs_agents.comparison.table import Column, notes_of

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
pre { background: #f6f6f6; padding: .8rem; overflow-x: auto; }
"""


def report_of(
    plan: Plan, lines: Sequence[Line], columns: Sequence[Column], *, picture: Path | None, details: Mapping[str, str]
) -> str:
    """The report as HTML.

    Args:
        plan: what was compared.
        lines: of the table.
        columns: of the table.
        picture: the learning curves, to be embedded; None: there are none.
        details: headings and texts that stand at the end, as they are.
    """
    title = f"Agents on {plan.env_id}"
    curves = ""
    if picture is not None:
        data = base64.b64encode(picture.read_bytes()).decode("ascii")
        curves = (
            "<h2>Learning curves</h2>\n<p>How good the policy without exploration was, measured while the agents "
            "learned. Thin lines are single seeds.</p>\n"
            f'<img alt="Learning curves" src="data:image/png;base64,{data}">'
        )
    notes = "\n".join(f"<p>{escape(note)}</p>" for note in notes_of(plan))
    meanings = "\n".join(f"<dt>{escape(c.heading)}</dt><dd>{escape(c.meaning)}</dd>" for c in columns)
    more = "\n".join(f"<h2>{escape(heading)}</h2>\n<pre>{escape(text)}</pre>" for heading, text in details.items())
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(title)}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<h1>{escape(title)}</h1>\n{notes}\n"
        f'<div class="wide">{_table(lines, columns)}</div>\n<h2>What the columns mean</h2>\n<dl>\n{meanings}\n</dl>\n'
        f"{curves}\n{more}\n</body>\n</html>\n"
    )


def _table(lines: Sequence[Line], columns: Sequence[Column]) -> str:
    head = "".join(f"<th>{escape(column.heading)}</th>" for column in columns)
    rows = "\n".join(_row(line, columns) for line in lines)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"


def _row(line: Line, columns: Sequence[Column]) -> str:
    kind = ' class="fixed"' if line.name in ("optimum", "random") else ""
    if line.status and line.n_runs == 0:
        status = f'<td class="status" colspan="{len(columns) - 1}">{escape(line.status)}</td>'
        return f"<tr{kind}><td>{escape(line.name)}</td>{status}</tr>"
    row = f"<tr{kind}>{''.join(f'<td>{escape(column.cell(line))}</td>' for column in columns)}</tr>"
    if line.status:
        row += f'\n<tr><td></td><td class="status" colspan="{len(columns) - 1}">{escape(line.status)}</td></tr>'
    return row
