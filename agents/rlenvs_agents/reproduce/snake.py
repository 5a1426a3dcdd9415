"""Section 4: Snake after 500 000 steps, seen as planes: mean food of DQN, and of Stable-Baselines3's DQN and PPO."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from rlenvs_agents.evaluation.evaluate import actor_of
from rlenvs_agents.reproduce.contest import Entry
from rlenvs_agents.reproduce.experiment import SB3, TENSORFLOW, Experiment, Finding, Settings, over_seeds
from rlenvs_agents.reproduce.plots import Mark, draw_scores

STEPS = 500_000
EPISODES = 100
FIRST_SEED = 10_000
BOARDS = {"6x6": ("rlenvs/Snake6x6-v0", 35), "10x10": ("rlenvs/Snake-v0", 99)}
SIDES = {"dqn": (TENSORFLOW, 900), "sb3-dqn": (SB3, 2000), "sb3-ppo": (SB3, 2500)}


def mean_food(agent: Any, arena: Any) -> float:
    """Mean food over 100 episodes of best actions."""
    act = actor_of(agent)
    eaten = []
    for seed in range(FIRST_SEED, FIRST_SEED + EPISODES):
        observation, info = arena.reset(seed=seed)
        over = False
        while not over:
            observation, _, terminated, truncated, info = arena.step(act(observation, info))
            over = terminated or truncated
        eaten.append(info["score"])
    return float(np.mean(eaten))


def run(board: str, algorithm: str, settings: Settings) -> Finding:
    """One figure per seed."""
    env_id, most = BOARDS[board]
    entry = Entry(algorithm=algorithm, env_id=env_id, steps=STEPS, preset="planes")
    food = entry.measured(settings.seeds, mean_food)
    file = settings.file(f"snake-{board}-{algorithm}.png")
    drawn = () if file is None else (draw_scores(file, {algorithm: food}, (Mark("full board", most),), "mean food"),)
    return Finding(ours=over_seeds(food), exact=f"{most} at most", figures={"food": food}, pictures=drawn)


EXPERIMENTS = tuple(
    Experiment(
        id=f"snake-{board}-{algorithm}",
        section=4,
        what=f"Snake {board.replace('x', '×')}: {algorithm} after 500 000 steps, food of 100 episodes",
        published="–",
        run=partial(run, board, algorithm),
        deterministic=False,
        seconds=seconds,
        needs=needs,
        on_request=True,
    )
    for board in BOARDS
    for algorithm, (needs, seconds) in SIDES.items()
)
