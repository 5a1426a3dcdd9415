"""Sections 5 and 6: DQN with this package's own settings, its best weights found by trials whose steps count.

A deep Q-network can be bad for a while, and then it matters when one stops.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import gymnasium as gym

from rlenvs_agents.algorithms import algorithm
from rlenvs_agents.callbacks import BestWeights, GreedyEpisodes
from rlenvs_agents.evaluation import evaluate
from rlenvs_agents.presets import preset
from rlenvs_agents.reporting import Snapshot
from rlenvs_agents.reproduce import zoo
from rlenvs_agents.reproduce.experiment import TENSORFLOW, Experiment, Finding, Settings, over_seeds
from rlenvs_agents.reproduce.plots import Mark, draw_scores


@dataclass(frozen=True, kw_only=True)
class Task:
    """What is to be learned, and how weights are tried."""

    id: str
    section: int
    env_id: str
    steps: int  # of the environment, in training and trials together
    training: int  # of these, what training gets in any case
    look: int  # training steps from one row of trials to the next
    first: int  # the first row
    trials: int  # greedy episodes of a row, from seeds of their own
    longest: int  # steps of the longest episode
    perfect: float  # a return that cannot be bettered; learning ends with it
    goal: float
    every_seed: bool  # whether each must reach it, or all in the mean
    published: str
    seconds: float


CART_POLE = Task(
    id="cartpole-dqn", section=5, env_id="CartPole-v1", steps=50_000, training=0, look=2500, first=2500, trials=6,
    longest=500, perfect=500, goal=475, every_seed=True, published="500 (one model of the Zoo)", seconds=60,
)  # fmt: skip
_ROW = next(task for task in zoo.TASKS if task.name == "lunar-lander")
# The rate falls at the end, which must not be cut off: so much is left to training.
LUNAR_LANDER = Task(
    id="lunar-lander-dqn", section=_ROW.section, env_id=_ROW.env_id, steps=_ROW.steps, training=85_000, look=5000,
    first=60_000, trials=5, longest=1000, perfect=math.inf, goal=_ROW.published, every_seed=False,
    published=f"{_ROW.published:g} (one model of the Zoo)", seconds=_ROW.seconds,
)  # fmt: skip


class Trials:
    """Keeps the weights that did best in trials, whose steps count; enough once all went perfectly or none are left.

    Args:
        task: the numbers.
        env: as :class:`GreedyEpisodes` takes it.
    """

    def __init__(self, task: Task, env: gym.Env[object, object]) -> None:
        self.every = task.look
        self.task = task
        self.judge = GreedyEpisodes(env, task.trials)
        self.best = BestWeights(task.look, self.judge)

    def __call__(self, snapshot: Snapshot) -> bool:
        """True when learning is to end."""
        task = self.task
        if snapshot.step >= task.first and self._left(snapshot.step) >= task.trials * task.longest:
            self.best(snapshot)
        spent = snapshot.step >= task.training and self._left(snapshot.step) < task.look
        return self.best.best_return >= task.perfect or spent

    def _left(self, step: int) -> int:
        return self.task.steps - max(step, self.task.training) - self.judge.steps


def learned(task: Task, seed: int) -> dict[str, float]:
    """What one seed comes to: with the weights kept, with the last ones, and the steps it took."""
    env, arena = gym.make(task.env_id), gym.make(task.env_id)
    row = algorithm("dqn")
    agent = row.load()(env, row.config(preset("dqn", task.env_id)), seed=seed)
    trials = Trials(task, env)
    agent.learn(task.training or task.steps, trials)
    figures = {"last": evaluate(agent, arena).mean_return}
    trials.best.restore(agent)
    figures["best"] = evaluate(agent, arena).mean_return
    figures |= {"training_steps": agent.num_timesteps, "trial_steps": trials.judge.steps}
    env.close()
    arena.close()
    return figures


def run(task: Task, settings: Settings) -> Finding:
    """Mean return of 100 episodes with the best weights, one figure per seed."""
    rows = [learned(task, seed) for seed in settings.seeds]
    found = {name: [row[name] for row in rows] for name in rows[0]}
    best, steps = found["best"], [a + b for a, b in zip(found["training_steps"], found["trial_steps"], strict=True)]
    good = sum(mean >= task.goal for mean in best)
    file = settings.file(f"{task.id}.png")
    mark = Mark("goal", task.goal)
    return Finding(
        ours=f"{over_seeds(best, 1)}; at least {task.goal:g} in {good} of {len(best)}; "
        f"{min(steps):.0f} to {max(steps):.0f} steps",
        agrees=good == len(best) if task.every_seed else sum(best) / len(best) >= task.goal,
        figures=found,
        pictures=() if file is None else (draw_scores(file, {"dqn": best}, (mark,), task.env_id),),
    )


def _experiment(task: Task) -> Experiment:
    box2d = {"Box2D": "box2d"} if task.env_id.startswith("LunarLander") else {}
    return Experiment(
        id=task.id,
        section=task.section,
        what=f"{task.env_id}: dqn, own settings, best weights by trials, {task.steps} steps in all",
        published=task.published,
        run=partial(run, task),
        deterministic=False,
        seconds=task.seconds,
        needs=MappingProxyType({**TENSORFLOW, **box2d}),
    )


EXPERIMENTS = (_experiment(CART_POLE), _experiment(LUNAR_LANDER))
