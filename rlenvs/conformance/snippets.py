"""Python code that shows a finding again."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from rlenvs.conformance.episodes import Episode
from rlenvs.conformance.target import Maker

_INLINE = 1500
"""Longer lists of actions are cut in the middle of the text, the number of actions is then stated."""


def action_list(actions: Sequence[Any]) -> str:
    """The actions as a Python list, runs of the same number shortened to `[2] * 40`."""
    numbers = [_number(action) for action in actions]
    if all(number is not None for number in numbers):
        return _runs([number for number in numbers if number is not None])
    text = "[" + ", ".join(_literal(action) for action in actions) + "]"
    if len(text) <= _INLINE:
        return text
    head = ", ".join(_literal(action) for action in actions[:5])
    return f"[{head}]  # … and so on: {len(actions)} actions; take env.action_space.sample() for the rest"


def _number(action: Any) -> int | None:
    return int(action) if isinstance(action, int | np.integer) else None


def _runs(numbers: list[int]) -> str:
    groups: list[tuple[int, int]] = []
    for number in numbers:
        if groups and groups[-1][0] == number:
            groups[-1] = (number, groups[-1][1] + 1)
        else:
            groups.append((number, 1))
    if not any(count > 3 for _, count in groups):
        return repr(numbers)
    parts: list[str] = []
    plain: list[int] = []
    for number, count in groups:
        if count > 3:
            parts += [repr(plain)] if plain else []
            parts.append(f"[{number}] * {count}")
            plain = []
        else:
            plain += [number] * count
    return " + ".join(parts + ([repr(plain)] if plain else []))


def _literal(action: Any) -> str:
    if isinstance(action, np.ndarray):
        return f"np.array({action.tolist()!r}, np.{action.dtype})"
    if isinstance(action, np.generic):
        return repr(action.item())
    if isinstance(action, dict):
        return "{" + ", ".join(f"{key!r}: {_literal(part)}" for key, part in action.items()) + "}"
    if isinstance(action, tuple):
        return "(" + "".join(_literal(part) + ", " for part in action) + ")"
    return repr(action)


def replay_code(maker: Maker, episodes: Sequence[Episode], last: str = "") -> str:
    """Code that makes the environment, plays the episodes and prints the last answer."""
    lines = ["import numpy as np", maker.code]
    for episode in episodes:
        seed = "" if episode.seed is None else f"seed={episode.seed}"
        lines.append(f"print(env.reset({seed}))")
        if episode.actions:
            lines.append(f"for action in {action_list(episode.actions)}:")
            lines.append("    result = env.step(action)")
            lines.append("print(result)")
    return "\n".join([*lines, last] if last else lines)
