"""The pictures of the experiments."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

DPI = 200
CAPTION = 36
"""Pixels above a board."""
INK, ACCENT, PALE = "#22303c", "#c1440e", "#8fb3d1"


class Mark(NamedTuple):
    """A line across a picture of scores, such as a published figure."""

    name: str
    value: float


def draw_convergence(
    file: Path, sweeps: FloatArray, runs: Sequence[tuple[FloatArray, FloatArray]], exact: float, name: str
) -> Path:
    """One action value over the sweeps of value iteration, beside the same over the steps of Q-learning.

    Args:
        file: the PNG to be written.
        sweeps: the value after 0, 1, 2, … sweeps.
        runs: per seed the steps and the values at them.
        exact: the true value.
        name: of the value, for the axis.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.0, 3.6), layout="constrained")
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2, sharey=True, gridspec_kw={"wspace": 0.1})
    left.plot(np.arange(sweeps.size), sweeps, color=INK, linewidth=2)
    left.set(xlabel="sweeps", ylabel=name, title="Q-value iteration", xlim=(0, sweeps.size - 1))
    for steps, values in runs:
        right.plot(steps, values, color=PALE, linewidth=1)
    mean = np.mean([values for _, values in runs], axis=0)
    right.plot(runs[0][0], mean, color=INK, linewidth=2, label=f"mean of {len(runs)} seeds")
    right.set(xlabel="steps", title="Q-learning", xlim=(0, runs[0][0][-1]))
    for axes in (left, right):
        axes.axhline(exact, color=ACCENT, linestyle="--", linewidth=1.2, label=f"exact: {exact:.4f}")
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(loc="lower right", frameon=False)
    figure.savefig(file, dpi=DPI)
    return file


def draw_board(file: Path, env: gym.Env[Any, Any], q_values: FloatArray, discount: float) -> Path:
    """What was learned on a grid beside what is exact: values as heat maps, and arrows for the best actions.

    Args:
        file: the PNG to be written.
        env: a grid of rlenvs, or one of Gymnasium's toy text.
        q_values: (S, A) that were learned.
        discount: γ of the exact values.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from rlenvs.cli.answer import answer
    from rlenvs.cli.drawing import scene_of
    from rlenvs.rendering import draw

    truth = answer(str(env.spec.id) if env.spec else "", env, discount, horizon=None, policy="optimal")
    best = q_values >= q_values.max(axis=1, keepdims=True)
    learned = dataclasses.replace(truth, values=q_values.max(axis=1), best=best)
    boards = [draw(scene_of(env, entry)) for entry in (learned, truth)]
    height, width = boards[0].shape[:2]
    figure = Figure(figsize=(2 * width / DPI, (height + CAPTION) / DPI), facecolor=boards[0][0, 0] / 255)
    FigureCanvasAgg(figure)
    for place, (board, title) in enumerate(zip(boards, ("learned", "exact"), strict=True)):
        # One pixel of the board is one of the picture.
        axes = figure.add_axes((place / 2, 0.0, 0.5, height / (height + CAPTION)))
        axes.imshow(board, interpolation="none", aspect="auto")
        axes.set_axis_off()
        figure.text(place / 2 + 0.25, 1 - CAPTION / 2 / (height + CAPTION), title, ha="center", va="center", fontsize=6)
    figure.savefig(file, dpi=DPI)
    return file


def draw_scores(file: Path, scores: Mapping[str, Sequence[float]], marks: Sequence[Mark], name: str) -> Path:
    """One dot per seed, a bar at their mean, for each that was measured; lines for what they are held against.

    Args:
        file: the PNG to be written.
        scores: what was measured, by name: one figure per seed.
        marks: lines across.
        name: of the figures, for the axis.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(max(4.0, 1.4 * len(scores) + 1.0), 3.8), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    for place, values in enumerate(scores.values()):
        spread = np.linspace(-0.15, 0.15, len(values)) if len(values) > 1 else np.zeros(1)
        axes.plot(place + spread, values, "o", color=PALE, markeredgecolor=INK, markersize=6, zorder=3)
        axes.hlines(float(np.mean(values)), place - 0.28, place + 0.28, color=INK, linewidth=2, zorder=2)
    for mark, style in zip(marks, ("--", ":", "-.", "-"), strict=False):
        axes.axhline(mark.value, color=ACCENT, linestyle=style, linewidth=1.2, label=f"{mark.name}: {mark.value:g}")
    axes.set(ylabel=name, xticks=range(len(scores)), xticklabels=list(scores), xlim=(-0.6, len(scores) - 0.4))
    axes.grid(alpha=0.25, axis="y")
    axes.spines[["top", "right"]].set_visible(False)
    if marks:
        figure.legend(loc="outside lower center", ncols=len(marks), frameon=False)
    figure.savefig(file, dpi=DPI)
    return file
