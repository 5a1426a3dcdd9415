"""The settings of a game of Snake."""

from __future__ import annotations

from typing import NamedTuple

from rlenvs.envs.numeric import finite_number

REWARDS = ("food_reward", "death_reward", "step_reward", "win_reward")
NEVER = 2**62
"""A starvation limit that is never reached, and the largest that compiled rules can count to."""


class Game(NamedTuple):
    """Board size, starvation limit and rewards; checked by :func:`read_game`."""

    n_rows: int
    n_columns: int
    limit: int
    rewards: tuple[float, float, float, float]  # in the order of REWARDS

    @property
    def n_cells(self) -> int:
        """Cells of the board."""
        return self.n_rows * self.n_columns

    @property
    def start(self) -> int:
        """The cell on which the head starts: (rows // 2, columns // 2)."""
        return (self.n_rows // 2) * self.n_columns + self.n_columns // 2


def read_game(
    rows: int,
    columns: int,
    starvation_limit: int | str | None,
    rewards: dict[str, float],
) -> Game:
    """Check the arguments of the environment.

    Raises:
        ValueError: if the board is smaller than 2×2, the limit is below 1, or a reward is not a finite number.
    """
    for name, size in (("rows", rows), ("columns", columns)):
        if not isinstance(size, int) or isinstance(size, bool) or size < 2:
            raise ValueError(f"`{name}` must be an integer of at least 2, got {size!r}.")
    limit = _read_limit(starvation_limit, rows * columns)
    food, death, step, win = (finite_number(f"`{name}`", rewards[name]) for name in REWARDS)
    return Game(rows, columns, limit, (food, death, step, win))


def _read_limit(limit: int | str | None, n_cells: int) -> int:
    if limit == "board":
        return n_cells
    if limit is None:
        return NEVER
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
        raise ValueError(
            f'`starvation_limit` must be an integer of at least 1, "board" (rows × columns) or None, got {limit!r}.'
        )
    return min(limit, NEVER)
