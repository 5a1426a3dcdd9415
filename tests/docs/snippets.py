"""The fenced blocks of the documentation, and what stands above them.

A block runs by itself, in an empty folder. `<!-- snippet: slow -->` right above it means that it takes long;
`<!-- snippet: shown -->` that it is not run (a window, an installation) and only its commands are looked up.
"""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
FENCE = re.compile(
    r"^(?:<!-- snippet: (?P<marker>\w+) -->\n)?```(?P<language>python|bash)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Snippet:
    """One block."""

    page: str
    line: int
    language: str
    marker: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def commands(self) -> list[list[str]]:
        """The lines of a shell block in words, comments and continuations resolved."""
        lines = [shlex.split(line, comments=True) for line in self.text.replace("\\\n", " ").splitlines()]
        return [words for words in lines if words]


def pages() -> list[Path]:
    """Every page of the documentation."""
    return sorted(DOCS.rglob("*.md"))


def snippets(path: Path) -> list[Snippet]:
    """The blocks of one page."""
    text = path.read_text(encoding="utf-8")
    return [
        Snippet(
            path.relative_to(ROOT).as_posix(),
            text.count("\n", 0, found.start("text")),
            found["language"],
            found["marker"] or "",
            found["text"],
        )
        for found in FENCE.finditer(text)
    ]
