"""One page per environment: its docstring under the fixed headings, its ids, its spaces and its exact values."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Any

import gymnasium as gym
import numpy as np

import rlenvs  # noqa: F401  # registers the environments
from docs.generate.markdown import code, first_sentence, number, page, table
from rlenvs.core import FiniteMDP
from rlenvs.planning import expected_hitting_times, solve
from rlenvs.registration import ENTRIES, Entry

DISCOUNTS = (0.9, 0.95, 0.99)
GRID = "rlenvs.envs.grid_world:GridWorld"


def pages() -> dict[str, str]:
    """The pages, and the list of them."""
    points = list(dict.fromkeys(entry.entry_point for entry in ENTRIES))
    found = {f"environments/{_file(point)}.md": _environment(point) for point in points}
    rows = [
        (f"[{_class(point).__name__}]({_file(point)}.md)", first_sentence(_class(point)), _ids(point))
        for point in points
    ]
    found["environments/index.md"] = page(
        "Environments",
        "Each states its rules once; the single environment, the vector environment and the planner read the same "
        "text. `import rlenvs` registers them all.",
        table(("environment", "what it is", "ids"), rows),
    )
    return found


def _file(point: str) -> str:
    return point.partition(":")[0].rpartition(".")[2]


def _class(point: str) -> Any:
    module, _, name = point.partition(":")
    return getattr(import_module(module), name)


def _entries(point: str) -> list[Entry]:
    return [entry for entry in ENTRIES if entry.entry_point == point]


def _ids(point: str) -> str:
    return ", ".join(f"`rlenvs/{entry.name}`" for entry in _entries(point))


def _environment(point: str) -> str:
    cls, name = _class(point), _file(point)
    summary, _, sections = inspect.cleandoc(cls.__doc__).partition("\n")
    return page(
        cls.__name__,
        summary,
        f"![{cls.__name__}, drawn by itself](../pictures/{name}.png) ![{cls.__name__}, played](../pictures/{name}.gif)",
        code(
            f'import gymnasium as gym\nimport rlenvs\n\nenv = gym.make("rlenvs/{_entries(point)[0].name}")\n'
            "observation, info = env.reset(seed=0)"
        ),
        _variants(point),
        _truth(point),
        sections,
        "## See also\n\n"
        f"[All environments](index.md), [playing it by hand](../commands.md#play), "
        f"[the class in the API](../api/rlenvs.envs.{name}.md).",
    )


def _variants(point: str) -> str:
    rows = []
    for entry in _entries(point):
        env = gym.make(f"rlenvs/{entry.name}")
        settings = ", ".join(f"`{key}={value!r}`" for key, value in entry.kwargs.items())
        limit = "none" if entry.max_episode_steps is None else entry.max_episode_steps
        spaces = f"`{env.observation_space}`", f"`{env.action_space}`"
        rows.append((f"`rlenvs/{entry.name}`", *spaces, limit, number(entry.reward_threshold), settings or "defaults"))
        env.close()
    head = ("id", "observation space", "action space", "time limit", "best mean return", "settings")
    return (
        "## Registered ids\n\n"
        + table(head, rows)
        + ("\n\nThe best mean return is undiscounted, within the time limit; it is the `reward_threshold` of the id.")
    )


def _truth(point: str) -> str:
    models = {}
    for entry in _entries(point):
        env = gym.make(f"rlenvs/{entry.name}")
        model = getattr(env.unwrapped, "model", None)
        if isinstance(model, FiniteMDP):
            models[entry.name] = model
        env.close()
    if not models:
        return (
            "## Exact values\n\nThe boards have too many states for a table. What is known exactly is the best return, "
            "rows · columns − 1 on every board with an even side; it stands above."
        )
    starts = [(f"`rlenvs/{name}`", model.n_states, *_start_values(model)) for name, model in models.items()]
    head = ("id", "states", *(f"V\\*(start), γ={discount}" for discount in DISCOUNTS))
    first = next(iter(models))
    parts = [
        "## Exact values",
        "What the best policy is worth, computed from the model by "
        "[`rlenvs.planning.solve`](../api/rlenvs.planning.md) and right to all figures shown:",
        table(head, starts),
        _states(first, models[first], grid=point == GRID),
        code(f"rlenvs solve rlenvs/{first} --discount 0.95", "bash"),
    ]
    return "\n\n".join(parts)


def _start_values(model: FiniteMDP) -> list[str]:
    return [number(solve(model, discount).start_value) for discount in DISCOUNTS]


def _states(name: str, model: FiniteMDP, *, grid: bool) -> str:
    best = solve(model, 0.95)
    if grid:
        return _as_map(name, best.values, best.policy)
    if model.n_actions == 1:
        steps = expected_hitting_times(model)
        rows = [(state, number(best.values[state]), number(steps[state])) for state in range(model.n_states)]
        return f"`rlenvs/{name}`, state by state at γ = 0.95:\n\n" + table(("state", "V", "expected steps"), rows)
    rows = [
        (state, number(best.values[state]), best.policy[state], *(_action(q) for q in best.q_values[state]))
        for state in range(model.n_states)
    ]
    head = ("state", "V\\*", "best action", *(f"Q\\*(s, {action})" for action in range(model.n_actions)))
    return f"`rlenvs/{name}`, state by state at γ = 0.95:\n\n" + table(head, rows)


def _action(value: float) -> str:
    return "not possible" if np.isneginf(value) else number(value)


def _as_map(name: str, values: Any, policy: Any) -> str:
    env: Any = gym.make(f"rlenvs/{name}")
    rows, columns = env.observation_space.shape
    shown = [f"{number(value)} {'↑↓←→'[move]}" for value, move in zip(values, policy, strict=True)]
    cells = [shown[row * columns : (row + 1) * columns] for row in range(rows)]
    cells[-1][-1] = "goal"
    head = ("row", *(f"column {column}" for column in range(columns)))
    text = table(head, [(row, *line) for row, line in enumerate(cells)])
    return f"`rlenvs/{name}`, V\\* and a best move in each cell at γ = 0.95:\n\n" + text
