"""A hook of MkDocs: an entry with a `*` in the navigation stands for every page that matches."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def on_config(config: Any) -> Any:
    """Replace patterns by the pages that stand nowhere else; their titles are their headings."""
    config.nav = _expanded(config.nav, Path(config.docs_dir), set(_names(config.nav)))
    return config


def _names(entry: Any) -> list[str]:
    if isinstance(entry, str):
        return [entry]
    parts = entry.values() if isinstance(entry, dict) else entry
    return [name for part in parts for name in _names(part)]


def _expanded(entries: list[Any], docs: Path, named: set[str]) -> list[Any]:
    found: list[Any] = []
    for entry in entries:
        if isinstance(entry, dict):
            found.append({title: _value(value, docs, named) for title, value in entry.items()})
        elif "*" in entry:
            found.extend(name for name in _matching(docs, entry) if name not in named)
        else:
            found.append(entry)
    return found


def _value(value: Any, docs: Path, named: set[str]) -> Any:
    return _expanded(value, docs, named) if isinstance(value, list) else value


def _matching(docs: Path, pattern: str) -> list[str]:
    paths = sorted((path for path in docs.glob(pattern) if path.name != "index.md"), key=lambda path: path.stem.lower())
    return [path.relative_to(docs).as_posix() for path in paths]
