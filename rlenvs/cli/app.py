"""The `rlenvs` command: a group whose commands are loaded when they are asked for."""

from __future__ import annotations

import difflib
import inspect
import os
import sys
from collections.abc import Callable, Sequence
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Annotated, Any

import typer
import typer.core
from rich.markup import escape

from rlenvs.cli.failures import UsageError, sentence, status_of

GROUP = "rlenvs.commands"
ORDER = ("list", "check", "solve", "train", "resume", "eval", "compare", "play", "record", "reproduce", "bench", "new")
SECTIONS_OF_A_DOCSTRING = ("Args:", "Returns:", "Raises:", "Yields:")


@cache
def commands() -> dict[str, EntryPoint]:
    """Every command by name: the house's own in the order of use, then those of other packages."""
    found = {point.name: point for point in entry_points(group=GROUP)}
    rank = {name: place for place, name in enumerate(ORDER)}
    return {name: found[name] for name in sorted(found, key=lambda name: (rank.get(name, len(rank)), name))}


class CommandGroup(typer.core.TyperGroup):
    """A group that knows the names of its commands, and imports one only to run it or to show its help."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  # part of the signature
        """The names in the order in which help lists them."""
        return list(commands())

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002  # part of the signature
        """Load one command.

        Raises:
            UsageError: if there is none of that name.
        """
        if cmd_name.startswith("-"):
            return None
        if cmd_name not in commands():
            near = difflib.get_close_matches(cmd_name, commands(), n=1)
            hint = f"Did you mean {near[0]!r}?" if near else f"There are {', '.join(commands())}."
            raise UsageError(f"There is no command {cmd_name!r}. {hint}")
        return _as_command(cmd_name, _load(commands()[cmd_name]))


def _load(point: EntryPoint) -> Callable[..., Any]:
    """The function behind an entry point; one that cannot be imported says so when it is run, not in `--help`."""
    try:
        function: Callable[..., Any] = point.load()
    except (ImportError, AttributeError) as error:
        failure = error

        def unavailable() -> None:
            raise failure

        unavailable.__doc__ = f"Not available here: {sentence(failure)}"
        unavailable.__dict__["takes"] = _ANYTHING
        return unavailable
    return function


def _as_command(name: str, function: Callable[..., Any]) -> Any:
    app = typer.Typer(add_completion=False)
    takes: dict[str, Any] = getattr(function, "takes", {})
    app.command(name, help=help_text(function), context_settings={**_HELP, **takes})(function)
    return typer.main.get_command(app)


def help_text(function: Callable[..., Any]) -> str:
    """The docstring as help: without its Google sections, brackets kept, lines of examples as they stand."""
    text = inspect.cleandoc(function.__doc__ or "")
    lines = text.split("\n")
    ends = [place for place, line in enumerate(lines) if line in SECTIONS_OF_A_DOCSTRING]
    kept = "\n".join(lines[: ends[0]] if ends else lines).strip().replace("``", "")
    paragraphs = escape(kept).split("\n\n")
    return "\n\n".join(f"\b\n{part}" if part.startswith("Example") else part for part in paragraphs)


def _version(value: bool) -> None:  # noqa: FBT001  # typer calls it so
    if value:
        from rlenvs import __version__

        typer.echo(f"rlenvs {__version__}")
        raise typer.Exit


_HELP: dict[str, Any] = {"help_option_names": ["-h", "--help"]}
_ANYTHING: dict[str, Any] = {"ignore_unknown_options": True, "allow_extra_args": True}
_app = typer.Typer(cls=CommandGroup, add_completion=False, context_settings=_HELP)


@_app.callback()
def _rlenvs(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the whole traceback of an error (or set RLENVS_DEBUG=1).")
    ] = False,
) -> None:
    """Gymnasium environments whose truth is known exactly, and agents measured against it.

    Example: rlenvs compare rlenvs/GridWorld-v0
    """


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit status.

    0: done; 2: bad input, said in one sentence on standard error; other numbers mean what the command says.
    """
    words = [word for word in arguments if word != "--debug"] or ["--help"]
    debug = len(words) < len(arguments) or os.environ.get("RLENVS_DEBUG", "0") not in ("", "0")
    try:
        result = typer.main.get_command(_app)(words, prog_name="rlenvs", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of a pipe has seen enough (`rlenvs list | head`). Python would complain while it shuts down.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115  # must outlive this function
        return 0
    except (Exception, KeyboardInterrupt) as error:
        status = status_of(error)
        if status is None or debug:
            raise
        typer.echo(f"rlenvs: {sentence(error)}", err=True)
        return status
    return result if isinstance(result, int) and not isinstance(result, bool) else 0


def main() -> None:
    """The entry point of the `rlenvs` script."""
    sys.exit(run(sys.argv[1:]))
