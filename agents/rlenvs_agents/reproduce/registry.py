"""The table of published figures, gathered from the modules that know how to compute them."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType

from rlenvs_agents.reproduce.experiment import Experiment

# Each has EXPERIMENTS, a tuple of Experiment, and is light to import: what is heavy is imported by `run`.
MODULES = (
    "rlenvs_agents.reproduce.finite",
    "rlenvs_agents.reproduce.chain",
    "rlenvs_agents.reproduce.optimal",
    "rlenvs_agents.reproduce.settling",
    "rlenvs_agents.reproduce.hand_written",
    "rlenvs_agents.reproduce.discretised",
    "rlenvs_agents.reproduce.search",
    "rlenvs_agents.reproduce.gradients",
    "rlenvs_agents.reproduce.textbook",
    "rlenvs_agents.reproduce.trials",
    "rlenvs_agents.reproduce.zoo",
    "rlenvs_agents.reproduce.snake",
    "rlenvs_agents.reproduce.exact_networks",
    "rlenvs_agents.reproduce.atari",
    "rlenvs_agents.reproduce.memory",
)


@cache
def experiments() -> Mapping[str, Experiment]:
    """Every experiment by its id, in the order of the sections."""
    found = [entry for module in MODULES for entry in importlib.import_module(module).EXPERIMENTS]
    found.sort(key=lambda entry: entry.section)
    return MappingProxyType({entry.id: entry for entry in found})


def chosen(ids: Sequence[str]) -> list[Experiment]:
    """The experiments of these ids; all of them, if none is named.

    Raises:
        ValueError: if there is none of that id; suggests the nearest.
    """
    known = experiments()
    for name in ids:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"Did you mean {near[0]!r}?" if near else "`rlenvs reproduce --list` shows them."
            raise ValueError(f"There is no experiment {name!r}. {hint}")
    return [known[name] for name in dict.fromkeys(ids)] if ids else list(known.values())
