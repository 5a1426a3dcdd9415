"""`rlenvs reproduce`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from rlenvs_agents.reproduce.experiment import SEEDS, Experiment, Settings
from rlenvs_agents.reproduce.registry import chosen
from rlenvs_agents.reproduce.runner import Outcome, reproduce

STATUS_OF_A_DIFFERENCE = 1


def reproduce_command(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]...", help="Which figures; none: all but the very long ones."),
    ] = None,
    *,
    listing: Annotated[bool, typer.Option("--list", help="List the figures and run nothing.")] = False,
    time_limit: Annotated[
        float | None, typer.Option(metavar="SECONDS", min=0, help="Leave out what does not fit into this time.")
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Seeds 0, 1, … per stochastic figure.")] = SEEDS,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for pictures and results.json.")] = Path(
        "runs/reproduce"
    ),
    json: Annotated[bool, typer.Option("--json", help="Print one JSON array instead of a table.")] = False,
) -> int:
    """Compute the published figures of the reference problems again, and print them beside the published ones.

    The status is 1 if a figure that should be the same is not, or a row ended in an error; the others go on. What
    earlier calls found stays in results.json.

    Examples:
      rlenvs reproduce --list
      rlenvs reproduce cartpole-lean mdp-q-values
      rlenvs reproduce --time-limit 120 --out figures
    """
    from rlenvs.cli.output import plain, show_json
    from rlenvs_agents.algorithms import quieten_tensorflow
    from rlenvs_agents.saving import write_json

    if listing:
        _list(chosen(ids or ()), as_json=json)
        return 0
    chosen(ids or ())  # a wrong name is said before anything is written
    out.mkdir(parents=True, exist_ok=True)
    settings = Settings(seeds=tuple(range(seeds)), folder=out)
    quieten_tensorflow()
    results = out / "results.json"
    records = _earlier(results)

    def keep(outcome: Outcome) -> None:  # as it comes: later rows may take hours
        if outcome.skipped and outcome.experiment.id in records:
            return
        records[outcome.experiment.id] = plain(outcome.to_json())
        write_json(results, {"outcomes": list(records.values())})

    begin = partial(_announce, settings=settings)
    outcomes = reproduce(ids or (), settings, time_limit=time_limit, begin=begin, watch=keep)
    if json:
        show_json([plain(outcome.to_json()) for outcome in outcomes])
    else:
        _show(outcomes, out)
    wrong = [o for o in outcomes if o.failed or (o.finding is not None and o.finding.agrees is False)]
    return STATUS_OF_A_DIFFERENCE if wrong else 0


def _earlier(file: Path) -> dict[str, Any]:
    """What earlier calls have found, by id; rows that were not run then are left out."""
    from rlenvs_agents.saving import read_json

    if not file.is_file():
        return {}
    return {record["id"]: record for record in read_json(file).get("outcomes", []) if not record.get("skipped")}


def _announce(experiment: Experiment, settings: Settings) -> None:
    typer.echo(f"{experiment.id}: {experiment.what}, about {experiment.expected(settings):.0f} s …", err=True)


def _kind(experiment: Experiment) -> str:
    return "fixed" if experiment.deterministic else "chance"


def _list(entries: list[Experiment], *, as_json: bool) -> None:
    from rlenvs.cli.output import show_json, show_table

    if as_json:
        show_json([Outcome(experiment=entry, finding=None).to_json() for entry in entries])
        return
    rows = [(e.id, str(e.section), e.what, e.published, _kind(e), f"{e.seconds:.0f}") for e in entries]
    show_table("", ("id", "section", "what", "published", "kind", "seconds"), rows, right=("seconds",))


def _show(outcomes: list[Outcome], out: Path) -> None:
    from rlenvs.cli.output import show_table

    rows = []
    for outcome in outcomes:
        entry, finding = outcome.experiment, outcome.finding
        ours, exact, verdict = (outcome.skipped, "–", "not run") if finding is None else (
            finding.ours, finding.exact, {True: "yes", False: "NO", None: "–"}[finding.agrees]
        )  # fmt: skip
        rows.append((entry.id, entry.what, entry.published, ours, exact, verdict, f"{outcome.seconds:.1f}"))
    columns = ("id", "what", "published", "ours", "exact", "agrees", "seconds")
    show_table("", columns, rows, right=("seconds",))
    typer.echo(f"Pictures and results.json are in {out}")
