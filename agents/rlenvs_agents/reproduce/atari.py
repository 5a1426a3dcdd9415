"""Section 7: Breakout, Pong and Space Invaders from pixels.

Each row takes hours. Every seed is a run in the folder of the results: one that was stopped goes on, one that is there
is not made again.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

import numpy as np

from rlenvs_agents.presets import whole_preset
from rlenvs_agents.reproduce.experiment import SB3, TENSORFLOW, Experiment, Finding, Settings, over_seeds
from rlenvs_agents.reproduce.long_runs import Learned, LongRun, learned

LAST = 10
"""Training games that the published figure is the mean of."""

STEPS = 200_000
BOOK_STEPS = 220_000  # of which 20 000 are random
BOOK = 7.8
SECONDS = 2000.0  # of a run of so many steps


@dataclass(frozen=True, kw_only=True)
class Row:
    """One agent on one game; ``goal`` is for the mean of 30 whole games, over seeds."""

    id: str
    algorithm: str
    env_id: str
    preset: str
    steps: int = STEPS
    goal: float | None = None
    published: str = "–"
    settings: Mapping[str, Any] = field(default_factory=dict)  # over those of the preset
    env_kwargs: Mapping[str, Any] = field(default_factory=dict)  # likewise
    first_seed: int = 0


_BREAKOUT = "ALE/Breakout-v5"
_RMSPROP = {"optimiser": whole_preset("dqn", _BREAKOUT, "book-breakout").settings["optimiser"]}
_FALLING = {"kind": "linear", "start": 2.5e-4, "end": 0.0, "fraction": 0.5, "late": True}
ROWS = (
    Row(
        id="breakout-dqn-book", algorithm="dqn", env_id="BreakoutNoFrameskip-v4", preset="book-breakout",
        steps=BOOK_STEPS, published="7.8 (last 10 training games, one run)",
    ),
    Row(
        id="breakout-dqn", algorithm="dqn", env_id=_BREAKOUT, preset="atari", goal=2 * BOOK,
        published="7.8 (the textbook's settings, no sticky actions)",
    ),
    Row(
        id="breakout-dqn-five-steps", algorithm="dqn", env_id=_BREAKOUT, preset="atari", settings={"steps": 5},
    ),
    Row(id="breakout-dqn-rmsprop", algorithm="dqn", env_id=_BREAKOUT, preset="atari", settings=_RMSPROP),
    Row(
        id="breakout-dqn-falling-rate", algorithm="dqn", env_id=_BREAKOUT, preset="atari",
        settings={**_RMSPROP, "bootstrap": "max", "learning_rate": _FALLING},
    ),
    Row(id="breakout-sb3-dqn-zoo", algorithm="sb3-dqn", env_id=_BREAKOUT, preset="zoo"),
    Row(id="breakout-sb3-dqn", algorithm="sb3-dqn", env_id=_BREAKOUT, preset="atari"),
    Row(id="pong-dqn", algorithm="dqn", env_id="ALE/Pong-v5", preset="atari", goal=-15),
    Row(id="space-invaders-dqn", algorithm="dqn", env_id="ALE/SpaceInvaders-v5", preset="atari", goal=300),
)  # fmt: skip


SHORT = 50_000
"""Steps of a run that tells what one of the settings adds."""
TUNING = 100
"""The first seed of such runs: settings are not chosen on the seeds that results are told of."""

ABLATIONS: Mapping[str, Mapping[str, Any]] = {
    "as-it-is": {},
    "one-step": {"steps": 1},
    "five-steps": {"steps": 5},
    "ten-steps": {"steps": 10},
    "no-double": {"bootstrap": "max"},
    "no-dueling": {"head": "plain"},
    "prioritised": {"replay": {"kind": "prioritised"}},
    "twice-the-updates": {"train_every_steps": 2, "target": {"kind": "hard", "every_updates": 1000}},
    "slower": {"learning_rate": 1e-4},
    "explores-longer": {"exploration": {"kind": "linear", "start": 1.0, "end": 0.01, "fraction": 0.5}},
    "rmsprop": _RMSPROP,
    "float32": {"precision": "float32"},
    "he": {"initial_weights": "he"},
}
"""Each differs from the preset ``atari`` in one thing."""

TASKS: Mapping[str, Mapping[str, Any]] = {
    "whole-games": {"life_loss_ends": False},
    "raw-rewards": {"clip_reward": False},
}
"""Each differs from what the preset ``atari`` learns in, in one thing."""

_ablated = partial(Row, algorithm="dqn", env_id=_BREAKOUT, preset="atari", steps=SHORT, first_seed=TUNING)
ABLATED = (
    *(_ablated(id=f"breakout-50k-{name}", settings=settings) for name, settings in ABLATIONS.items()),
    *(_ablated(id=f"breakout-50k-{name}", env_kwargs=arguments) for name, arguments in TASKS.items()),
)


def run(row: Row, settings: Settings) -> Finding:
    """Whole games of the trained agent, and the last ones that it played while it learned."""
    with contextlib.ExitStack() as stack:
        folder = settings.folder or Path(stack.enter_context(TemporaryDirectory()))
        found = [_learned(row, row.first_seed + seed, folder) for seed in settings.seeds]
    scores, last = [each.score for each in found], [float(np.mean(each.training[-LAST:])) for each in found]
    text = f"{over_seeds(scores, 1)} in 30 games; last {LAST} training games {over_seeds(last, 1)}"
    return Finding(
        ours=text if row.goal is None else f"{text}; goal {row.goal:g} in every seed",
        agrees=None if row.goal is None else min(scores) >= row.goal,
        figures={"mean_return": scores, "last_training_games": last},
    )


def _learned(row: Row, seed: int, folder: Path) -> Learned:
    run = LongRun(row.algorithm, row.env_id, row.preset, row.steps, seed, row.settings, row.env_kwargs)
    return learned(run, folder / f"{row.id}-{seed}")


def _experiment(row: Row) -> Experiment:
    library = TENSORFLOW if row.algorithm == "dqn" else SB3
    return Experiment(
        id=row.id,
        section=7,
        what=f"{row.env_id}: {row.algorithm}, preset {row.preset}{_besides(row)}, {row.steps} steps",
        published=row.published,
        run=partial(run, row),
        deterministic=False,
        seconds=5 * SECONDS * row.steps / STEPS,
        needs=MappingProxyType({**library, "ale_py": "atari", "cv2": "atari"}),
        on_request=True,
    )


def _besides(row: Row) -> str:
    changed = {**row.settings, **row.env_kwargs}
    return f" but {json.dumps(changed)}" if changed else ""


EXPERIMENTS = tuple(_experiment(row) for row in (*ROWS, *ABLATED))
