"""Section 5: the textbook's deep Q-networks on CartPole, within 600 episodes of at most 200 steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import gymnasium as gym

from rlenvs_agents.callbacks import BestWeights, GreedyEpisodes
from rlenvs_agents.configs import from_plain
from rlenvs_agents.dqn.config import DQNConfig, HardTarget
from rlenvs_agents.evaluation import evaluate
from rlenvs_agents.presets import preset
from rlenvs_agents.reproduce.experiment import TENSORFLOW, Experiment, Finding, Settings, over_seeds
from rlenvs_agents.reproduce.plots import Mark, draw_scores

if TYPE_CHECKING:
    from rlenvs_agents.reporting import Snapshot

STEPS = 200
GOAL = 195
PUBLISHED = "last scores 55 to 200"
LOOK = 1000  # environment steps from one trial to the next
TRIALS = 20  # greedy episodes in a trial: they count among the 600

VARIANTS = ("vanilla", "fixed-hard", "fixed-soft", "double", "dueling")
FREE = {
    name: from_plain(DQNConfig, preset("dqn", "CartPole-v1", f"book-{name}") | {"exploration": 1.0})
    for name in VARIANTS
}
"""One update per step after the first 500; ε falls by episodes here."""

_COPIED, _COPIED_OFTEN = HardTarget(500), HardTarget(50)  # updates from one copy of the target to the next
# Network, discount, memory, batch and loss are the same. The rate is not told there.
AS_PUBLISHED = {
    name: replace(
        config,
        learning_rate=0.01,
        learning_starts=0,
        target=_COPIED_OFTEN if config.target == _COPIED else config.target,
    )
    for name, config in FREE.items()
}
"""One update per episode."""


class Trials:
    """Best weights by greedy episodes, which count among those of the budget; enough once all of them are perfect.

    Args:
        env: as :class:`GreedyEpisodes` takes it.
        episodes: the budget, over training and trials.
    """

    every = 1

    def __init__(self, env: gym.Env[Any, Any], episodes: int) -> None:
        self.best = BestWeights(LOOK, GreedyEpisodes(env, TRIALS))
        self.episodes = episodes
        self.tried = 0

    def __call__(self, snapshot: Snapshot) -> bool:
        """True when all trials went perfectly, or no episode is left."""
        left = self.episodes - self.tried - snapshot.n_episodes
        if snapshot.step and snapshot.step % LOOK == 0 and left >= TRIALS:
            self.best(snapshot)
            self.tried += TRIALS
        return self.best.best_return >= STEPS or left <= 0


def as_published(config: DQNConfig, seed: int) -> dict[str, float]:
    """600 episodes with one update each: the score of the last, and of last and kept weights in 100 more episodes."""
    from rlenvs_agents.reproduce.episodic import EPISODES, EndOfEpisodes, OncePerEpisodeDQN

    env = gym.make("CartPole-v1", max_episode_steps=STEPS)
    agent = OncePerEpisodeDQN(env, config, seed=seed)
    agent.learn(EPISODES * STEPS, EndOfEpisodes())
    figures = {"last_score": float(agent.episodes.lengths[-1]), "final": evaluate(agent, env).mean_return}
    agent.weights = agent.kept
    figures["best"] = evaluate(agent, env).mean_return
    env.close()
    return figures | _spent(agent, 0)


def freely(config: DQNConfig, seed: int) -> dict[str, float]:
    """At most 600 episodes, trials among them: last and best weights in 100 more episodes."""
    from rlenvs_agents.reproduce.episodic import EPISODES, EpisodicDQN

    env = gym.make("CartPole-v1", max_episode_steps=STEPS)
    agent = EpisodicDQN(env, config, seed=seed)
    trials = Trials(env, EPISODES)
    agent.learn(EPISODES * STEPS, trials)
    figures = {"final": evaluate(agent, env).mean_return}
    trials.best.restore(agent)
    figures["best"] = evaluate(agent, env).mean_return
    env.close()
    return figures | _spent(agent, trials.tried)


def _spent(agent: Any, tried: int) -> dict[str, float]:
    return {
        "updates": agent.updates,
        "episodes": agent.episodes.count,
        "trial_episodes": tried,
        "steps": agent.num_timesteps,
    }


def _learned(run: Any, configs: Mapping[str, DQNConfig], settings: Settings) -> dict[str, dict[str, list[float]]]:
    found = {}
    for name, config in configs.items():
        rows = [run(config, seed) for seed in settings.seeds]
        found[name] = {figure: [row[figure] for row in rows] for figure in rows[0]}
    return found


def run_as_published(settings: Settings) -> Finding:
    """The settings as they are."""
    found = _learned(as_published, AS_PUBLISHED, settings)
    scores = [score for figures in found.values() for score in figures["last_score"]]
    updates = {int(count) for figures in found.values() for count in figures["updates"]}
    return Finding(
        ours=f"last scores {min(scores):g} to {max(scores):g}; kept weights, 100 episodes: "
        + "; ".join(f"{name} {over_seeds(figures['best'], 1)}" for name, figures in found.items())
        + f"; {max(updates)} updates",
        exact="200",
        figures=found,
        pictures=_pictures("cartpole-dqn-as-published.png", found, "last_score", settings),
    )


def run_free(settings: Settings) -> Finding:
    """As many updates as it takes; their number is told."""
    found = _learned(freely, FREE, settings)
    n = len(settings.seeds)
    reached = {name: sum(score >= GOAL for score in figures["best"]) for name, figures in found.items()}
    updates = [count for figures in found.values() for count in figures["updates"]]
    episodes = [
        a + b for figures in found.values() for a, b in zip(figures["episodes"], figures["trial_episodes"], strict=True)
    ]
    return Finding(
        ours="; ".join(
            f"{name} {over_seeds(found[name]['best'], 1)}, {count} of {n}" for name, count in reached.items()
        )
        + f"; goal {GOAL} in every seed; {min(updates):.0f} to {max(updates):.0f} updates, "
        f"{min(episodes):.0f} to {max(episodes):.0f} episodes with the trials",
        exact="200",
        agrees=all(count == n for count in reached.values()),
        figures=found,
        pictures=_pictures("cartpole-dqn-free.png", found, "best", settings),
    )


def _pictures(
    name: str, found: Mapping[str, Mapping[str, list[float]]], figure: str, settings: Settings
) -> tuple[Any, ...]:
    file = settings.file(name)
    if file is None:
        return ()
    marks = (Mark("published, lowest", 55), Mark("published, highest", 200))
    scores = {variant: figures[figure] for variant, figures in found.items()}
    axis = "last score" if figure == "last_score" else "mean return, 100 episodes"
    return (draw_scores(file, scores, marks, axis),)


EXPERIMENTS = tuple(
    Experiment(
        id=name,
        section=5,
        what=what,
        published=PUBLISHED,
        run=run,
        deterministic=False,
        seconds=seconds,
        needs=TENSORFLOW,
    )
    for name, what, run, seconds in (
        (
            "cartpole-dqn-as-published",
            "CartPole: the textbook's deep Q-networks, 600 episodes, one update each",
            run_as_published,
            250,
        ),
        (
            "cartpole-dqn-free",
            "CartPole: the same networks within the same 600 episodes, one update per step",
            run_free,
            200,
        ),
    )
)
