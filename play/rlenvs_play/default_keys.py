"""Keys for environments that name none: tables of what actions mean, and which keys are for that."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence
from typing import Final

from rlenvs_play.keys import ARROWS, Chord

LETTERS_OF_ARROWS: Final = dict(zip(ARROWS, "wsad", strict=True))
IDLE_WORDS: Final = frozenset(("NOOP", "NO-OP", "NOP", "NOTHING", "IDLE", "STAY", "WAIT", "NONE"))

# What the actions of Gymnasium's environments mean, as their documentation says; by name, whatever the version.
MEANINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "CartPole": ("LEFT", "RIGHT"),
    "MountainCar": ("LEFT", "NOOP", "RIGHT"),
    "Acrobot": ("LEFT", "NOOP", "RIGHT"),
    "LunarLander": ("NOOP", "LEFT", "UP", "RIGHT"),
    "CarRacing": ("NOOP", "RIGHT", "LEFT", "UP", "DOWN"),
    "FrozenLake": ("LEFT", "DOWN", "RIGHT", "UP"),
    "FrozenLake8x8": ("LEFT", "DOWN", "RIGHT", "UP"),
    "CliffWalking": ("UP", "RIGHT", "DOWN", "LEFT"),
    "CliffWalkingSlippery": ("UP", "RIGHT", "DOWN", "LEFT"),
    "Taxi": ("DOWN", "UP", "RIGHT", "LEFT", "PICK UP", "DROP OFF"),
    "Blackjack": ("STICK", "HIT"),
}
KEY_OF_WORD: Final = {
    "UP": "up",
    "NORTH": "up",
    "FORWARD": "up",
    "DOWN": "down",
    "SOUTH": "down",
    "BACK": "down",
    "LEFT": "left",
    "WEST": "left",
    "RIGHT": "right",
    "EAST": "right",
    "FIRE": "space",
    "STEP": "space",
    "PICK UP": "space",
    "PICKUP": "space",
    "TOGGLE": "enter",
    "DROP OFF": "d",
    "DROP": "d",
}
_OPPOSITES: Final = tuple(frozenset(pair) for pair in (("left", "right"), ("up", "down"), "ad", "ws"))
_MOVES: Final = re.compile(r"UP|DOWN|LEFT|RIGHT|FIRE")

# Where nothing is known of the actions: keys that lie as the numbers count, then digits and letters.
_UNKNOWN: Final = {
    1: ("space",),
    2: ("left", "right"),
    3: ("left", "down", "right"),
    4: ("left", "down", "right", "up"),
}
ROW_OF_KEYS: Final = string.digits + string.ascii_lowercase


def chord_of_meaning(meaning: str) -> Chord | None:
    """The chord for a word such as "LEFT" or "UPRIGHTFIRE"; empty for "NOOP", None for a word that says nothing."""
    word = meaning.upper().strip()
    if word in IDLE_WORDS:
        return frozenset()
    if word in KEY_OF_WORD:
        return frozenset((KEY_OF_WORD[word],))
    parts = _MOVES.findall(word)
    return frozenset(KEY_OF_WORD[part] for part in parts) if parts and "".join(parts) == word else None


def keys_of_meanings(meanings: Sequence[str]) -> dict[Chord, int]:
    """Chord -> index of the action; an action whose word says nothing gets its first letter, if that is free.

    Actions that mean the same, or nothing, and have no letter are left out: digits are added for them later.
    """
    chords: dict[Chord, int] = {}
    unclear: list[int] = []
    for index, meaning in enumerate(meanings):
        chord = chord_of_meaning(meaning)
        if chord is None or (chord and chord in chords):
            unclear.append(index)
        else:
            chords.setdefault(chord, index)
    for index in unclear:
        letter = frozenset(meanings[index][:1].lower())
        if letter <= frozenset(string.ascii_lowercase) and letter and letter not in chords:
            chords[letter] = index
    return chords


def keys_of_count(n_actions: int) -> dict[Chord, int]:
    """Chord -> index where nothing is known but how many actions there are; at most 36 get a key."""
    keys = _UNKNOWN.get(n_actions, tuple(ROW_OF_KEYS[:n_actions]))
    return {frozenset((key,)): index for index, key in enumerate(keys)}


def with_twins(chords: Mapping[Chord, int]) -> dict[Chord, int]:
    """The same with arrows and W, A, S, D standing for each other, where the other set is free."""
    used = frozenset[str]().union(*chords)
    if used >= set(string.digits) or not any(pair <= used for pair in _OPPOSITES):
        return dict(chords)  # after all digits, letters go on counting
    for twins in (LETTERS_OF_ARROWS, {letter: arrow for arrow, letter in LETTERS_OF_ARROWS.items()}):
        if used & twins.keys() and not used & set(twins.values()):
            arrows_first = twins is not LETTERS_OF_ARROWS
            added = {frozenset(twins.get(key, key) for key in chord): action for chord, action in chords.items()}
            return {**added, **chords} if arrows_first else {**chords, **added}
    return dict(chords)


def with_digits(chords: Mapping[Chord, int], n_actions: int) -> dict[Chord, int]:
    """The same with digits for the first ten actions, if no digit is in use; more than ten get none."""
    used = frozenset[str]().union(*chords)
    if n_actions > len(string.digits) or used & set(string.digits):
        return dict(chords)
    return {**chords, **{frozenset((string.digits[index],)): index for index in range(n_actions)}}
