"""`rlenvs new`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated, Literal

import typer

KindName = Literal["finite", "rules", "plain"]


def new(
    name: Annotated[str, typer.Argument(help="Name of the package, such as my_game.")],
    *,
    kind: Annotated[KindName, typer.Option(help="How the environment is written; see above.")] = "finite",
    out: Annotated[Path | None, typer.Option(help="Folder of the project. [default: NAME]")] = None,
) -> None:
    """Write a project with an environment of your own: a small game to change, with tests, pictures and a trainer.

    finite: a list of what can happen; it can be solved exactly. rules: a function, for games with too many states
    to list. plain: a gymnasium.Env without the engine. All three are the same game, so they can be compared.

    Examples:
      rlenvs new my_game
      rlenvs new my_game --kind rules --out projects/my_game
    """
    from rlenvs.cli.new_name import read_name
    from rlenvs.cli.new_project import KINDS, project_files, write_project

    names = read_name(name)
    folder = Path(name) if out is None else out
    texts = project_files(KINDS[kind], names)
    write_project(folder, texts)
    typer.echo(f"Wrote {folder}: {names.target}, {KINDS[kind].summary}.\n")
    for path in texts:
        typer.echo(f"  {path}")
    solve = f"rlenvs solve {names.target}\n  " if KINDS[kind].solvable else ""
    typer.echo(
        f"\nNext (README.md says more):\n\n"
        f"  cd {shlex.quote(str(folder))}\n"
        f'  python -m pip install -e ".[dev]"\n'
        f"  rlenvs check {names.target}\n"
        f"  rlenvs play {names.target}\n"
        f"  {solve}python train.py\n"
        f"  pytest"
    )
