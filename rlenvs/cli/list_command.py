"""`rlenvs list`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated, Any

import gymnasium as gym
import typer

import rlenvs  # noqa: F401  # registers the ids
from rlenvs.cli.output import show_json, show_table


@dataclass(frozen=True)
class Listed:
    """What the list says of one environment."""

    id: str
    summary: str
    settings: dict[str, Any]
    observation_space: str
    action_space: str
    max_episode_steps: int | None
    reward_threshold: float | None


def list_environments(
    *,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON array instead of a table.")] = False,
) -> None:
    """List the environments: what each is, what it shows, what can be done, when it ends, when it counts as solved.

    Examples:
      rlenvs list
      rlenvs list --json
    """
    listed = [_describe(spec) for _, spec in sorted(gym.registry.items()) if spec.namespace == "rlenvs"]
    if json:
        show_json([asdict(entry) for entry in listed])
        return
    columns = ("id", "what it is", "observation", "actions", "time limit", "solved at")
    rows = [
        (
            entry.id,
            "\n".join(filter(None, (entry.summary, _settings(entry.settings)))),
            entry.observation_space,
            entry.action_space,
            _or_dash(entry.max_episode_steps),
            _or_dash(entry.reward_threshold),
        )
        for entry in listed
    ]
    show_table("", columns, rows, right=("time limit", "solved at"))


def _describe(spec: Any) -> Listed:
    env = gym.make(spec.id)
    try:
        return Listed(
            id=spec.id,
            summary=(type(env.unwrapped).__doc__ or "").strip().partition("\n")[0],
            settings=dict(spec.kwargs),
            observation_space=_short(env.observation_space),
            action_space=_short(env.action_space),
            max_episode_steps=spec.max_episode_steps,
            reward_threshold=spec.reward_threshold,
        )
    finally:
        env.close()


def _settings(settings: dict[str, Any]) -> str:
    return ", ".join(f"{key}={value}" for key, value in settings.items())


def _short(space: gym.Space[Any]) -> str:
    """A space in few words; Gymnasium's own text of a Box lists bounds per entry."""
    if isinstance(space, gym.spaces.Box):
        bounds = f"{space.low.min():g} … {space.high.max():g}"
        return f"Box({bounds}, {tuple(space.shape)}, {space.dtype})"
    return str(space)


def _or_dash(number: float | None) -> str:
    return "–" if number is None else f"{number:g}"
