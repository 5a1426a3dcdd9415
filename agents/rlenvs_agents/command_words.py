"""Words of a command line as what they mean."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Sequence
from typing import Any

from rlenvs_agents.configs import check_whole


def seeds_of(text: str) -> list[int]:
    """``"5"`` as 0 … 4, ``"3,7"`` as it stands.

    Raises:
        ValueError: if it is neither.
    """
    try:
        numbers = [int(part) for part in text.split(",")]
    except ValueError:
        raise ValueError(f"`--seeds` must be a number of seeds or a list such as 0,1,2, got {text!r}.") from None
    if "," in text:
        return numbers
    return list(range(check_whole("--seeds", numbers[0])))


def pairs(words: Sequence[str] | None, option: str) -> dict[str, Any]:
    """``["slip=0.2", "edges=block"]`` as ``{"slip": 0.2, "edges": "block"}``: values are JSON, or else plain words.

    Raises:
        ValueError: if a word has no ``=``.
    """
    found: dict[str, Any] = {}
    for word in words or ():
        name, equals, text = word.partition("=")
        if not equals or not name.isidentifier():
            raise ValueError(f"`{option}` takes name=value, as in {option} slip=0.2, got {word!r}.")
        try:
            found[name] = jsonlib.loads(text)
        except jsonlib.JSONDecodeError:
            found[name] = {"True": True, "False": False, "None": None}.get(text, text)
    return found
