"""A hook of MkDocs: an entry with a `*` in the navigation stands for every page that matches."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def on_config(config: Any) -> Any:
    """Replace patterns by pages; their titles are their headings."""
    config.nav = _expanded(config.nav, Path(config.docs_dir))
    return config


def _expanded(entries: list[Any], docs: Path) -> list[Any]:
    found: list[Any] = []
    for entry in entries:
        if isinstance(entry, dict):
            found.append({title: _value(value, docs) for title, value in entry.items()})
        elif "*" in entry:
            found.extend(_matching(docs, entry))
        else:
            found.append(entry)
    return found


def _value(value: Any, docs: Path) -> Any:
    return _expanded(value, docs) if isinstance(value, list) else value


def _matching(docs: Path, pattern: str) -> list[str]:
    paths = sorted((path for path in docs.glob(pattern) if path.name != "index.md"), key=lambda path: path.stem.lower())
    return [path.relative_to(docs).as_posix() for path in paths]
