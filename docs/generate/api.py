"""The API: one page per package, its public names in a table, and the place where their docstrings appear."""

from __future__ import annotations

import inspect
import pkgutil
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from docs.generate import constants
from docs.generate.markdown import first_sentence, page, table

PACKAGES = ("rlenvs", "rlenvs_agents", "rlenvs_play")
NO_PACKAGES = ("rlenvs.conformance.checks", "rlenvs.template")


@cache
def rooms() -> tuple[ModuleType, ...]:
    """Every module that says with `__all__` what is public in it."""
    found = []
    for name in PACKAGES:
        package = import_module(name)
        for info in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not info.ispkg or info.name.startswith(NO_PACKAGES):
                continue
            found.append(import_module(info.name))
        found.append(package)
    return tuple(sorted((room for room in found if hasattr(room, "__all__")), key=lambda room: room.__name__))


def undocumented() -> list[str]:
    """Public names without a docstring of their own, and brief texts about constants that are gone."""
    missing = [f"{room.__name__}.{name}" for room in rooms() for name in room.__all__ if not _described(room, name)]
    missing += [room.__name__ for room in rooms() if not room.__doc__]
    names = {f"{room.__name__}.{name}" for room in rooms() for name in room.__all__}
    return sorted(
        missing + [f"{name} (gone, but in docs/generate/constants.py)" for name in constants.BRIEF.keys() - names]
    )


def _described(room: ModuleType, name: str) -> bool:
    value = getattr(room, name)
    return _has_docstring(value) if _is_described_by_itself(value) else bool(constants.meaning(room, name))


def _is_described_by_itself(value: Any) -> bool:
    kinds = (
        inspect.isclass(value) and not hasattr(value, "__origin__"),
        inspect.isroutine(value),
        inspect.ismodule(value),
    )
    return any(kinds) or hasattr(value, "__wrapped__")


def _has_docstring(value: Any) -> bool:
    if inspect.isclass(value):
        own = value.__dict__.get("__doc__") or ""
        return bool(own.strip()) and not own.startswith(f"{value.__name__}(")
    return bool((value.__doc__ or "").strip())


def pages() -> dict[str, str]:
    """One page per room, and the list of them."""
    found = {f"api/{room.__name__}.md": _room(room) for room in rooms()}
    rows = [(f"[`{room.__name__}`]({room.__name__}.md)", first_sentence(room), len(room.__all__)) for room in rooms()]
    found["api/index.md"] = page(
        "API",
        "What `from … import` may count on. Names that are in no `__all__` may change without notice.",
        table(("package", "what it is for", "names"), rows),
    )
    return found


def _room(room: ModuleType) -> str:
    places = [_place(getattr(room, name)) for name in room.__all__]
    shown = dict.fromkeys(path for home, path in places if home == room.__name__)
    return page(
        room.__name__,
        first_sentence(room),
        table(("name", "what it is"), [(_linked(room, name), _meaning(room, name)) for name in room.__all__]),
        *(f"::: {path}" for path in shown),
    )


def _place(value: Any) -> tuple[str, str]:
    """Which package shows a class or function, and under which full name; empty for other things.

    Several packages may export it: the one nearest to where it is defined shows it.
    """
    name = getattr(value, "__qualname__", "")
    homes = [room for room in rooms() if name in room.__all__ and getattr(room, name) is value]
    if not homes or not _is_described_by_itself(value):
        return "", ""
    home = max(homes, key=lambda room: _nearness(room.__name__, value.__module__)).__name__
    # Where a module has the same name, only the name in its own module leads to the function.
    taken = find_spec(f"{home}.{name}") is not None
    return home, f"{value.__module__}.{name}" if taken else f"{home}.{name}"


def _nearness(room: str, module: str) -> tuple[bool, int]:
    return f"{module}.".startswith(f"{room}."), len(room)


def place_of(value: Any) -> str:
    """The file below `api/`, and the place in it, that show a class or function."""
    home, path = _place(value)
    return f"{home}.md#{path}"


def _linked(room: ModuleType, name: str) -> str:
    home, path = _place(getattr(room, name))
    if not home:
        return f"`{name}`"
    return f"[`{name}`]({'' if home == room.__name__ else f'{home}.md'}#{path})"


def _meaning(room: ModuleType, name: str) -> str:
    value = getattr(room, name)
    return first_sentence(value) if _is_described_by_itself(value) else constants.meaning(room, name)
