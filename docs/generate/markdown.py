"""Small pieces of Markdown, and Google docstrings read into them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Sequence
from typing import Any

SECTIONS = ("Args", "Attributes", "Returns", "Yields", "Raises", "Example", "Examples", "Change logs")
NOTE = "<!-- Written by `make pages` from the code. Change it there. -->"

_ROLE = re.compile(r":\w+:`~?([^`]+)`")


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table; pipes inside cells are kept from ending them."""
    lines = [head, ["---"] * len(head), *([_cell(value) for value in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(value: Any) -> str:
    return " ".join(str(value).split()).replace("|", "\\|")


def code(text: str, language: str = "python") -> str:
    """A fenced block."""
    return f"```{language}\n{text.strip()}\n```"


def page(title: str, *parts: str) -> str:
    """A whole page."""
    return "\n\n".join([f"# {title}", *(part.strip() for part in parts if part.strip()), NOTE]) + "\n"


def number(value: float) -> str:
    """Up to six figures, so that rounding differs on no machine."""
    text = f"{value:.6g}"
    return "0" if text == "-0" else text.replace("-", "−").replace("inf", "∞")


def prose(text: str) -> str:
    """The text of a docstring as Markdown: roles and doubled backticks become code, lists get their blank line."""
    text = _ROLE.sub(lambda match: f"`{match.group(1).rpartition('.')[2]}`", text).replace("``", "`")
    return re.sub(r"(?m)(^(?![ \t]*(?:[-*]|\d+\.) )(?![ \t]*$)\S.*)\n(?=(?:[-*]|\d+\.) )", r"\1\n\n", text)


def first_sentence(thing: Any) -> str:
    """The first line of a docstring."""
    return prose(inspect.cleandoc(thing.__doc__ or "").partition("\n")[0])


class Docstring:
    """A Google docstring in its parts.

    Attributes:
        text: everything before the first section.
        sections: the other parts by name, their lines unindented.
    """

    def __init__(self, thing: Any) -> None:
        pieces = re.split(rf"(?m)^({'|'.join(SECTIONS)}):[ \t]*$", inspect.cleandoc(thing.__doc__ or ""))
        self.text = prose(pieces[0].strip())
        self.sections = {name: inspect.cleandoc(body) for name, body in zip(pieces[1::2], pieces[2::2], strict=True)}

    def entries(self, section: str) -> dict[str, str]:
        """The `name: text` entries of a section."""
        found: dict[str, str] = {}
        name = ""
        for line in self.sections.get(section, "").splitlines():
            start = re.match(r"([\w.*]+)(?: \([^)]*\))?: +(.*)", line)
            if start:
                name = start.group(1)
                found[name] = start.group(2)
            elif name:
                found[name] += " " + line.strip()
        return {key: prose(value) for key, value in found.items()}

    def example(self) -> str:
        """The example as an interactive session, without the marks for the test runner."""
        text = self.sections.get("Example", self.sections.get("Examples", ""))
        return code(re.sub(r"(?m)[ \t]*# doctest:.*$", "", text), "pycon") if text else ""

    def arguments(self, function: Any) -> str:
        """Arguments with defaults and meanings, in the order of the signature."""
        meanings = self.entries("Args")
        rows = []
        for name, parameter in inspect.signature(function).parameters.items():
            default = "" if parameter.default is inspect.Parameter.empty else f"`{_shown(parameter.default)}`"
            meaning = meanings.get(name, meanings.get(f"**{name}", meanings.get(f"*{name}", "")))
            if name != "self" and meaning:
                rows.append((f"`{name}`", default, meaning))
        return "## Arguments\n\n" + table(("argument", "default", "meaning"), rows) if rows else ""

    def raises(self) -> str:
        """What goes wrong, and when."""
        rows = [(f"`{name}`", meaning) for name, meaning in self.entries("Raises").items()]
        return "## Errors\n\n" + table(("error", "when"), rows) if rows else ""


def _shown(value: Any) -> str:
    """A default as one would write it; a factory shows what it makes."""
    if type(value).__name__ == "_HAS_DEFAULT_FACTORY_CLASS":
        return "…"
    return value.__name__ if inspect.isclass(value) or inspect.isfunction(value) else repr(value)
