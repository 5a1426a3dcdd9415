"""Sections 5 and 6: DQN with RL Baselines3 Zoo's settings, beside its table and beside Stable-Baselines3."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np

from rlenvs_agents.evaluation import evaluate
from rlenvs_agents.reproduce.contest import Entry
from rlenvs_agents.reproduce.experiment import SB3, TENSORFLOW, Experiment, Finding, Settings, over_seeds
from rlenvs_agents.reproduce.plots import Mark, draw_scores


@dataclass(frozen=True, kw_only=True)
class Task:
    """A row of the Zoo's table."""

    name: str
    env_id: str
    section: int
    steps: int
    published: float
    seconds: int  # of ours, five seeds
    sb3_seconds: int


TASKS = (
    Task(name="cartpole", env_id="CartPole-v1", section=5, steps=50_000, published=500, seconds=100, sb3_seconds=350),
    Task(
        name="mountain-car", env_id="MountainCar-v0", section=5, steps=120_000, published=-100.8, seconds=320,
        sb3_seconds=850,
    ),
    Task(name="acrobot", env_id="Acrobot-v1", section=5, steps=100_000, published=-76.6, seconds=600, sb3_seconds=1400),
    Task(
        name="lunar-lander", env_id="LunarLander-v3", section=6, steps=100_000, published=154.4, seconds=650,
        sb3_seconds=1400,
    ),
)  # fmt: skip


ZOO, OWN = "zoo", "default"
"""The presets that are compared: the Zoo's settings, and those of this package."""


def run(task: Task, algorithm: str, preset: str, settings: Settings) -> Finding:
    """Mean return of 100 episodes, one figure per seed; ours is to match the table in the mean."""
    entry = Entry(algorithm=algorithm, env_id=task.env_id, steps=task.steps, preset=preset)
    means = entry.measured(settings.seeds, _mean_return)
    ours = algorithm == "dqn"
    file = settings.file(f"{_id(task, algorithm, preset)}.png")
    marks = (Mark("the Zoo's table", task.published),)
    return Finding(
        ours=over_seeds(means, 1) + (f"; goal {task.published:g} in the mean" if ours else ""),
        agrees=float(np.mean(means)) >= task.published if ours else None,
        figures={"mean_return": means},
        pictures=() if file is None else (draw_scores(file, {algorithm: means}, marks, f"{task.env_id}, return"),),
    )


def _mean_return(agent: Any, arena: Any) -> float:
    return evaluate(agent, arena).mean_return


def _id(task: Task, algorithm: str, preset: str) -> str:
    return f"{task.name}-{algorithm}" + ("-zoo" if preset == ZOO else "")


def _row(task: Task, algorithm: str, preset: str) -> Experiment:
    ours = algorithm == "dqn"
    box2d = {"Box2D": "box2d"} if task.env_id.startswith("LunarLander") else {}
    whose = "the Zoo's" if preset == ZOO else "own"
    return Experiment(
        id=_id(task, algorithm, preset),
        section=task.section,
        what=f"{task.env_id}: {algorithm}, {whose} settings, {task.steps} steps",
        published=f"{task.published:g} (one model of the Zoo)",
        run=partial(run, task, algorithm, preset),
        deterministic=False,
        seconds=task.seconds if ours else task.sb3_seconds,
        needs=MappingProxyType({**(TENSORFLOW if ours else SB3), **box2d}),
        on_request=not ours,
    )


EXPERIMENTS = (
    *(_row(task, algorithm, ZOO) for task in TASKS for algorithm in ("dqn", "sb3-dqn")),
    # The rows of the others with own settings have trials, and a module of their own.
    *(_row(task, "dqn", OWN) for task in TASKS if task.name in ("mountain-car", "acrobot")),
)
