"""Pictures of a training run: how it learned, what it learned, and one episode of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np

from rlenvs_agents.agent import Agent
from rlenvs_agents.environments import make
from rlenvs_agents.evaluation.evaluate import actor_of
from rlenvs_agents.evaluation.values import MAX_ERROR, MEAN_ERROR
from rlenvs_agents.loggers import STEP, read_lines
from rlenvs_agents.run_folder import PROGRESS, RunFolder

CURVES, VALUES, EPISODE = "curves.png", "values.png", "episode.gif"

MOST_FRAMES = 300
"""Where the film of an episode ends."""

LARGEST_BOARD = 2500
"""States up to which values are drawn."""

SLOWEST = 3.0
"""Frames per second of a film of an environment that does not say its own."""

INK, ACCENT = "#0072B2", "#D55E00"


def draw_run(path: str | Path, agent: Agent[Any]) -> list[Path]:
    """Draw learning curves, the learned values of a finite environment beside the exact ones, and film an episode.

    What cannot be drawn (no picture of the environment, no matplotlib, no action values) is left out.

    Args:
        path: the run folder; the pictures are written into it.
        agent: what was trained.

    Returns:
        The files.

    Raises:
        FileNotFoundError: if there is no run.
    """
    folder = RunFolder.read(path)
    found = [draw_curves(folder.path / CURVES, folder), draw_values(folder.path / VALUES, folder, agent)]
    return [file for file in (*found, film(folder.path / EPISODE, folder, agent)) if file is not None]


def draw_curves(file: Path, folder: RunFolder) -> Path | None:
    """The return over the steps, and beside it the errors of the action values where they were measured."""
    lines = read_lines(folder.path / PROGRESS)
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        return None
    errors = {label: _points(lines, name) for label, name in (("largest", MAX_ERROR), ("mean", MEAN_ERROR))}
    measured = any(errors.values())
    figure = Figure(figsize=(10 if measured else 6, 3.8), dpi=130, layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(1, 2 if measured else 1, squeeze=False)[0]
    for name, label, colour in (
        ("rollout/ep_rew_mean", "while learning, last 100 episodes", INK),
        ("eval/mean_reward", "best actions", ACCENT),
    ):
        if points := _points(lines, name):
            panels[0].plot(*zip(*points, strict=True), color=colour, label=label)
            panels[0].legend(loc="lower right", frameon=False)
    panels[0].set_ylabel("return")
    if measured:
        for (label, points), colour in zip(errors.items(), (INK, ACCENT), strict=True):
            panels[1].plot(*zip(*points, strict=True), color=colour, label=label)
        panels[1].set_ylabel("|Q − Q*| over states and actions")
        panels[1].set_ylim(bottom=0)
        panels[1].legend(loc="upper right", frameon=False)
    for axes in panels:
        axes.set_xlabel("environment steps")
        axes.locator_params(axis="x", nbins=5)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axes.grid(visible=True, color="0.92")
        axes.spines[["top", "right"]].set_visible(False)
    figure.suptitle(f"{folder.algorithm} on {folder.env_id}", fontsize=11)
    figure.savefig(file)
    return file


def draw_values(file: Path, folder: RunFolder, agent: Agent[Any]) -> Path | None:
    """Learned values and best actions beside the exact ones, as heat maps with arrows."""
    from rlenvs_agents.evaluation import Truth

    if not hasattr(agent, "q_values"):
        return None
    env = folder.make_env()
    try:
        truth = Truth.of(env)
        if truth is None or truth.mdp.n_states > LARGEST_BOARD:
            return None
        from rlenvs_agents.reproduce.plots import draw_board

        values = np.where(truth.mdp.action_mask, agent.q_values(truth.observations), -np.inf)
        return draw_board(file, env, values, agent.discount)
    except (ImportError, ValueError):  # no matplotlib, or nothing of it can be drawn
        return None
    finally:
        env.close()


def film(file: Path, folder: RunFolder, agent: Agent[Any], *, seed: int = 0) -> Path | None:
    """One episode without exploration, as a GIF; None where the environment has no picture."""
    try:
        env = make(folder.env_id, {**folder.score_kwargs, "render_mode": "rgb_array"})
    except (gym.error.Error, ImportError, ValueError):
        return None
    try:
        if env.render_mode != "rgb_array":
            return None
        frames = _frames(env, agent, seed)
        fps = float(env.metadata.get("render_fps") or SLOWEST)
    finally:
        env.close()
    _write_film(file, frames, fps)
    return file


def _frames(env: gym.Env[Any, Any], agent: Agent[Any], seed: int) -> list[Any]:
    act = actor_of(agent)
    observation, info = env.reset(seed=seed)
    frames, over = [env.render()], False
    while not over and len(frames) < MOST_FRAMES:
        observation, _, terminated, truncated, info = env.step(act(observation, info))
        frames.append(env.render())
        over = terminated or truncated
    return frames


def _write_film(file: Path, frames: Sequence[Any], fps: float) -> None:
    from PIL import Image

    first, *others = (Image.fromarray(np.asarray(frame, dtype=np.uint8)) for frame in frames)
    first.save(file, save_all=True, append_images=others, duration=max(20, round(1000 / fps)), loop=0)


def _points(lines: Sequence[dict[str, float | None]], name: str) -> list[tuple[float, float]]:
    pairs = ((line[STEP], line.get(name)) for line in lines)
    return [(step, value) for step, value in pairs if step is not None and value is not None]
