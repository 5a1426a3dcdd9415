"""An extension of griffe: roles in docstrings are shown as plain code, examples as sessions."""

from __future__ import annotations

from typing import Any

import griffe

from docs.generate.markdown import prose


class Roles(griffe.Extension):
    """Rewrites docstrings before they are read."""

    def on_object(self, *, obj: Any, **_: Any) -> None:
        """Called for every object that is found."""
        if obj.docstring is not None:
            obj.docstring.value = prose(obj.docstring.value).replace("Example:\n", "Examples:\n")
