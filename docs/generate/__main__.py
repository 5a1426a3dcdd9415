"""The command: writes the generated pages, or with `--check` says which are not current."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from docs.generate import api, checks, commands, environments, learners, wrappers

DOCS = Path(__file__).resolve().parents[1]
WRITERS = (environments, wrappers, learners, checks, commands, api)
WHOLE_FOLDERS = ("environments", "wrappers", "algorithms", "api")


def written() -> dict[str, str]:
    """Every generated page by its path below docs."""
    return {name: text for writer in WRITERS for name, text in writer.pages().items()}


def stale(pages: dict[str, str]) -> list[str]:
    """Pages that are missing, differ from what the code says, or belong to nothing any more."""
    found = [name for name, text in pages.items() if not (DOCS / name).exists() or _read(name) != text]
    return sorted(found + leftovers(pages))


def leftovers(pages: dict[str, str]) -> list[str]:
    """Pages in the generated folders that nothing generates."""
    there = [str(path.relative_to(DOCS)) for folder in WHOLE_FOLDERS for path in (DOCS / folder).glob("*.md")]
    return [name for name in there if name not in pages]


def _read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def main() -> int:
    """Write or check."""
    parser = argparse.ArgumentParser(prog="python -m docs.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; status 1 if a page is not current")
    only_check = parser.parse_args().check
    undocumented = api.undocumented()
    if undocumented:
        sys.stderr.write("Public names without a docstring of their own:\n  " + "\n  ".join(undocumented) + "\n")
        return 1
    pages = written()
    old = stale(pages)
    if only_check:
        if old:
            sys.stderr.write("Not current; run `make pages`:\n  " + "\n  ".join(old) + "\n")
        return 1 if old else 0
    for name in leftovers(pages):
        (DOCS / name).unlink()
    for name, text in pages.items():
        (DOCS / name).parent.mkdir(parents=True, exist_ok=True)
        (DOCS / name).write_text(text, encoding="utf-8")
    return 0


sys.exit(main())
