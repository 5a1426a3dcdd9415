"""Learning curves as a PNG."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rlenvs_agents.comparison.plan import Plan
from rlenvs_agents.comparison.run import Checkpoint, Run
from rlenvs_agents.comparison.statistics import interval
from rlenvs_agents.comparison.summary import Scale, best_known

# Okabe and Ito's palette: to be told apart with any kind of colour vision.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKS = ("-", "--", "-.", ":")

Figure = Callable[[Checkpoint], float | None]


def draw_curves(path: Path, plan: Plan, runs: Sequence[Run], scale: Scale) -> None:
    """Draw the return over the steps, and beside it the distance from the optimum where it is known."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Canvas

    exact = scale.optimum is not None
    figure = Canvas(figsize=(11 if exact else 7, 4.2), dpi=150, layout="constrained")
    FigureCanvasAgg(figure)
    panels: Any = figure.subplots(1, 2 if exact else 1, squeeze=False)[0]
    _panel(panels[0], plan, runs, lambda c: c.mean_return)
    _levels(panels[0], scale)
    panels[0].set_ylabel("return of the greedy policy (undiscounted)")
    if exact:
        _panel(panels[1], plan, runs, lambda c: c.distance)
        panels[1].set_ylabel(f"distance from the optimum (discount {plan.discount:g})")
        panels[1].axhline(0, color="0.35", linewidth=1, linestyle=(0, (1, 2)))
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=min(len(labels), 6), frameon=False)
    n = len(plan.seeds)
    band = ", band: 95 % bootstrap interval" if n > 1 else ""
    figure.suptitle(f"{plan.env_id}: mean of {n} seed{'s' * (n > 1)}{band}", fontsize=11)
    figure.savefig(path)


def _panel(axes: Any, plan: Plan, runs: Sequence[Run], figure: Figure) -> None:
    for place, name in enumerate(plan.algorithms):
        own = [run for run in runs if run.job.algorithm == name and run.steps > 0]
        if not own:
            continue
        steps = [checkpoint.step for checkpoint in own[0].checkpoints]
        values = np.array(
            [[_number(figure(c)) for c in run.checkpoints] for run in own if len(run.checkpoints) == len(steps)]
        )
        colour = COLOURS[place % len(COLOURS)]
        style = MARKS[place // len(COLOURS) % len(MARKS)]
        for one in values:
            axes.plot(steps, one, color=colour, linewidth=0.6, alpha=0.25)
        axes.plot(steps, values.mean(axis=0), style, color=colour, linewidth=1.8, label=name)
        if len(values) > 1:
            axes.fill_between(steps, *interval(values), color=colour, alpha=0.15, linewidth=0)
    axes.set_xlabel("environment steps")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.set_xlim(0, plan.total_timesteps)
    axes.grid(visible=True, color="0.92")
    axes.set_axisbelow(True)  # matplotlib's signature
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _levels(axes: Any, scale: Scale) -> None:
    if scale.optimum is not None:
        axes.axhline(best_known(scale.optimum), color="0.35", linewidth=1, linestyle=(0, (1, 2)), label="optimum")
    axes.axhline(best_known(scale.random), color="0.35", linewidth=1, linestyle=(0, (6, 3)), label="random")


def _number(value: float | None) -> float:
    return np.nan if value is None else value
