"""From keys that are held down to an action. Knows neither the environment nor the window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from rlenvs_play.keys import Chord, chord_text

SHOWN_ALTERNATIVES = 2
NO_KEY = "no key"


class Row(NamedTuple):
    """One line of the legend: chords that do the same; ``action`` is the number of a discrete action, or None."""

    keys: tuple[str, ...]
    meaning: str
    action: int | None = None


class Controls(Protocol):
    """What the session needs to know about keys.

    Attributes:
        keys: every key that means something; others are ignored.
        legend: what to tell the player.
        idle: the action while no key is held in real time; None: the last action is repeated.
        typed: the actions that can be chosen by typing their number; empty: none.
    """

    keys: frozenset[str]
    legend: tuple[Row, ...]
    idle: Any
    typed: range

    def choose(self, held: Sequence[str], pressed: str | None = None) -> Any | None:
        """The action of the held keys, the most recent one last; None if they mean nothing.

        ``pressed`` is one of them that has to take part.
        """

    def may_grow(self, held: Sequence[str], pressed: str) -> bool:
        """Whether one more key could still make another action of it, so that waiting a moment is wise."""


class ChordControls:
    """One action per chord.

    Keys that belong to no chord change nothing. If the held keys as a whole are no chord, the largest chord among
    them that holds the most recent key counts; so two keys at once never mean "do nothing".

    Args:
        actions: chord -> action.
        meanings: action number -> words for the legend.
        idle: the action while no key is held; None: repeat the last one.
        typed: the actions that can be typed as numbers.
    """

    def __init__(
        self, actions: Mapping[Chord, Any], *, meanings: Mapping[int, str], idle: Any = None, typed: range = range(0)
    ) -> None:
        self.actions = {chord: action for chord, action in actions.items() if chord}
        self.keys: frozenset[str] = frozenset[str]().union(*self.actions)
        self.idle = idle
        self.typed = typed
        self.legend = _legend(self.actions, meanings, idle)

    def choose(self, held: Sequence[str], pressed: str | None = None) -> Any | None:
        """See :class:`Controls`."""
        chord = self._chord(held, pressed)
        return None if chord is None else self.actions[chord]

    def may_grow(self, held: Sequence[str], pressed: str) -> bool:
        """See :class:`Controls`."""
        chosen = self._chord(held, pressed) or frozenset((pressed,))
        return any(chosen < chord for chord in self.actions)

    def _chord(self, held: Sequence[str], pressed: str | None) -> Chord | None:
        down = frozenset(held)
        for newest in (pressed,) if pressed is not None else reversed(held):
            fitting = [chord for chord in self.actions if chord <= down and newest in chord]
            if fitting:
                return max(fitting, key=len)
        return None


class VectorControls:
    """Each key sets one component of the action while it is held; of two for the same one, the later key counts.

    Args:
        space: Box, MultiBinary or MultiDiscrete.
        settings: key -> (index of the component in reading order, value).
        rest: the action while no key is held.
        legend: what to tell the player.
    """

    def __init__(
        self,
        space: gym.Space[Any],
        settings: Mapping[str, tuple[int, float]],
        rest: NDArray[Any],
        legend: tuple[Row, ...],
    ) -> None:
        self.keys = frozenset(settings)
        self.legend = legend
        self.idle: Any = rest
        self.typed = range(0)
        self._settings = dict(settings)
        self._space = space

    def choose(self, held: Sequence[str], pressed: str | None = None) -> Any | None:
        """See :class:`Controls`."""
        known = [key for key in held if key in self._settings]
        if not known and pressed not in self._settings:
            return None
        action = np.array(self.idle)
        for key in [*known, pressed] if pressed in self._settings else known:
            index, value = self._settings[str(key)]
            action.flat[index] = value
        return action

    def may_grow(self, held: Sequence[str], pressed: str) -> bool:
        """See :class:`Controls`."""
        del held
        return len({self._settings[key][0] for key in self.keys}) > 1 and pressed in self.keys


def _legend(actions: Mapping[Chord, Any], meanings: Mapping[int, str], idle: Any) -> tuple[Row, ...]:
    """One row per action, in the order of their numbers; actions that are no numbers in the order they were given."""
    rows: dict[str, tuple[Any, list[str]]] = {}
    for chord, action in actions.items():
        rows.setdefault(repr(action), (action, []))[1].append(chord_text(chord))
    if idle is not None and repr(idle) not in rows:
        rows[repr(idle)] = (idle, [NO_KEY])
    found = [_row(action, keys, meanings) for action, keys in rows.values()]
    return tuple(sorted(found, key=lambda row: (row.action is None, row.action or 0)))


def _row(action: Any, keys: list[str], meanings: Mapping[int, str]) -> Row:
    number = int(action) if isinstance(action, (int, np.integer)) else None
    meaning = str(action) if number is None else meanings.get(number, f"action {number}")
    return Row(tuple(keys[:SHOWN_ALTERNATIVES]), meaning, number)


@dataclass(frozen=True)
class Command:
    """Something that the player can ask of the session, and the keys for it, the best one first."""

    name: str
    keys: tuple[str, ...]
    meaning: str


COMMANDS = (
    Command("help", ("h", "f1"), "all keys"),
    Command("restart", ("r", "f5"), "new episode"),
    Command("again", ("t", "f6"), "same seed again"),
    Command("undo", ("u", "f4", "backspace"), "undo a step"),
    Command("pause", ("p", "f2", "pause"), "pause"),
    Command("single", ("n", "f3"), "single step"),
    Command("seed", ("g", "f7"), "type a seed"),
    Command("faster", ("plus", "="), "faster"),
    Command("slower", ("-",), "slower"),
    Command("pace", ("m", "f8"), "wait for keys, or run"),
    Command("hand", ("tab",), "agent on or off"),
    Command("values", ("v", "f9"), "exact values"),
    Command("hint", ("o", "f10"), "best action"),
    Command("view", ("k", "f11"), "what the agent sees"),
    Command("screenshot", ("f12", "print screen"), "screenshot"),
    Command("quit", ("escape",), "quit"),
)
RESERVED = frozenset(("escape", "tab"))


def command_keys(taken: frozenset[str]) -> dict[str, Command]:
    """Key -> command, without the keys that play the game."""
    return {key: command for command in COMMANDS for key in command.keys if key not in taken}


def first_key(command: Command, taken: frozenset[str]) -> str:
    """The key to show for a command; "" if the game needs all of them."""
    return next((key for key in command.keys if key not in taken), "")
