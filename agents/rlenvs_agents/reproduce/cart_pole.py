"""Section 5: DQN on CartPole-v1 with this package's own settings."""

from __future__ import annotations

from typing import Any

import gymnasium as gym

from rlenvs_agents.algorithms import algorithm
from rlenvs_agents.callbacks import BestWeights, GreedyEpisodes
from rlenvs_agents.evaluation import evaluate
from rlenvs_agents.presets import preset
from rlenvs_agents.reporting import Snapshot
from rlenvs_agents.reproduce.experiment import TENSORFLOW, Experiment, Finding, Settings, over_seeds
from rlenvs_agents.reproduce.plots import Mark, draw_scores

STEPS = 50_000
"""Of the environment, in training and trials together."""

LOOK = 2_500
"""Training steps from one row of trials to the next."""

TRIALS = 6
"""Greedy episodes of a row, from seeds of their own."""

MOST = 500.0
"""Return of a perfect episode."""

SOLVED = 475.0
"""The environment's own threshold."""


class Trials:
    """Keeps the weights that did best in trials, whose steps count; enough once all went perfectly or none are left.

    Args:
        env: as :class:`GreedyEpisodes` takes it.
    """

    every = LOOK

    def __init__(self, env: gym.Env[Any, Any]) -> None:
        self.judge = GreedyEpisodes(env, TRIALS)
        self.best = BestWeights(LOOK, self.judge)

    def __call__(self, snapshot: Snapshot) -> bool:
        """True when learning is to end."""
        left = STEPS - snapshot.step - self.judge.steps
        if snapshot.step and left >= TRIALS * MOST:
            self.best(snapshot)
        return self.best.best_return >= MOST or left < LOOK


def learned(seed: int) -> dict[str, float]:
    """What one seed comes to: with the weights kept, with the last ones, and the steps it took."""
    env, arena = gym.make("CartPole-v1"), gym.make("CartPole-v1")
    row = algorithm("dqn")
    agent = row.load()(env, row.config(preset("dqn", "CartPole-v1")), seed=seed)
    trials = Trials(env)
    agent.learn(STEPS, trials)
    figures = {"last": evaluate(agent, arena).mean_return}
    trials.best.restore(agent)
    figures["best"] = evaluate(agent, arena).mean_return
    figures |= {"training_steps": agent.num_timesteps, "trial_steps": trials.judge.steps}
    env.close()
    arena.close()
    return figures


def run(settings: Settings) -> Finding:
    """Mean return of 100 episodes with the best weights, one figure per seed; each is to be solved."""
    rows = [learned(seed) for seed in settings.seeds]
    found = {name: [row[name] for row in rows] for name in rows[0]}
    best, steps = found["best"], [a + b for a, b in zip(found["training_steps"], found["trial_steps"], strict=True)]
    solved = sum(mean >= SOLVED for mean in best)
    file = settings.file("cartpole-dqn.png")
    return Finding(
        ours=f"{over_seeds(best, 1)}; solved {solved} of {len(best)}; {min(steps)} to {max(steps)} steps",
        agrees=solved == len(best),
        figures=found,
        pictures=() if file is None else (draw_scores(file, {"dqn": best}, (Mark("solved", SOLVED),), "CartPole-v1"),),
    )


EXPERIMENTS = (
    Experiment(
        id="cartpole-dqn",
        section=5,
        what=f"CartPole-v1: dqn, own settings, best weights by trials, {STEPS} steps in all",
        published="500 (one model of the Zoo)",
        run=run,
        deterministic=False,
        seconds=60,
        needs=TENSORFLOW,
    ),
)
