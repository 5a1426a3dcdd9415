"""Pictures of a training run: how it learned, what it learned, and one episode of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gymnasium as gym
import numpy as np

from rlenvs.wrappers.chains import CHAIN
from rlenvs_agents.agent import Agent
from rlenvs_agents.environments import make
from rlenvs_agents.evaluation.evaluate import Actor, player_of
from rlenvs_agents.evaluation.values import MAX_ERROR, MEAN_ERROR
from rlenvs_agents.loggers import STEP, read_lines
from rlenvs_agents.run_folder import EVALUATION, PROGRESS, RunFolder
from rlenvs_agents.saving import read_json

if TYPE_CHECKING:
    from PIL import Image

CURVES, VALUES, EPISODE = "curves.png", "values.png", "episode.gif"

MOST_PIXELS = 120_000_000
"""Where the film of an episode ends: 500 pictures of CartPole-v1, 3500 of an Atari game, a byte for each pixel."""

LARGEST_BOARD = 2500
"""States up to which values are drawn."""

SLOWEST = 3.0
"""Frames per second of a film of an environment that does not say its own."""

INK, ACCENT = "#0072B2", "#D55E00"

ABOVE: dict[str, Any] = {
    "loc": "lower left", "bbox_to_anchor": (0, 1), "ncols": 2, "frameon": False, "fontsize": 9, "borderaxespad": 0.2,
}  # fmt: skip
"""Where a legend covers nothing."""


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
        ("rollout/ep_rew_mean", f"while learning, last 100 {_unit(folder)}", INK),
        ("eval/mean_reward", f"best actions{_straying(folder)}", ACCENT),
    ):
        if points := _points(lines, name):
            panels[0].plot(*zip(*points, strict=True), color=colour, label=label)
    _mark_score(panels[0], folder, lines)
    panels[0].set_ylabel("return")
    if measured:
        for (label, points), colour in zip(errors.items(), (INK, ACCENT), strict=True):
            panels[1].plot(*zip(*points, strict=True), color=colour, label=label)
        panels[1].set_ylabel("|Q − Q*| over states and actions")
        panels[1].set_ylim(bottom=0)
        panels[1].legend(**ABOVE)
    for axes in panels:
        axes.set_xlabel("environment steps")
        axes.locator_params(axis="x", nbins=5)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axes.grid(visible=True, color="0.92")
        axes.spines[["top", "right"]].set_visible(False)
    figure.suptitle(f"{folder.algorithm} on {folder.env_id}", fontsize=11)
    figure.savefig(file)
    return file


def _mark_score(axes: Any, folder: RunFolder, lines: Sequence[dict[str, float | None]]) -> None:
    """Mark the score after learning at the last step."""
    if lines and (folder.path / EVALUATION).is_file():
        record = read_json(folder.path / EVALUATION)
        label = f"score, {record['episodes']} {_unit(folder)}{_straying(folder)}"
        axes.plot([lines[-1][STEP]], [record["mean_return"]], "o", color=ACCENT, label=label, clip_on=False)
    if axes.lines:
        axes.legend(**ABOVE)


def _unit(folder: RunFolder) -> str:
    return "games" if CHAIN in folder.env_kwargs else "episodes"


def _straying(folder: RunFolder) -> str:
    epsilon = folder.scoring.epsilon
    return f", ε {epsilon:g}" if epsilon else ""


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
    """The first episode that scores are measured by, as a GIF; None where the environment has no picture.

    A very long one is cut off; see :data:`MOST_PIXELS`.
    """
    try:
        env = make(folder.env_id, {**folder.score_kwargs, "render_mode": "rgb_array"})
    except (gym.error.Error, ImportError, ValueError):
        return None
    try:
        if env.render_mode != "rgb_array":
            return None
        frames = _frames(env, player_of(agent, env, seed, folder.scoring.epsilon), seed)
        fps = float(env.metadata.get("render_fps") or SLOWEST)
    except (gym.error.Error, ImportError):  # what draws is missing, which is noticed now
        return None
    finally:
        env.close()
    first, *others = frames
    first.save(file, save_all=True, append_images=others, duration=max(20, round(1000 / fps)), loop=0)
    return file


def _frames(env: gym.Env[Any, Any], act: Actor, seed: int) -> list[Image.Image]:
    observation, info = env.reset(seed=seed)
    frames, over, left = [_drawn(env)], False, MOST_PIXELS
    while not over and left > 0:
        observation, _, terminated, truncated, info = env.step(act(observation, info))
        frames.append(_drawn(env))
        over, left = terminated or truncated, left - frames[-1].width * frames[-1].height
    return frames


def _drawn(env: gym.Env[Any, Any]) -> Image.Image:
    """The picture in 256 colours of its own: all that a GIF can hold, in a third of the memory."""
    from PIL import Image

    return Image.fromarray(np.asarray(env.render(), dtype=np.uint8)).convert("P", palette=Image.Palette.ADAPTIVE)


def _points(lines: Sequence[dict[str, float | None]], name: str) -> list[tuple[float, float]]:
    pairs = ((line[STEP], line.get(name)) for line in lines)
    return [(step, value) for step, value in pairs if step is not None and value is not None]
