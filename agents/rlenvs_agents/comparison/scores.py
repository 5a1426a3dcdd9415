"""All environments together: each run scored between the random policy and the best, and algorithms by these scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rlenvs_agents.comparison.plan import Plan
from rlenvs_agents.comparison.run import Checkpoint, Run
from rlenvs_agents.comparison.shared import RANDOM
from rlenvs_agents.comparison.statistics import Mean, improvement_of, iqm_of
from rlenvs_agents.comparison.summary import Scale, best_known
from rlenvs_agents.evaluation import Evaluation

DIGITS = 9
"""Scores that differ only behind them are equal; below is the noise of the arithmetic."""

NOTHING_TO_LEARN = 1e-9
"""Where random and best differ by no more, there is no score."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How an algorithm stands over all environments. A figure is None where it does not exist."""

    name: str
    score: Mean | None  # interquartile mean of the scores of all runs
    better: Mean | None  # chance to be better than the reference; None for the reference itself
    n_runs: int

    def to_json(self) -> dict[str, Any]:
        """As JSON knows it."""
        return asdict(self)


def score_of(evaluation: Evaluation, scale: Scale) -> float | None:
    """0: as the random policy; 1: as the optimum or, where that is not known, the environment's threshold.

    On a finite environment it is the share of the way from the random policy's exact discounted value to the
    optimum's, and never above 1; elsewhere that of mean returns, which can be above 1.
    """
    if evaluation.exact is not None:
        return scaled(distance=evaluation.exact.distance, mean_return=None, scale=scale)
    return scaled(distance=None, mean_return=evaluation.mean_return, scale=scale)


def checkpoint_score(checkpoint: Checkpoint, scale: Scale) -> float | None:
    """The score of a policy in the middle of learning; see :func:`score_of`."""
    return scaled(distance=checkpoint.distance, mean_return=checkpoint.mean_return, scale=scale)


def scaled(*, distance: float | None, mean_return: float | None, scale: Scale) -> float | None:
    """A score out of a distance from the optimum, or of a return where there is no distance."""
    exact = scale.random.exact
    if distance is not None and exact is not None:
        way, left = exact.distance, distance
    elif distance is None and mean_return is not None and scale.threshold is not None and scale.optimum is None:
        way, left = scale.threshold - best_known(scale.random), scale.threshold - mean_return
    else:
        return None
    return None if way <= NOTHING_TO_LEARN else round(1 - left / way, DIGITS)


def quality_of(evaluation: Evaluation) -> float:
    """What decides which of two runs in one environment is better, known or not how good the best is."""
    if evaluation.exact is not None:
        return round(-evaluation.exact.distance, DIGITS)
    return round(evaluation.mean_return, DIGITS)


def standings_of(plan: Plan, runs: Sequence[Run], scales: Mapping[str, Scale]) -> list[Standing]:
    """One per algorithm that was trained, in the order of the plan."""
    names = [name for name in plan.algorithms if name != RANDOM]
    common = common_environments(plan, runs)
    qualities = {name: _qualities(common, runs, name) for name in names}
    return [_standing(plan, runs, {env_id: scales[env_id] for env_id in common}, name, qualities) for name in names]


def common_environments(plan: Plan, runs: Sequence[Run]) -> list[str]:
    """The environments in which every algorithm that has any run at all has one: only there can all be compared."""
    good = {(run.job.env_id, run.job.algorithm) for run in runs if run.evaluation is not None}
    names = {name for _, name in good}
    return [env_id for env_id in plan.env_ids if all((env_id, name) in good for name in names)]


def _standing(
    plan: Plan,
    runs: Sequence[Run],
    scales: Mapping[str, Scale],
    name: str,
    qualities: Mapping[str, list[list[float]]],
) -> Standing:
    own = _by_environment(list(scales), runs, name)
    scores = [
        [score for score in (score_of(evaluation, scales[env_id]) for evaluation in evaluations) if score is not None]
        for env_id, evaluations in own.items()
        if has_score(scales[env_id])
    ]
    other = qualities.get(plan.reference)
    better = None if name == plan.reference or other is None else improvement_of(qualities[name], other)
    return Standing(
        name=name,
        score=iqm_of(scores),
        better=better,
        n_runs=sum(map(len, own.values())),
    )


def has_score(scale: Scale) -> bool:
    """Whether runs can be scored in an environment: something is known to be good, and random is not."""
    return score_of(scale.random, scale) is not None


def _by_environment(env_ids: Sequence[str], runs: Sequence[Run], name: str) -> dict[str, list[Evaluation]]:
    return {
        env_id: [
            run.evaluation
            for run in runs
            if run.job.env_id == env_id and run.job.algorithm == name and run.evaluation is not None
        ]
        for env_id in env_ids
    }


def _qualities(env_ids: Sequence[str], runs: Sequence[Run], name: str) -> list[list[float]]:
    return [[quality_of(e) for e in evaluations] for evaluations in _by_environment(env_ids, runs, name).values()]
