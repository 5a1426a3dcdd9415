"""Section 5: policy search."""

from __future__ import annotations

import gymnasium as gym

from rlenvs_agents.evaluation import evaluate
from rlenvs_agents.policy_search import Genetic, HillClimbing, PolicySearch, PolicySearchConfig, RandomSearch
from rlenvs_agents.reproduce.experiment import Experiment, Finding, Settings, over_seeds

STEPS = 100_000
CONFIGS = {
    "cartpole-genetic": PolicySearchConfig(strategy=Genetic(population=100, dropped=80, offspring=4)),
    "cartpole-hill-climbing": PolicySearchConfig(strategy=HillClimbing(), episodes_per_policy=3),
    "cartpole-random-search": PolicySearchConfig(strategy=RandomSearch(), episodes_per_policy=3),
}


def _run(name: str, settings: Settings) -> Finding:
    means = []
    for seed in settings.seeds:
        env = gym.make("CartPole-v1")
        agent = PolicySearch(env, CONFIGS[name], seed=seed).learn(STEPS)
        means.append(evaluate(agent, env, episodes=100).mean_return)
    return Finding(ours=f"{over_seeds(means)} of 500", exact="500 at most", figures={"mean_return": means})


def run_genetic(settings: Settings) -> Finding:
    """100 policies, the worst 80 dropped, 4 offspring each."""
    return _run("cartpole-genetic", settings)


def run_hill_climbing(settings: Settings) -> Finding:
    """One policy, changed."""
    return _run("cartpole-hill-climbing", settings)


def run_random_search(settings: Settings) -> Finding:
    """One policy after the other."""
    return _run("cartpole-random-search", settings)


EXPERIMENTS = tuple(
    Experiment(id=name, section=5, what=what, published="–", run=run, deterministic=False, seconds=20)
    for name, what, run in (
        ("cartpole-genetic", "CartPole: genetic search 100 / 80 / 4, 100 000 steps", run_genetic),
        ("cartpole-hill-climbing", "CartPole: hill climbing, 100 000 steps", run_hill_climbing),
        ("cartpole-random-search", "CartPole: random search, 100 000 steps", run_random_search),
    )
)
