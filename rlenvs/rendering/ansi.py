"""Pictures made of letters, for terminals and logs."""

from collections.abc import Mapping, Sequence
from typing import Final

_RESET: Final = "\x1b[0m"
_CODES: Final = {
    "bold": "\x1b[1m",
    "dim": "\x1b[2m",
    "inverse": "\x1b[7m",
    "red": "\x1b[31m",
    "green": "\x1b[32m",
    "yellow": "\x1b[33m",
    "blue": "\x1b[34m",
    "magenta": "\x1b[35m",
    "cyan": "\x1b[36m",
}


def styled(text: str, style: str) -> str:
    """The text in a terminal style: `bold`, `dim`, `inverse` or a colour's name.

    Raises:
        ValueError: The style is unknown.
    """
    if style not in _CODES:
        raise ValueError(f"`style`: expected one of {', '.join(sorted(_CODES))}, got {style!r}")
    return f"{_CODES[style]}{text}{_RESET}"


def grid_text(
    rows: Sequence[Sequence[str]],
    *,
    separator: str = " ",
    align: str = ">",
    styles: Mapping[tuple[int, int], str] | None = None,
) -> str:
    """A table of short texts, one line per row, every column as wide as its widest entry.

    Args:
        rows: The entries, row by row; rows may differ in length.
        separator: What stands between two columns.
        align: `<` left, `>` right or `^` centred.
        styles: Terminal styles of single entries, (row, column) -> style of :func:`styled`. Without it the text
            is plain, with no escape sequence in it.

    Returns:
        The lines, joined; no newline at the end and no blanks at the ends of lines.

    Raises:
        ValueError: `align` or a style is unknown.
    """
    if align not in ("<", ">", "^"):
        raise ValueError(f"`align`: expected '<', '>' or '^', got {align!r}")
    chosen = styles or {}
    columns = max((len(row) for row in rows), default=0)
    widths = [max((len(row[column]) for row in rows if column < len(row)), default=0) for column in range(columns)]
    lines = []
    for row_index, row in enumerate(rows):
        entries = []
        for column, entry in enumerate(row):
            padded = f"{entry:{align}{widths[column]}}"
            style = chosen.get((row_index, column))
            entries.append(padded if style is None else padded.replace(entry, styled(entry, style), 1))
        lines.append(separator.join(entries).rstrip())
    return "\n".join(lines)


def policy_sign(directions: Sequence[str], *, plain: Mapping[str, str] | None = None) -> str:
    """One sign for the best directions of a cell: an arrow, or a sign of several arrows.

    Args:
        directions: Any of `up`, `down`, `left`, `right`.
        plain: Other signs for single directions, such as `{"up": "^"}`; signs of several directions are joined.

    Returns:
        For one direction its arrow, for several their box-drawing junction (`┘` for up and left), `·` for none.
    """
    wanted = frozenset(directions)
    unknown = wanted - {"up", "down", "left", "right"}
    if unknown:
        raise ValueError(f"`directions`: expected up, down, left or right, got {sorted(unknown)[0]!r}")
    if plain is not None:
        return "".join(plain[name] for name in ("up", "down", "left", "right") if name in wanted) or "."
    return _SIGNS[wanted]


_SIGNS: Final[dict[frozenset[str], str]] = {
    frozenset(names.split()): sign
    for names, sign in {
        "": "·",
        "up": "↑",
        "down": "↓",
        "left": "←",
        "right": "→",
        "up down": "↕",
        "left right": "↔",
        "up left": "┘",
        "up right": "└",
        "down left": "┐",
        "down right": "┌",
        "up down left": "┤",
        "up down right": "├",
        "up left right": "┴",
        "down left right": "┬",
        "up down left right": "┼",
    }.items()
}
