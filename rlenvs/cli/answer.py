"""What `rlenvs solve` found, as text and as a record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from rlenvs.cli.board import Board, board_of
from rlenvs.cli.failures import UsageError
from rlenvs.core import FiniteMDP
from rlenvs.planning import Solution, evaluate_policy, optimal_actions, random_policy
from rlenvs.planning import solve as optimum_of
from rlenvs.rendering import grid_text
from rlenvs.rendering.lettering import decimals_for, fixed

LARGEST_BOARD = 40
"""Rows and columns up to which a board is printed."""
LARGEST_TABLE = 64
"""States up to which a table is printed."""
ARROWS = {"up": "↑", "down": "↓", "left": "←", "right": "→"}


@dataclass(frozen=True, eq=False)
class Answer:
    """The values of one policy, beside the optimum.

    Attributes:
        values: (S,) of the policy asked for.
        best: (S, A) the actions to be shown for each state; None for the random policy.
    """

    env: str
    mdp: FiniteMDP
    board: Board | None
    action_names: tuple[str, ...]
    time_limit: int | None
    optimum: Solution
    values: NDArray[np.float64]
    best: NDArray[np.bool_] | None

    @property
    def start_value(self) -> float:
        """The value of the policy, expected over the start distribution."""
        starts = self.mdp.start_states
        return float(self.mdp.start[starts] @ self.values[starts])


def answer(env: str, made: gym.Env[Any, Any], discount: float, *, horizon: int | None, policy: str) -> Answer:
    """Solve an environment, or evaluate the random policy on it.

    Raises:
        UsageError: if the environment shows no model.
        ValueError: if the discount or the horizon is out of range, or the values do not exist.
    """
    base: Any = made.unwrapped
    if not hasattr(base, "model") and not hasattr(base, "P"):
        raise UsageError(f"{env} cannot be solved exactly: it has neither a `model` nor a toy-text table `P`.")
    mdp = FiniteMDP.from_env(made)
    optimum = optimum_of(mdp, discount, horizon=horizon)
    values: NDArray[np.float64] = optimum.values
    best: NDArray[np.bool_] | None = _best_actions(mdp, optimum)
    if policy == "random":
        values, best = evaluate_policy(mdp, random_policy(mdp), discount, horizon=horizon), None
    names = tuple(getattr(base, "action_meanings", ())) or tuple(str(action) for action in range(mdp.n_actions))
    limit = made.spec.max_episode_steps if made.spec else None
    return Answer(env, mdp, board_of(made, mdp), names, limit, optimum, values, best)


def _best_actions(mdp: FiniteMDP, optimum: Solution) -> NDArray[np.bool_]:
    if optimum.discount < 1 or optimum.horizon is not None:
        return optimal_actions(mdp, optimum.q_values)
    # With discount 1 an action that is as good as the best may still go round for ever: show one policy that arrives.
    best: NDArray[np.bool_] = np.eye(mdp.n_actions, dtype=np.bool_)[optimum.policy]
    return best


def as_record(found: Answer) -> dict[str, Any]:
    """Everything, for JSON; impossible actions have the value null."""
    optimum = found.optimum
    record: dict[str, Any] = {
        "env": found.env,
        "discount": optimum.discount,
        "horizon": optimum.horizon,
        "policy_name": "random" if found.best is None else "optimal",
        "start_value": found.start_value,
        "values": found.values,
    }
    if found.best is None:
        return {**record, "distance_from_optimum": optimum.start_value - found.start_value}
    return {
        **record,
        "error_bound": optimum.error_bound,
        "method": optimum.method,
        "rounds": optimum.rounds,
        "q_values": optimum.q_values,
        "policy": optimum.policy,
    }


def as_text(found: Answer) -> str:
    """The answer for people."""
    parts = [_heading(found)]
    board = found.board
    if board is not None and max(board.letters.shape) <= LARGEST_BOARD:
        parts += _grids(found, board)
    elif board is None and found.mdp.n_states <= LARGEST_TABLE:
        parts.append(_table(found))
    else:
        parts.append("Too many states to print here: --json prints every one, --png draws a board.")
    return "\n\n".join([*parts, _summary(found)])


def _heading(found: Answer) -> str:
    optimum, mdp = found.optimum, found.mdp
    actions = "1 action" if mdp.n_actions == 1 else f"{mdp.n_actions} actions"
    text = f"{found.env}: {mdp.n_states} states, {actions}, discount {optimum.discount:g}, "
    if optimum.horizon is not None:
        return f"{text}{optimum.horizon} steps to go"
    text += "no limit on the number of steps"
    if found.time_limit is None:
        return text
    limit = found.time_limit
    return f"{text}\n(the time limit of {limit} steps is not counted; --horizon {limit} counts it)"


def _grids(found: Answer, board: Board) -> list[str]:
    values = board.on_cells(found.values)
    decimals = decimals_for(values[board.shown].ravel().tolist())
    numbers = [
        [fixed(float(value), decimals) if shown else _sign(letter) for value, shown, letter in zip(*row, strict=True)]
        for row in zip(values, board.shown, board.letters, strict=True)
    ]
    whose = "the best policy" if found.best is not None else "the random policy"
    parts = [f"Values (expected discounted reward from each cell, {whose})\n{_indented(grid_text(numbers))}"]
    if found.best is None:
        return parts
    best = board.on_cells(found.best)
    names = [ARROWS[word] for word in board.directions] or [f"{name} " for name in found.action_names]
    signs = [
        [
            "".join(names[action] for action in np.flatnonzero(mask)).rstrip() if shown else _sign(letter)
            for mask, shown, letter in zip(*row, strict=True)
        ]
        for row in zip(best, board.shown, board.letters, strict=True)
    ]
    several = " (several: equally good)" if (best[board.shown].sum(axis=1) > 1).any() else ""
    first = "first moves" if found.optimum.horizon is not None else "moves"
    return [*parts, f"Best {first}{several}\n{_indented(grid_text(signs, separator='  ', align='^'))}"]


def _sign(letter: str) -> str:
    """What stands on a cell; a digit in brackets, lest it be read as a value."""
    return f"({letter})" if letter.isdigit() else letter


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.split("\n"))


def _table(found: Answer) -> str:
    mdp, columns = found.mdp, ["state", "value"]
    if found.best is not None:
        columns += ["best", *(f"Q({name})" for name in found.action_names)]
    rows = [columns]
    for state in range(mdp.n_states):
        row = [str(state), _exact(found.values[state])]
        if mdp.terminal[state]:
            row += ["end"] if found.best is not None else []
        elif found.best is not None:
            row.append(" ".join(found.action_names[action] for action in np.flatnonzero(found.best[state])))
            row += [
                _exact(value) if possible else "–"
                for value, possible in zip(found.optimum.q_values[state], mdp.action_mask[state], strict=True)
            ]
        rows.append(row)
    return _indented(grid_text(rows, separator="   "))


def _summary(found: Answer) -> str:
    optimum = found.optimum
    if found.best is None:
        distance = _exact(optimum.start_value - found.start_value)
        return (
            f"From the start: {_exact(found.start_value)}. The best policy gets {_exact(optimum.start_value)}: "
            f"the random policy's distance from the optimum is {distance}."
        )
    bound = "" if np.isinf(optimum.error_bound) else f", wrong by at most {optimum.error_bound:.1g}"
    return f"From the start: {_exact(optimum.start_value)}{bound} ({optimum.method}, rounds: {optimum.rounds})."


def _exact(value: float) -> str:
    """Ten significant digits, as far as they are not zeros; rounding noise around 0 is 0."""
    return "0" if abs(value) < 5e-15 else f"{value:.10g}"
