"""One published figure: what it is, and how it is computed again."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

SEEDS = 5
"""Seeds over which a stochastic figure is reported unless more are asked for: 0, 1, 2, …"""

CONFIDENCE = 0.95

TENSORFLOW = MappingProxyType({"tensorflow": "agents"})
"""What a row needs that learns with TensorFlow: a module, and the extra that installs it."""

SB3 = MappingProxyType({"torch": "sb3", "stable_baselines3": "sb3"})
"""Likewise, of one that learns with Stable-Baselines3."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an experiment is told."""

    seeds: tuple[int, ...] = tuple(range(SEEDS))  # for stochastic figures
    folder: Path | None = None  # where pictures go; None: draw none

    def file(self, name: str) -> Path | None:
        """Where a picture of that name goes; None where none is wanted."""
        return None if self.folder is None else self.folder / name


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What came out.

    ``agrees`` is, for a deterministic figure, whether it equals the published one digit for digit; for a stochastic
    one, whether every seed reached what ``ours`` names as the goal; None: there is nothing to say.
    """

    ours: str
    exact: str = "–"
    agrees: bool | None = None
    figures: Mapping[str, Any] = field(
        default_factory=dict
    )  # every number behind it, one per seed where there are seeds
    pictures: tuple[Path, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """A row of the table of published figures."""

    id: str
    section: int  # of the reference problems
    what: str
    published: str
    run: Callable[[Settings], Finding]
    deterministic: bool
    seconds: float  # how long it takes, about, with the usual seeds
    needs: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))  # modules, and the extras with them
    on_request: bool = False  # runs only when it is named

    def expected(self, settings: Settings) -> float:
        """How long it takes with these settings, about; seconds."""
        return self.seconds if self.deterministic else self.seconds * len(settings.seeds) / SEEDS

    @property
    def missing(self) -> str:
        """How to install what is missing; empty where nothing is."""
        extras = sorted({extra for module, extra in self.needs.items() if importlib.util.find_spec(module) is None})
        return f'not installed: pip install "rlenvs[{",".join(extras)}]"' if extras else ""


def over_seeds(values: Sequence[float], digits: int = 2) -> str:
    """Mean over seeds with Student's interval at 95 % confidence, as text.

    Args:
        values: one figure per seed.
        digits: digits after the point.
    """
    mean = float(np.mean(values))
    if len(values) < 2:
        return f"{mean:.{digits}f} (1 seed)"
    return f"{mean:.{digits}f} ± {half_width(values):.{digits}f} ({len(values)} seeds)"


def half_width(values: Sequence[float]) -> float:
    """Half the width of Student's interval of the mean, at 95 % confidence."""
    from scipy.stats import t

    spread = float(np.std(values, ddof=1)) / math.sqrt(len(values))
    return spread * float(t.ppf((1 + CONFIDENCE) / 2, len(values) - 1))
