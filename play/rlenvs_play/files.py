"""Places for files."""

from __future__ import annotations

from pathlib import Path


def check_folder(path: Path) -> None:
    """Make sure that a file can be written.

    Raises:
        FileNotFoundError: if its folder does not exist.
    """
    if not path.parent.is_dir():
        raise FileNotFoundError(2, "The folder does not exist; make it first", str(path.parent))
