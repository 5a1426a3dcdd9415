"""Section 5: DQN on CartPole-v1 with this package's own settings."""

from __future__ import annotations

from typing import Any

from rlenvs_agents.evaluation import evaluate
from rlenvs_agents.presets import DEFAULT
from rlenvs_agents.reproduce.contest import TENSORFLOW, Entry
from rlenvs_agents.reproduce.experiment import Experiment, Finding, Settings, over_seeds
from rlenvs_agents.reproduce.plots import Mark, draw_scores

STEPS = 50_000
SOLVED = 475.0
"""The environment's own threshold; 500 is the most."""


def run(settings: Settings) -> Finding:
    """Mean return of 100 episodes, one figure per seed; each is to be solved."""
    entry = Entry(algorithm="dqn", env_id="CartPole-v1", steps=STEPS, preset=DEFAULT)
    means = entry.measured(settings.seeds, _mean_return)
    solved = sum(mean >= SOLVED for mean in means)
    file = settings.file("cartpole-dqn.png")
    marks = (Mark("solved", SOLVED),)
    return Finding(
        ours=f"{over_seeds(means, 1)}; solved {solved} of {len(means)}",
        agrees=solved == len(means),
        figures={"mean_return": means},
        pictures=() if file is None else (draw_scores(file, {"dqn": means}, marks, "CartPole-v1, return"),),
    )


def _mean_return(agent: Any, arena: Any) -> float:
    return evaluate(agent, arena).mean_return


EXPERIMENTS = (
    Experiment(
        id="cartpole-dqn",
        section=5,
        what=f"CartPole-v1: dqn, own settings, {STEPS} steps",
        published="500 (one model of the Zoo)",
        run=run,
        deterministic=False,
        seconds=60,
        needs=TENSORFLOW,
    ),
)
