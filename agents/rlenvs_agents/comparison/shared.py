"""What the presets of all sides of a comparison must have in common, because there is one of it for all."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from rlenvs_agents.algorithms import algorithm
from rlenvs_agents.evaluation import Scoring
from rlenvs_agents.presets import DEFAULT, whole_preset

DISCOUNT = 0.95
RANDOM = "random"


class Shared(NamedTuple):
    """Discount, environment and evaluation of all runs, unless the caller says otherwise."""

    discount: float = DISCOUNT
    env_kwargs: Mapping[str, Any] = MappingProxyType({})
    scoring: Scoring = Scoring()


def trained(algorithms: Sequence[str]) -> list[str]:
    """Those that there are runs of: not the random policy, and not what is not installed."""
    return [name for name in algorithms if name != RANDOM and not algorithm(name).missing]


def shared_by(env_ids: Sequence[str], algorithms: Sequence[str], preset: str, *, given: Container[str] = ()) -> Shared:
    """What a preset says of the task; the default one says the discount, if it was chosen and is the same for all.

    Args:
        env_ids: the environments.
        algorithms: names of the algorithms; each must have the preset for each environment.
        preset: its name.
        given: what the caller says for all, so that presets may differ in it: names of :class:`Shared`.

    Raises:
        ValueError: if an algorithm has no such preset, or if two of them are for different tasks.
    """
    names = trained(algorithms)
    if preset == DEFAULT:
        return Shared(discount=_agreed(env_ids, names))
    found = {f"{name} on {env_id}": _of(name, env_id, preset) for env_id in env_ids for name in names}
    (first, task), *others = found.items() or [(RANDOM, Shared())]
    for who, other in others:
        for part, mine, theirs in zip(Shared._fields, task, other, strict=True):
            if mine != theirs and part not in given:
                raise ValueError(
                    f"`preset` {preset!r} must mean the same `{part}` for all, got {mine!r} for {first} and "
                    f"{theirs!r} for {who}; compare them one by one{_remedy(part)}."
                )
    return task


def _agreed(env_ids: Sequence[str], names: Sequence[str]) -> float:
    """The discount with which the settings of all were chosen, if it is one and the same, else the usual one."""
    found = {whole_preset(name, env_id).settings.get("discount") for env_id in env_ids for name in names}
    chosen = found.pop() if len(found) == 1 else None
    return DISCOUNT if chosen is None else chosen


def _remedy(part: str) -> str:
    return ", or give `discount` for all" if part == "discount" else ""


def _of(name: str, env_id: str, preset: str) -> Shared:
    known = whole_preset(name, env_id, preset)
    discount = algorithm(name).config(known.settings).discount
    return Shared(discount=discount, env_kwargs=known.env_kwargs, scoring=Scoring(**known.scoring))
