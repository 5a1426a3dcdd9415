"""The table of a comparison, as text: columns, cells, and what each column means."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rlenvs_agents.comparison.plan import Plan
from rlenvs_agents.comparison.run import Run
from rlenvs_agents.comparison.scores import Standing, common_environments
from rlenvs_agents.comparison.shared import RANDOM, trained
from rlenvs_agents.comparison.statistics import CONFIDENCE, METHOD, RESAMPLES, Mean
from rlenvs_agents.comparison.summary import NEAR, OPTIMUM, Line, Scale
from rlenvs_agents.presets import DEFAULT, has_own, preset

DASH = "–"

N_COSTS = 3
"""The last columns of a table tell what learning cost; those before, how good the policies are."""


@dataclass(frozen=True)
class Column:
    """A column: its heading, its cells, and one line that explains it."""

    heading: str
    cell: Callable[[Any], str]
    meaning: str


def decimals(value: float) -> str:
    """A figure with two decimals; no minus zero."""
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return f"{value + 0.0 if abs(value) >= 0.005 else 0.0:,.2f}"


def tenths(value: float) -> str:
    """A figure with one decimal."""
    return f"{value + 0.0 if abs(value) >= 0.05 else 0.0:,.1f}"


def whole(value: float) -> str:
    """A figure without decimals."""
    return f"{value:,.0f}"


def short(value: float) -> str:
    """A large figure without decimals, in thousands from ten thousand on."""
    return f"{value / 1000:,.0f}k" if value >= 9999.5 else whole(value)


def percent(value: float) -> str:
    """A share."""
    return f"{value:.0%}"


def with_interval(mean: Mean | None, form: Callable[[float], str]) -> str:
    """``mean [low…high]``; the interval is left out where it says nothing."""
    if mean is None:
        return DASH
    text = form(mean.mean)
    if mean.low is None or mean.high is None or form(mean.low) == form(mean.high) == text:
        return text
    return f"{text} [{form(mean.low)}…{form(mean.high)}]"


def _cell(field: str, form: Callable[[float], str]) -> Callable[[Line], str]:
    return lambda line: with_interval(getattr(line, field), form)


def _threshold_cell(line: Line) -> str:
    if line.name in (OPTIMUM, RANDOM) or line.n_runs == 0:
        return DASH
    if line.reached == 0:
        return "never"
    text = with_interval(line.threshold_steps, whole)
    return text if line.reached == line.n_runs else f"{text} ({line.reached} of {line.n_runs})"


def columns_of(plan: Plan, lines: Sequence[Line], scale: Scale) -> list[Column]:
    """The columns that have something to say in this comparison."""
    quality = _exact_columns(plan, lines) if scale.optimum is not None else _played_columns(plan)
    return [Column("algorithm", lambda line: line.name, _who(scale)), *quality, *_cost_columns(plan, scale)]


def _who(scale: Scale) -> str:
    best = "optimum: the best policy, computed from the model; " if scale.optimum is not None else ""
    return f"{best}random: chooses any possible action with the same chance"


def _exact_columns(plan: Plan, lines: Sequence[Line]) -> list[Column]:
    columns = [
        Column(
            "distance from optimum",
            _cell("distance", decimals),
            f"what the policy loses: the optimum's expected discounted return (discount {plan.discount:g}) "
            "minus its own; exact; 0 is best",
        ),
        Column(
            "return",
            _cell("mean_return", decimals),
            "expected sum of rewards of an episode, undiscounted; exact; more is better",
        ),
    ]
    if any(line.goal_rate is not None for line in lines):
        columns += [
            Column(
                "goal reached",
                _cell("goal_rate", percent),
                "share of episodes that end as well as the optimum's, within the time limit; exact",
            ),
            Column(
                "steps to the goal", _cell("steps_to_goal", tenths), "mean length of those episodes; fewer is better"
            ),
        ]
    return columns


def _played_columns(plan: Plan) -> list[Column]:
    played = f"mean over {plan.episodes} episodes, the same for all"
    return [
        Column(
            "return",
            _cell("mean_return", decimals),
            f"sum of rewards of an episode, undiscounted; {played}; more is better",
        ),
        Column("episode length", _cell("length", tenths), f"steps until an episode ends; {played}"),
    ]


def _cost_columns(plan: Plan, scale: Scale) -> list[Column]:
    until = "nothing says which return is good enough here"
    if scale.threshold is not None:
        until = (
            f"environment steps until the policy first reached a return of {scale.threshold:.4g} "
            f"({scale.threshold_from}) within {NEAR:.0%} of the way from random; measured every {plan.every:,} "
            "steps; (k of n): only k runs did"
        )
    return [
        Column("steps until threshold", _threshold_cell, until),
        Column(
            "training time, s",
            _cell("seconds", decimals),
            "seconds spent learning, one thread for each run in a process of its own; not the measuring",
        ),
        Column(
            "steps/s", _cell("steps_per_second", short), "environment steps per second of training time; k: thousand"
        ),
    ]


def standing_columns(plan: Plan) -> list[Column]:
    """The columns of the table over all environments."""
    many = len(plan.env_ids) > 1
    where = "all environments in which it is known" if many else "the environment"
    columns = [
        Column("algorithm", lambda standing: standing.name, "those that learned"),
        Column(
            "score (IQM)",
            lambda standing: with_interval(standing.score, decimals),
            "0: as good as the random policy, 1: as the optimum (exact discounted values) or, where that is not "
            f"known, as the threshold (mean returns); interquartile mean over the runs in {where}",
        ),
    ]
    if sum(name != RANDOM for name in plan.algorithms) > 1 and plan.reference != RANDOM:
        columns.append(
            Column(
                f"better than {plan.reference}",
                lambda standing: with_interval(standing.better, percent),
                f"chance that a run is better than one of {plan.reference} in the same environment; equal counts half",
            )
        )
    columns.append(Column("runs", lambda standing: str(standing.n_runs), "those that did not fail"))
    return columns


def standing_note(plan: Plan, standings: Sequence[Standing], runs: Sequence[Run]) -> str:
    """What holds for the table over all environments; empty where it says nothing."""
    common = common_environments(plan, runs)
    left = [env_id for env_id in plan.env_ids if env_id not in common]
    without = f"Without {' and '.join(left)}, where not all of the algorithms have a run. " if left else ""
    if len(plan.seeds) < 2 or all(standing.score is None and standing.better is None for standing in standings):
        return without.strip()
    return (
        f"{without}In brackets: {CONFIDENCE:.0%} percentile bootstrap, {RESAMPLES} resamples, stratified: runs are "
        "drawn anew within each environment (Agarwal et al., 2021)."
    )


def notes_of(plan: Plan) -> list[str]:
    """What holds for the whole table."""
    n = len(plan.seeds)
    settings = "" if plan.preset == DEFAULT else f", with the settings of preset {plan.preset}"
    straying = f", but that an action is random with probability {plan.epsilon:g}" if plan.epsilon else ""
    notes = [
        f"Every agent was given {plan.total_timesteps:,} steps in {' and '.join(plan.env_ids)} with each of {n} "
        f"seed{'s' * (n > 1)} ({', '.join(map(str, plan.seeds))}) and a discount of {plan.discount:g}{settings}; "
        f"what is measured is its policy without exploration{straying}."
    ]
    if plan.preset == DEFAULT:
        notes += [note for env_id in plan.env_ids for note in (*_unequal(plan, env_id), *_discounted(plan, env_id))]
    if n > 1:
        notes.append(
            f"Figures are means over the {n} seeds, or those whose runs did not fail; in brackets: {METHOD}; none "
            "where all seeds agree."
        )
    return notes


def _unequal(plan: Plan, env_id: str) -> list[str]:
    """A note where only some of the algorithms have settings that were chosen for the environment."""
    names = [name for name in plan.algorithms if name != RANDOM]
    own = [name for name in names if has_own(name, env_id)]
    others = [name for name in names if name not in own]
    if not own or not others:
        return []
    return [
        f"The default settings of {' and '.join(own)} were chosen for {env_id}, those of {' and '.join(others)} for no "
        "environment in particular; `--preset zoo`, where there is one, gives both sides the same."
    ]


def _discounted(plan: Plan, env_id: str) -> list[str]:
    """A note where default settings were chosen for the environment with another discount."""
    chosen = {name: preset(name, env_id).get("discount", plan.discount) for name in trained(plan.algorithms)}
    other = [f"{name} ({d:g})" for name, d in chosen.items() if has_own(name, env_id) and d != plan.discount]
    if not other:
        return []
    return [
        f"In {env_id} the default settings of {' and '.join(other)} were chosen with another discount than the "
        f"{plan.discount:g} that all have here; `--discount` gives all another one."
    ]
