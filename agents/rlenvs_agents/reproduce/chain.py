"""Section 2: the Markov chain."""

from __future__ import annotations

import gymnasium as gym
import numpy as np

from rlenvs.planning import evaluate_policy, expected_hitting_times
from rlenvs_agents.reproduce.experiment import Experiment, Finding, Settings, over_seeds
from rlenvs_agents.reproduce.finite import model_of
from rlenvs_agents.schedules import Inverse
from rlenvs_agents.tabular.evaluators import MonteCarlo, TemporalDifference
from rlenvs_agents.tabular.prediction import Prediction, PredictionConfig

ENV = "rlenvs/MarkovChain-v0"
STEPS = 4_000_000
EXACT = (-16.0, -19.0, -20.0)
# Means of all returns for Monte Carlo. TD's targets move while it learns: its rate must fall more slowly.
METHODS = {
    "chain-monte-carlo": PredictionConfig(method=MonteCarlo()),
    "chain-td": PredictionConfig(method=TemporalDifference(), learning_rate=Inverse(1.0, 0.05)),
    "chain-td-lambda": PredictionConfig(method=TemporalDifference(0.9), learning_rate=Inverse(1.0, 0.3)),
}


def run_hitting_times(settings: Settings) -> Finding:  # noqa: ARG001  # nothing is left to chance
    """Steps to absorption, by a linear solve."""
    times = expected_hitting_times(model_of(ENV))
    text = " ".join(f"{time:.8g}" for time in times[:3])
    return Finding(ours=text, exact="16 19 20", agrees=text == "16 19 20", figures={"times": times.tolist()})


def run_cut(settings: Settings) -> Finding:  # noqa: ARG001  # likewise
    """Mean length when every chain is cut at 50 steps, by following the distribution."""
    mdp = model_of(ENV)
    length = -float(mdp.start @ evaluate_policy(mdp, np.zeros(mdp.n_states, dtype=np.int64), 1.0, horizon=50))
    return Finding(ours=f"{length:.2f}", exact=f"{length:.10f}", agrees=f"{length:.2f}" == "14.90")


def learned_values(name: str, seed: int, steps: int = STEPS) -> list[float]:
    """Values of the three states by one of the methods."""
    env = gym.make(ENV)
    agent = Prediction(env, METHODS[name], seed=seed).learn(steps)
    env.close()
    return [float(value) for value in agent.values([0, 1, 2])]


def _run_method(name: str, settings: Settings) -> Finding:
    values = [learned_values(name, seed) for seed in settings.seeds]
    errors = [max(abs(v / e - 1) for v, e in zip(row, EXACT, strict=True)) for row in values]
    columns = [over_seeds([row[state] for row in values]) for state in range(3)]
    return Finding(
        ours=f"{'; '.join(columns)}; largest error {max(errors):.2%}",
        exact="-16; -19; -20",
        agrees=max(errors) < 0.01,
        figures={"values": values, "largest_error": errors, "steps": STEPS},
    )


def run_monte_carlo(settings: Settings) -> Finding:
    """Means of returns."""
    return _run_method("chain-monte-carlo", settings)


def run_td(settings: Settings) -> Finding:
    """TD(0)."""
    return _run_method("chain-td", settings)


def run_td_lambda(settings: Settings) -> Finding:
    """TD(0.9)."""
    return _run_method("chain-td-lambda", settings)


EXPERIMENTS = (
    Experiment(
        id="chain-hitting-times",
        section=2,
        what="Markov chain: expected steps to absorption from s0, s1, s2",
        published="16 19 20",
        run=run_hitting_times,
        deterministic=True,
        seconds=1,
    ),
    Experiment(
        id="chain-cut",
        section=2,
        what="Markov chain: mean length of chains cut at 50 steps",
        published="14.90",
        run=run_cut,
        deterministic=True,
        seconds=1,
    ),
    Experiment(
        id="chain-monte-carlo",
        section=2,
        what="Markov chain: values by Monte Carlo, 4 million steps",
        published="–",
        run=run_monte_carlo,
        deterministic=False,
        seconds=80,
    ),
    Experiment(
        id="chain-td",
        section=2,
        what="Markov chain: values by TD(0), 4 million steps",
        published="–",
        run=run_td,
        deterministic=False,
        seconds=80,
    ),
    Experiment(
        id="chain-td-lambda",
        section=2,
        what="Markov chain: values by TD(0.9), 4 million steps",
        published="–",
        run=run_td_lambda,
        deterministic=False,
        seconds=100,
    ),
)
