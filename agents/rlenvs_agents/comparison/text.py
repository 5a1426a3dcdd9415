"""The table of a comparison for a terminal."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterator
from io import StringIO
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from rlenvs_agents.comparison.table import columns_of, notes_of

WIDTH_OF_A_FILE = 140
"""Columns of a table that is not written to a terminal."""


def table_lines(result: Any) -> Iterator[str]:
    """The table of a :class:`~rlenvs_agents.comparison.compare.Comparison`, and below it one line per column."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDTH_OF_A_FILE
    columns = columns_of(result.plan, result.lines, result.scale)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, column in enumerate(columns):
        table.add_column(column.heading, justify="right" if place else "left")
    troubles = []
    for line in result.lines:
        if line.status:
            troubles.append(f"{line.name}: {line.status}")
        if line.status and line.n_runs == 0:
            table.add_row(line.name, Text("see below", style="italic"))
        else:
            table.add_row(*(Text(column.cell(line)) for column in columns))
    paper = StringIO()
    Console(file=paper, width=width).print(table)
    yield from (line.rstrip() for line in paper.getvalue().splitlines())
    for trouble in troubles:
        yield from textwrap.wrap(f"! {trouble}", width, subsequent_indent="  ")
    for note in notes_of(result.plan):
        yield from textwrap.wrap(note, width)
    yield ""
    for column in columns:
        yield from textwrap.wrap(
            f"{column.heading}: {column.meaning}", width, initial_indent="  ", subsequent_indent="    "
        )
    yield ""
