"""Where things are, for the tests of the house."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (ROOT / "rlenvs", ROOT / "agents" / "rlenvs_agents", ROOT / "play" / "rlenvs_play")
CODE = (*PACKAGES, ROOT / "examples", ROOT / "docs")
NOT_OURS = {".git", ".venv", "__pycache__", "build", "dist", "runs", "site", "pictures"}


def python_files(*roots: Path) -> list[Path]:
    """Every Python file below the folders."""
    found = [path for root in roots for path in root.rglob("*.py")]
    return sorted(path for path in found if not NOT_OURS & set(path.relative_to(ROOT).parts))


@cache
def text_files() -> tuple[Path, ...]:
    """Every text file of the repository: what git knows and does not ignore, or else what lies here."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode == 0:
        paths = [ROOT / name for name in listing.stdout.split("\0") if name]
    else:
        paths = [path for path in ROOT.rglob("*") if not NOT_OURS & set(path.relative_to(ROOT).parts)]
    return tuple(sorted(path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:4096]))
