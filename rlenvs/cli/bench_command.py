"""`rlenvs bench`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from rlenvs.cli.output import show_json, show_table


def bench(
    *,
    quick: Annotated[bool, typer.Option("--quick", help="Short rounds: a rough figure in seconds.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON array instead of tables.")] = False,
) -> None:
    """Measure steps per second beside Gymnasium's own environments, all in one interleaved run.

    Speeds of two runs cannot be compared, ratios of one run can: every round times every contestant once, and the
    ratio is the median over the rounds.

    Examples:
      rlenvs bench
      rlenvs bench --quick --json
    """
    from rlenvs.cli.peer_speed import peer_sections
    from rlenvs.cli.speed import SECTIONS, Effort, measure
    from rlenvs.cli.vector_speed import VECTOR_SECTIONS

    effort = Effort(rounds=5, seconds=0.05) if quick else Effort(rounds=15, seconds=0.2)
    sections = (*SECTIONS, *VECTOR_SECTIONS, *peer_sections())
    results = [(section, measure(section.contestants, effort)) for section in sections]
    if json:
        show_json([{"section": section.title, **asdict(row)} for section, rows in results for row in rows])
        return
    columns = ("what", "steps/s (best round)", "beside", "ratio (median)", "target", "")
    for section, rows in results:
        table = [
            (
                row.name,
                f"{row.steps_per_second:,.0f}",
                row.reference or "–",
                "–" if row.ratio is None else f"{row.ratio:.2f}×",
                "–" if row.target is None else f"≥ {row.target:g}×",
                "" if row.reached is None else ("reached" if row.reached else "missed"),
            )
            for row in rows
        ]
        show_table(section.title, columns, table, right=columns[1:2] + columns[3:5])
