"""Keys by name: "left", "space", "w", and chords such as "up+space". No window library is needed to read them."""

from __future__ import annotations

import difflib
import string
from collections.abc import Iterable
from typing import Any, Final

Chord = frozenset[str]

ARROWS: Final = ("up", "down", "left", "right")
NAMED: Final = (
    *ARROWS, "space", "enter", "tab", "escape", "backspace", "delete", "insert", "home", "end", "page up", "page down",
    "shift", "ctrl", "alt", "plus", "pause", "print screen", *(f"f{number}" for number in range(1, 13)),
)  # fmt: skip
CHARACTERS: Final = frozenset(string.ascii_lowercase + string.digits + "-=[];'`,./\\")
KEYS: Final = frozenset(NAMED) | CHARACTERS

_OTHER_NAMES: Final = {
    "+": "plus", " ": "space", "return": "enter", "\r": "enter", "\n": "enter", "\t": "tab", "esc": "escape",
    "\x1b": "escape", "\x7f": "backspace", "\x08": "backspace", "del": "delete", "spacebar": "space",
    "control": "ctrl", "left shift": "shift", "right shift": "shift", "left ctrl": "ctrl", "right ctrl": "ctrl",
    "left alt": "alt", "right alt": "alt", "alt gr": "alt", "print": "print screen", "pageup": "page up",
    "pagedown": "page down", "break": "pause", "keypad enter": "enter",
    "[+]": "plus", "[-]": "-", "[.]": ".", "[/]": "/", **{f"[{digit}]": digit for digit in string.digits},
    "arrow up": "up", "arrow down": "down", "arrow left": "left", "arrow right": "right",
}  # fmt: skip

# SDL 2 gives keys without a character a number above 2^30; SDL 1 counted from 256, and MountainCar still does.
_CODES: Final = {
    1073741903: "right", 1073741904: "left", 1073741905: "down", 1073741906: "up",
    273: "up", 274: "down", 275: "right", 276: "left",
    **{1073741882 + number: f"f{number + 1}" for number in range(12)},
}  # fmt: skip


def key_name(text: str) -> str | None:
    """The name of a key as this package writes it, or None if there is no such key.

    Upper case, the names that SDL uses ("return", "left shift", "[4]" on the keypad) and single characters are read.
    """
    name = text if text in _OTHER_NAMES else text.strip().lower()
    name = _OTHER_NAMES.get(name, name)
    return name if name in KEYS else None


def read_chord(keys: str | int | Iterable[Any]) -> Chord:
    """A chord from what a person writes: ``"left"``, ``"up+space"``, ``("w", "d")``; empty: no key at all.

    Raises:
        ValueError: if a key is not known. A word such as "wd" is not read as two keys.
    """
    if isinstance(keys, int):
        return frozenset((_of_code(keys),))
    if not isinstance(keys, str):
        return frozenset[str]().union(*(read_chord(key) for key in keys))
    if key_name(keys) is not None:
        return frozenset((str(key_name(keys)),))
    parts = [part for part in keys.split("+") if part]
    names = [key_name(part) for part in parts]
    wrong = [part for part, name in zip(parts, names, strict=True) if name is None]
    if wrong or not parts:
        raise ValueError(f"`keys` names {keys!r}, and {_advice(wrong[0] if wrong else keys)}")
    return frozenset(str(name) for name in names)


def read_gymnasium_chord(keys: Any) -> Chord:
    """A chord as ``get_keys_to_action()`` writes it: None or () for no key, codes, characters, or a tuple of them.

    In Gymnasium a word is the chord of its characters; here a word that is the name of a key is that key.

    Raises:
        ValueError: if a key is not known.
    """
    if keys is None:
        return frozenset()
    if isinstance(keys, str) and key_name(keys) is None and "+" not in keys:
        return frozenset[str]().union(*(read_chord(character) for character in keys))
    return read_chord(keys)


def chord_text(chord: Iterable[str]) -> str:
    """A chord as people read it: modifiers and arrows first, "up+space"."""
    order = {name: place for place, name in enumerate(("ctrl", "alt", "shift", *ARROWS))}
    return "+".join(sorted(chord, key=lambda name: (order.get(name, len(order)), name)))


def _of_code(code: int) -> str:
    name = _CODES.get(code) or (key_name(chr(code)) if 0 <= code < 128 else None)
    if name is None:
        raise ValueError(f"`keys` holds the key code {code!r}, which is not known here; name the key instead ('left').")
    return name


def _advice(word: str) -> str:
    if len(word) > 1 and all(key_name(character) for character in word) and len(word) <= 4:
        return f"{word!r} is no key; for keys pressed together write {'+'.join(word)!r}."
    near = difflib.get_close_matches(word.lower(), sorted(KEYS | _OTHER_NAMES.keys()), n=1)
    hint = f"did you mean {near[0]!r}?" if near else "keys are single characters, or words such as 'left' and 'space'."
    return f"{word!r} is no key; {hint}"
