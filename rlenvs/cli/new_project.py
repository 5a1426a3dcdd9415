"""A new project from the template: names put in, files written all or none."""

from __future__ import annotations

import io
import re
import shutil
import tempfile
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath

# The template is a project of this name. Files and folders that begin with a dot are kept under another beginning,
# since tools that look at this repository would take them for their own.
NAME, CLASS, TITLE, DISTRIBUTION = "pearl_dive", "PearlDive", "Pearl Dive", "pearl-dive"
DOT = "dot-"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One way of writing an environment.

    Attributes:
        summary: what it is, in one line.
        folders: of the template; a file found in several of them is joined in this order.
        solvable: whether the exact optimum can be computed.
    """

    summary: str
    folders: tuple[str, ...]
    solvable: bool


KINDS = {
    "finite": Kind(
        summary="a list of what can happen; it can be solved exactly",
        folders=("every", "engine", "finite"),
        solvable=True,
    ),
    "rules": Kind(
        summary="rules as a function, for games with too many states to list",
        folders=("every", "engine", "rules"),
        solvable=False,
    ),
    "plain": Kind(
        summary="a gymnasium.Env without the engine of rlenvs",
        folders=("every", "plain"),
        solvable=False,
    ),
}


@dataclass(frozen=True)
class Names:
    """The names of a project, all made from that of its package.

    Args:
        package: such as "my_game".
    """

    package: str

    @property
    def title(self) -> str:
        """For people: "My Game"."""
        return " ".join(word.capitalize() for word in self.package.split("_"))

    @property
    def class_name(self) -> str:
        """Of the environment: "MyGame"."""
        return self.title.replace(" ", "")

    @property
    def distribution(self) -> str:
        """What pip calls it: "my-game"."""
        return self.package.replace("_", "-")

    @property
    def target(self) -> str:
        """What ``gym.make`` takes: "my_game:my_game/MyGame-v0"."""
        return f"{self.package}:{self.package}/{self.class_name}-v0"

    def put_into(self, text: str) -> str:
        """The text of a template with these names."""
        new = {NAME: self.package, CLASS: self.class_name, TITLE: self.title, DISTRIBUTION: self.distribution}
        return re.sub("|".join(map(re.escape, new)), lambda found: new[found[0]], text)


def project_files(kind: Kind, names: Names) -> dict[str, str]:
    """The text of every file by its path within the project, ``/`` between folders, sorted."""
    texts: dict[str, str] = {}
    for folder in kind.folders:
        for path, text in _template(folder).items():
            texts[path] = texts.get(path, "") + text
    return {names.put_into(path): names.put_into(texts[path]) for path in sorted(texts)}


def names_in_the_template() -> frozenset[str]:
    """Every name in the template's code: a project that is called so would hide it."""
    names: set[str] = set()
    for folder in {folder for kind in KINDS.values() for folder in kind.folders}:
        for path, text in _template(folder).items():
            if path.endswith(".py"):
                tokens = tokenize.generate_tokens(io.StringIO(text).readline)
                names |= {token.string for token in tokens if token.type == tokenize.NAME}
                names.add(PurePosixPath(path).stem)
    return frozenset(names - {NAME, CLASS})


def write_project(folder: Path, texts: dict[str, str]) -> None:
    """Write all files, or none.

    Raises:
        FileExistsError: if there is something of that name already.
        FileNotFoundError: if the folder in which it should lie does not exist.
    """
    if folder.exists() or folder.is_symlink():
        raise FileExistsError(17, "There is something of that name already; choose another with --out", str(folder))
    if not folder.parent.is_dir():
        raise FileNotFoundError(2, "The folder does not exist; make it first", str(folder.parent))
    temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for path, text in texts.items():
            file = temporary.joinpath(*PurePosixPath(path).parts)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        temporary.chmod(0o755)
        temporary.rename(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


@cache
def _template(folder: str) -> dict[str, str]:
    root = files("rlenvs").joinpath("template", folder)
    return {path: file.read_text(encoding="utf-8") for path, file in _walk(root, "")}


def _walk(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        name = entry.name
        if name.startswith((".", "__pycache__")):
            continue
        here = f"{path}.{name.removeprefix(DOT)}" if name.startswith(DOT) else f"{path}{name}"
        if entry.is_dir():
            yield from _walk(entry, f"{here}/")
        else:
            yield here, entry
