"""An extension of griffe: roles in docstrings are shown as plain code, examples as sessions, comments as meanings."""

from __future__ import annotations

import re
from typing import Any

import griffe

from docs.generate.markdown import prose

_SECTION = re.compile(r"^(?:Args|Attributes):$", re.MULTILINE)
_COMMENT = re.compile(r"  # (?!noqa|type:|pragma)(.+?)(?:  # .*)?$")


class Roles(griffe.Extension):
    """Rewrites docstrings before they are read."""

    def on_object(self, *, obj: Any, **_: Any) -> None:
        """Called for every object that is found."""
        if obj.docstring is not None:
            obj.docstring.value = prose(obj.docstring.value).replace("Example:\n", "Examples:\n")

    def on_class_members(self, *, cls: Any, **_: Any) -> None:
        """The fields of a record are described by the comments on their lines, where the docstring does not."""
        fields = [(name, attribute) for name, attribute in cls.members.items() if attribute.is_attribute]
        found = {name: _comment(attribute) for name, attribute in fields if attribute.docstring is None}
        lines = [f"    {name}: {text}" for name, text in found.items() if text]
        if lines and cls.docstring is not None and not _SECTION.search(cls.docstring.value):
            cls.docstring.value += "\n\nAttributes:\n" + "\n".join(lines)


def _comment(attribute: Any) -> str:
    found = _COMMENT.search(attribute.lines[0]) if attribute.lines else None
    return found.group(1) if found else ""
