"""Sections 5 and 6: policy gradients and imitation."""

from __future__ import annotations

from types import MappingProxyType

import gymnasium as gym
import numpy as np

from rlenvs_agents.evaluation import evaluate
from rlenvs_agents.policy_gradients import (
    BestWeights,
    GreedyEpisodes,
    LearnedBaseline,
    Reinforce,
    ReinforceConfig,
    discounted_returns,
    normalised_returns,
)
from rlenvs_agents.presets import preset
from rlenvs_agents.reproduce.experiment import TENSORFLOW, Experiment, Finding, Settings, over_seeds

RETURNS = "-22 -40 -50"
NORMALISED = "-0.28435071 -0.86597718 -1.18910299 / 1.26665318 1.0727777"
CART_POLE_UPDATES = 150
CART_POLE = ReinforceConfig(discount=0.95, episodes_per_update=10)
CART_POLE_BASELINE = ReinforceConfig(discount=0.95, episodes_per_update=10, baseline=LearnedBaseline())
LUNAR_LANDER_EPISODES = 3200
LOOK = 2000  # environment steps from one look at the recent returns to the next
TRIAL = 25_000  # environment steps from one trial of greedy episodes to the next
IMITATION_UPDATES = 5000
BINARY_CROSS_ENTROPY = 0.094
RECENT = 100  # updates over which the imitation's loss is averaged


def run_returns(settings: Settings) -> Finding:  # noqa: ARG001  # nothing is left to chance
    """Returns of one episode."""
    text = " ".join(f"{value:g}" for value in discounted_returns([10, 0, -50], 0.8))
    return Finding(ours=text, exact=RETURNS, agrees=text == RETURNS)


def run_normalised(settings: Settings) -> Finding:  # noqa: ARG001  # likewise
    """Returns of two episodes, normalised together."""
    episodes = normalised_returns([[10, 0, -50], [10, 20]], 0.8)
    text = " / ".join(" ".join(str(round(float(value), 8)) for value in episode) for episode in episodes)
    return Finding(ours=text, agrees=text == NORMALISED, figures={"returns": [list(entry) for entry in episodes]})


def learned(agent: Reinforce, best: BestWeights, updates: int) -> dict[str, float]:
    """REINFORCE for so many updates: returns of the last update, and of last and best weights in 100 more episodes."""
    agent.learn_updates(updates, best)
    last = float(np.mean(list(agent.episodes.returns)[-agent.config.episodes_per_update :]))
    final = evaluate(agent, agent.env).mean_return
    best.restore(agent)
    figures = {"last_update": last, "final": final, "best": evaluate(agent, agent.env).mean_return}
    return figures | {"steps": agent.num_timesteps, "trial_steps": getattr(best.judge, "steps", 0)}


def _run_cart_pole(config: ReinforceConfig, settings: Settings) -> Finding:
    env = gym.make("CartPole-v1", max_episode_steps=200)
    rows = [learned(Reinforce(env, config, seed=seed), BestWeights(LOOK), CART_POLE_UPDATES) for seed in settings.seeds]
    env.close()
    return _finding(rows, 199, "200")


def _finding(rows: list[dict[str, float]], goal: float, exact: str = "–") -> Finding:
    figures = {name: [row[name] for row in rows] for name in rows[0]}
    return Finding(
        ours=f"last update {over_seeds(figures['last_update'])}; best weights, 100 episodes "
        f"{over_seeds(figures['best'])}; goal {goal:g} in every seed",
        exact=exact,
        agrees=min(figures["best"]) >= goal,
        figures=figures,
    )


def run_cart_pole(settings: Settings) -> Finding:
    """Normalised returns, no baseline, as published."""
    return _run_cart_pole(CART_POLE, settings)


def run_cart_pole_baseline(settings: Settings) -> Finding:
    """The same with a learned baseline."""
    return _run_cart_pole(CART_POLE_BASELINE, settings)


def run_lunar_lander(settings: Settings) -> Finding:
    """3200 episodes; the best weights are those that do best in 16 greedy episodes on seeds of their own."""
    from rlenvs_agents.configs import from_plain

    config = from_plain(ReinforceConfig, preset("reinforce", "LunarLander-v3"))
    rows = []
    for seed in settings.seeds:
        env = gym.make("LunarLander-v3")
        best = BestWeights(TRIAL, GreedyEpisodes(env))
        updates = LUNAR_LANDER_EPISODES // config.episodes_per_update
        rows.append(learned(Reinforce(env, config, seed=seed), best, updates))
        env.close()
    return _finding(rows, 200)


def run_imitation(settings: Settings) -> Finding:
    """50 lanes of CartPole, the leaning policy's actions, a hidden layer of 5 units."""
    from rlenvs_agents.imitation import Imitation
    from rlenvs_agents.policy_search.hand_written import cart_pole_lean

    losses, lasts = [], []
    for seed in settings.seeds:
        env = gym.make("CartPole-v1", max_episode_steps=200)
        agent = Imitation(env, seed=seed, teacher=cart_pole_lean).learn_updates(IMITATION_UPDATES)
        losses.append(float(np.mean(agent.losses[-RECENT:])))
        lasts.append(agent.losses[-1])
        env.close()
    return Finding(
        ours=f"{over_seeds(losses, 3)} over the last {RECENT} iterations",
        # One network's figure, with its three digits: the mean over seeds is compared with it.
        agrees=float(np.mean(losses)) < BINARY_CROSS_ENTROPY + 0.0005,
        figures={"mean_loss": losses, "last_loss": lasts},
    )


EXPERIMENTS = (
    Experiment(
        id="reinforce-returns",
        section=5,
        what="Returns of the rewards 10, 0, -50 at 0.8",
        published=RETURNS,
        run=run_returns,
        deterministic=True,
        seconds=1,
    ),
    Experiment(
        id="reinforce-normalised",
        section=5,
        what="Returns of 10, 0, -50 and of 10, 20 at 0.8, normalised",
        published=NORMALISED,
        run=run_normalised,
        deterministic=True,
        seconds=1,
    ),
    Experiment(
        id="cartpole-imitation",
        section=5,
        what="CartPole: imitation with 5 units, 50 lanes, 5000 iterations (cross-entropy)",
        published="0.094",
        run=run_imitation,
        deterministic=False,
        seconds=50,
        needs=TENSORFLOW,
    ),
    Experiment(
        id="cartpole-reinforce",
        section=5,
        what="CartPole: REINFORCE, 150 iterations × 10 episodes of at most 200 steps",
        published="177.8 and 199.6 at the last iteration",
        run=run_cart_pole,
        deterministic=False,
        seconds=40,
        needs=TENSORFLOW,
    ),
    Experiment(
        id="cartpole-reinforce-baseline",
        section=5,
        what="CartPole: the same with a learned baseline",
        published="–",
        run=run_cart_pole_baseline,
        deterministic=False,
        seconds=40,
        needs=TENSORFLOW,
    ),
    Experiment(
        id="lunar-lander-reinforce",
        section=6,
        what="LunarLander: REINFORCE, 3200 episodes",
        published="134.2",
        run=run_lunar_lander,
        deterministic=False,
        seconds=500,
        needs=MappingProxyType({**TENSORFLOW, "Box2D": "box2d"}),
    ),
)
