"""The table of a comparison for a terminal."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import Any

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from rlenvs_agents.comparison.table import (
    N_COSTS,
    Column,
    columns_of,
    notes_of,
    standing_columns,
    standing_note,
)

WIDTH_OF_A_FILE = 140
"""Columns of a table that is not written to a terminal."""

GAP = 2
"""Blanks between two columns of a narrow table."""

EDGE = 1
"""Blanks that a narrow table needs beside its columns and the gaps between them."""


def table_lines(result: Any, width: int | None = None) -> Iterator[str]:
    """The tables of a :class:`~rlenvs_agents.comparison.Comparison`, and below each one line per column.

    Args:
        result: the comparison.
        width: columns of the paper; None: those of the terminal, or 140 if there is none.
    """
    if width is None:
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDTH_OF_A_FILE
    for note in notes_of(result.plan):
        yield from textwrap.wrap(note, width)
    told: dict[str, str] = {}
    for section in result.sections:
        yield ""
        if len(result.sections) > 1:
            yield from textwrap.wrap(section.env_id, width)
        columns = columns_of(result.plan, section.lines, section.scale)
        yield from _drawn(section.lines, columns, width)
        for line in section.lines:
            if line.status:
                yield from textwrap.wrap(f"! {line.name}: {line.status}", width, subsequent_indent="  ")
        # What was said below an earlier table is not said again.
        yield from _meanings([column for column in columns if told.get(column.heading) != column.meaning], width)
        told |= {column.heading: column.meaning for column in columns}
    if any(standing.score is not None or standing.better is not None for standing in result.standings):
        yield from _standings(result, width)


def _standings(result: Any, width: int) -> Iterator[str]:
    columns = standing_columns(result.plan)
    if len(result.sections) > 1:
        yield "all environments"
    yield from _drawn(result.standings, columns, width)
    yield from textwrap.wrap(standing_note(result.plan, result.standings, result.runs), width)
    yield from _meanings(columns[1:], width)


def _meanings(columns: Sequence[Column], width: int) -> Iterator[str]:
    for column in columns:
        yield from textwrap.wrap(
            f"{column.heading}: {column.meaning}", width, initial_indent="  ", subsequent_indent="    "
        )
    yield ""


def _drawn(lines: Sequence[Any], columns: Sequence[Column], width: int) -> Iterator[str]:
    """The table as it fits: whole, with intervals below their means, or in two parts: how good, and at what cost."""
    paper = StringIO()
    console = Console(file=paper, width=width)
    wide, narrow = (_table(lines, columns, between=between) for between in (" ", "\n"))
    if Measurement.get(console, console.options, wide).maximum < width:
        console.print(wide)
    elif sum(column.width or 0 for column in narrow.columns) + GAP * len(columns) + EDGE <= width:
        console.print(narrow)
    elif len(columns) > N_COSTS + 1:
        yield from _drawn(lines, columns[:-N_COSTS], width)
        yield from _drawn(lines, [columns[0], *columns[-N_COSTS:]], width)
    else:
        console.print(narrow)
    yield from (line.rstrip() for line in paper.getvalue().splitlines())


def _table(lines: Sequence[Any], columns: Sequence[Column], *, between: str) -> Table:
    """The table, with ``between`` a mean and its interval: a space, or a new line where there is little room."""
    rows = [_cells(line, columns, between) for line in lines]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0) if between == "\n" else (0, 1))
    for place, column in enumerate(columns):
        parts = [*column.heading.split(), *(part for row in rows for part in row[place].split("\n"))]
        # A narrow table states its widths: left to itself, the layout takes from columns that have nothing to give.
        width = max(map(len, parts)) if between == "\n" else None
        table.add_column(column.heading, justify="right" if place else "left", overflow="fold", width=width)
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def _cells(line: Any, columns: Sequence[Column], between: str) -> list[str]:
    if line.n_runs == 0 and getattr(line, "status", ""):
        return [line.name, "see below", *[""] * (len(columns) - 2)]
    return [column.cell(line).replace(" [", f"{between}[").replace(" (", f"{between}(") for column in columns]
