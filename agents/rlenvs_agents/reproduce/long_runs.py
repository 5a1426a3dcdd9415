"""Runs so long that what was done of them must not be lost: in run folders, from which they go on."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from rlenvs_agents.algorithms import algorithm
from rlenvs_agents.configs import to_plain
from rlenvs_agents.presets import whole_preset
from rlenvs_agents.run_folder import AGENT, CONFIG, EVALUATION, RunFolder
from rlenvs_agents.saving import drop_memory, read_json, read_manifest
from rlenvs_agents.training import resume, train


class LongRun(NamedTuple):
    """What is run."""

    algorithm: str
    env_id: str
    preset: str
    steps: int
    seed: int
    settings: Mapping[str, Any]  # over those of the preset
    env_kwargs: Mapping[str, Any]  # likewise


class Learned(NamedTuple):
    """What came of it."""

    score: float  # mean of the games after learning
    training: list[float]  # returns of the last games while it learned, up to 100


def learned(run: LongRun, folder: Path) -> Learned:
    """Make a run in a folder, go on with the one that is there, or read what came of it.

    Args:
        run: what to run.
        folder: of this run alone. It keeps the agent without its replay memory.

    Raises:
        ValueError: if there is another run.
    """
    if (folder / CONFIG).is_file():
        _check_same(run, folder)
        if not (folder / EVALUATION).is_file():
            with _display(run) as progress:
                resume(folder, progress=progress, loggers=[progress], say=_say)
    else:
        with _display(run) as progress:
            train(
                run.algorithm, run.env_id, run.steps, seed=run.seed, preset_name=run.preset, settings=run.settings,
                env_kwargs=run.env_kwargs, out=folder, progress=progress, loggers=[progress],
            )  # fmt: skip
    drop_memory(folder / AGENT)
    told = read_manifest(folder / AGENT)["progress"]["episodes"]["returns"]
    return Learned(float(read_json(folder / EVALUATION)["mean_return"]), list(told))


def _display(run: LongRun) -> Any:
    from rlenvs_agents.display import training_display

    return training_display(f"{run.algorithm} on {run.env_id}, seed {run.seed}")


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


def _check_same(run: LongRun, folder: Path) -> None:
    known = whole_preset(run.algorithm, run.env_id, run.preset).changed(run.settings, run.env_kwargs)
    record = RunFolder.read(folder).record
    wanted = {
        "algorithm": run.algorithm,
        "env": run.env_id,
        "env_kwargs": known.env_kwargs,
        "seed": run.seed,
        "total_timesteps": run.steps,
        "config": algorithm(run.algorithm).config(known.settings),
    }
    other = [name for name, value in wanted.items() if record.get(name) != to_plain(value)]
    if other:
        raise ValueError(
            f"{folder} holds another run (another {', '.join(other)}); choose another `--out`, or move it away."
        )
