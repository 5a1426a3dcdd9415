"""`rlenvs solve`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import gymnasium as gym
import typer

from rlenvs.cli.environments import make
from rlenvs.cli.failures import UsageError
from rlenvs.cli.output import show_json, write_file

PolicyName = Literal["optimal", "random"]


def solve(
    env: Annotated[str, typer.Argument(help="Id of a finite environment, such as rlenvs/GridWorld-v0.")],
    *,
    discount: Annotated[float, typer.Option("--discount", "-d", help="Discount per step, 0 to 1.")] = 0.95,
    horizon: Annotated[int | None, typer.Option(help="Number of steps left; without it there is no limit.")] = None,
    policy: Annotated[
        PolicyName, typer.Option(help="Whose values: the best policy's or the random one's.")
    ] = "optimal",
    setting: Annotated[
        list[str] | None,
        typer.Option(
            "--env-kwargs", "-k", metavar="NAME=VALUE", help="An argument of the environment; JSON. Repeatable."
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")] = False,
    png: Annotated[Path | None, typer.Option("--png", metavar="FILE", help="Also draw it into this file.")] = None,
) -> None:
    """Compute exact values and a best policy, and print them: as the grid, or as a table of states.

    Works for every environment that shows its model: the finite ones of rlenvs, and Gymnasium's toy text.

    Examples:
      rlenvs solve rlenvs/GridWorld-v0 --discount 0.95
      rlenvs solve rlenvs/GridWorld-v0 -k slip=0.2 -k edges=block --png grid.png
      rlenvs solve rlenvs/MarkovChain-v0 --discount 1
      rlenvs solve FrozenLake-v1 --discount 1 --horizon 100
    """
    from rlenvs.cli.answer import answer, as_record, as_text

    if png is not None and png.suffix.lower() != ".png":
        raise UsageError(f"`--png` names a file that ends in .png, got {str(png)!r}.")
    made = make(env, setting or ())
    try:
        found = answer(env, made, discount, horizon=horizon, policy=policy)
        if png is not None:
            write_file(png, lambda path: _draw(made, found, path))
    finally:
        made.close()
    if json:
        show_json(as_record(found))
    else:
        typer.echo(as_text(found))
        if png is not None:
            typer.echo(f"\nDrawn into {png}")


def _draw(made: gym.Env[Any, Any], found: Any, path: Path) -> None:
    from PIL import Image

    from rlenvs.cli.drawing import scene_of
    from rlenvs.rendering import draw

    Image.fromarray(draw(scene_of(made, found))).save(path)
