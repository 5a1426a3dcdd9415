"""The names of keys from what a terminal sends for them."""

from __future__ import annotations

import re
from typing import Final

from rlenvs_play.keys import key_name

_SEQUENCE: Final = re.compile(r"\x1b(?:\[(?P<csi>[0-9;]*[A-Za-z~])|O(?P<ss3>[A-Za-z]))|(?P<one>.)", re.DOTALL)
_LETTERS: Final = {"A": "up", "B": "down", "C": "right", "D": "left", "H": "home", "F": "end", "Z": "tab"}
_SS3: Final = {**_LETTERS, "P": "f1", "Q": "f2", "R": "f3", "S": "f4", "M": "enter"}
_TILDES: Final = {
    "1": "home", "2": "insert", "3": "delete", "4": "end", "5": "page up", "6": "page down", "15": "f5", "17": "f6",
    "18": "f7", "19": "f8", "20": "f9", "21": "f10", "23": "f11", "24": "f12",
    "11": "f1", "12": "f2", "13": "f3", "14": "f4",
}  # fmt: skip


def key_names(typed: str) -> list[str]:
    """The keys behind characters and escape sequences; sequences that mean no key are skipped."""
    found = (_name(match) for match in _SEQUENCE.finditer(typed))
    return [name for name in found if name is not None]


def _name(match: re.Match[str]) -> str | None:
    if match["one"] is not None:
        return key_name(match["one"])
    if match["ss3"] is not None:
        return _SS3.get(match["ss3"])
    body = match["csi"]
    if body.endswith("~"):
        return _TILDES.get(body[:-1].partition(";")[0])
    return _LETTERS.get(body[-1]) or (_SS3.get(body[-1]) if body[:-1] in ("", "1") else None)
