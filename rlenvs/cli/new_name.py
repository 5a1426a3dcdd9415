"""Which names a new project may have."""

from __future__ import annotations

import importlib.util
import keyword
import re
import sys
from importlib.metadata import PackageNotFoundError, distribution

from rlenvs.cli.failures import UsageError
from rlenvs.cli.new_project import Names, names_in_the_template

LONGEST = 30


def read_name(name: str) -> Names:
    """The names of a project.

    Raises:
        UsageError: if it is no name for a package, or one that something else has already.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) or len(name) > LONGEST:
        raise UsageError(
            f"`NAME` must be small letters, digits and single underscores, a letter first, at most {LONGEST} "
            f"characters, got {name!r}.{_suggestion(name)}"
        )
    names = Names(name)
    taken = _taken(names)
    if taken:
        raise UsageError(f"`NAME` {name!r} {taken}; choose another, such as {name[: LONGEST - 5]}_game.")
    return names


def _suggestion(name: str) -> str:
    """The nearest name that is allowed, as a sentence."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    near = re.sub(r"[^a-z0-9]+", "_", apart.lower()).strip("_0123456789")[:LONGEST].rstrip("_")
    return f" Did you mean {near}?" if near else ""


def _taken(names: Names) -> str:
    """Who has the name already; empty if nobody."""
    name = names.package
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        return "is a word of the Python language"
    if name in sys.stdlib_module_names or name in sys.builtin_module_names:
        return "is a module of Python itself"
    if name == "tests":
        return "is the folder of the project's tests"
    if importlib.util.find_spec(name) is not None or _is_installed(names.distribution):
        return "is installed already"
    if {name, names.class_name} & names_in_the_template():
        return "is a name that the template uses itself"
    return ""


def _is_installed(project: str) -> bool:
    try:
        distribution(project)
    except PackageNotFoundError:
        return False
    return True
