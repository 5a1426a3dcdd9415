"""Train one agent, and leave a folder behind that says everything about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rlenvs_agents.agent import Agent
from rlenvs_agents.algorithms import algorithm
from rlenvs_agents.configs import check_whole, to_plain
from rlenvs_agents.environments import made
from rlenvs_agents.evaluation import Evaluation, Truth, evaluate
from rlenvs_agents.loggers import CsvLogger, figures_of
from rlenvs_agents.presets import preset
from rlenvs_agents.reporting import Every, Progress, Snapshot
from rlenvs_agents.run_folder import AGENT, CONFIG, EVALUATION, PROGRESS, SEEDS, SPEC, VERSIONS, default_folder
from rlenvs_agents.saving import write_json
from rlenvs_agents.seeding import STREAMS
from rlenvs_agents.versions import versions

LINES = 50
"""Lines of progress.csv, about."""


@dataclass(frozen=True, kw_only=True)
class TrainedRun:
    """What came of a training run."""

    path: Path
    agent: Agent[Any]
    evaluation: Evaluation


def train(
    algo: str,
    env_id: str,
    total_timesteps: int,
    *,
    seed: int = 0,
    settings: Mapping[str, Any] | None = None,
    env_kwargs: Mapping[str, Any] | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> TrainedRun:
    """Train one agent on one environment.

    Args:
        algo: name of the algorithm; ``rlenvs_agents.ALGORITHMS`` holds them all.
        env_id: the environment.
        total_timesteps: environment steps.
        seed: everything random follows from it.
        settings: plain settings over those of the preset (:mod:`rlenvs_agents.presets`).
        env_kwargs: keyword arguments of the environment.
        out: the run folder, which must not exist or be empty; None: ``runs/<env>/<algo>/<seed>-<time>``.
        progress: called with (steps done, steps to do).

    Returns:
        The folder, the agent and its evaluation over 100 episodes.

    Raises:
        ValueError: if a name is unknown, or a setting is not allowed.
        FileExistsError: if the folder holds something.
        ImportError: if the algorithm needs what is not installed.
        gymnasium.error.Error: if there is no such environment.
    """
    check_whole("total_timesteps", total_timesteps)
    row = algorithm(algo)
    config = row.config({**preset(algo, env_id), **(settings or {})})
    with made(env_id, env_kwargs) as env, made(env_id, env_kwargs) as arena:
        agent: Agent[Any] = row.load()(env, config, seed=seed)
        folder = _begun(Path(out) if out is not None else default_folder(env_id, algo, seed))
        record = {"algorithm": algo, "env": env_id, "env_kwargs": dict(env_kwargs or {})}
        write_json(folder / CONFIG, {**record, "total_timesteps": total_timesteps, "config": to_plain(config)})
        if env.spec is not None:
            (folder / SPEC).write_text(env.spec.to_json(), encoding="utf-8")
        write_json(folder / SEEDS, {"root": agent.seed, "streams": list(STREAMS)})
        write_json(folder / VERSIONS, versions())
        log = _log_to(CsvLogger(folder / PROGRESS), Truth.of(arena), max(1, total_timesteps // LINES))
        agent.learn(total_timesteps, [log], progress)
        agent.save(folder / AGENT)
        evaluation = evaluate(agent, arena)
        write_json(folder / EVALUATION, evaluation.to_json())
    return TrainedRun(path=folder, agent=agent, evaluation=evaluation)


def _begun(folder: Path) -> Path:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(17, "There is something of that name already; choose another `out`", str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _log_to(logger: CsvLogger, truth: Truth | None, every: int) -> Every:
    def write(snapshot: Snapshot) -> None:
        figures = figures_of(snapshot)
        if truth is not None:
            exact = truth.measure(snapshot.policy, snapshot.policy.discount)
            figures |= {"eval/mean_reward": exact.mean_return, "eval/distance": exact.distance}
        logger.write(snapshot.step, figures)

    return Every(every, write)
