"""Runs that are evaluated on the way, and that end when they are good enough."""

import csv
import json

import gymnasium as gym
import numpy as np
import pytest

from rlenvs.cli import run as rlenvs
from rlenvs_agents import CheckpointPlan, evaluate, resume, train
from rlenvs_agents.interrupts import Interrupted
from rlenvs_agents.run_plan import WatchPlan
from rlenvs_agents.training import FIRST_WATCHED

CART = "CartPole-v1"
BINS = {"seed": 3, "checkpoints": CheckpointPlan(every=1000)}


def lines(run) -> list[dict[str, str]]:
    with (run.path / "progress.csv").open() as file:
        return list(csv.DictReader(file))


def test_evaluations_are_logged_under_the_names_of_sb3(tmp_path) -> None:
    run = train("q-learning", CART, 2000, out=tmp_path / "run", watch=WatchPlan(every=500, episodes=3), **BINS)
    assert not run.reached
    found = {float(row["time/total_timesteps"]): row for row in lines(run) if row["eval/mean_reward"]}
    assert list(found) == [0, 500, 1000, 1500, 2000]
    seeds = range(FIRST_WATCHED, FIRST_WATCHED + 3)
    last = evaluate(run.agent, CART, episodes=3, seeds=seeds)
    assert float(found[2000]["eval/mean_reward"]) == pytest.approx(last.mean_return)
    assert float(found[2000]["eval/mean_ep_length"]) == pytest.approx(last.mean_length)


def test_learning_is_the_same_watched_or_not(tmp_path) -> None:
    plans = {"a": None, "b": WatchPlan(every=300, episodes=2)}
    runs = [train("q-learning", CART, 2000, out=tmp_path / name, watch=plan, **BINS) for name, plan in plans.items()]
    assert runs[0].evaluation == runs[1].evaluation


@pytest.mark.parametrize("every", [0, 1000])
def test_it_ends_when_it_is_good_enough_and_goes_on_from_there(every, tmp_path) -> None:
    watch = WatchPlan(every=every, episodes=3, stop_at=15.0)
    run = train("q-learning", CART, 100_000, out=tmp_path / "run", watch=watch, **BINS)
    made = run.agent.num_timesteps
    assert run.reached
    assert made < 100_000
    if every:
        found = [float(row["eval/mean_reward"]) for row in lines(run) if row["eval/mean_reward"]]
        assert found[-1] >= 15 > max(found[:-1], default=0)
    else:
        assert run.agent.episodes.count >= 100
        assert run.agent.episodes.mean_return >= 15
    with pytest.raises(ValueError, match=f"is finished, after {made} steps"):
        resume(run.path)
    assert resume(run.path, 2 * made).agent.num_timesteps > made


def test_who_needs_no_steps_was_not_good_enough_early(tmp_path) -> None:
    run = train("value-iteration", "rlenvs/GridWorld-v0", 1, out=tmp_path / "run")
    assert run.agent.num_timesteps == 0
    assert not run.reached


def test_a_run_that_was_stopped_ends_where_it_would_have_ended(tmp_path) -> None:
    class Stop:
        every = 1000

        def write(self, step, figures) -> None:
            if step == 2000:
                raise KeyboardInterrupt

        def close(self) -> None:
            pass

    watch = WatchPlan(stop_at=22.0)
    whole = train("q-learning", CART, 100_000, out=tmp_path / "whole", watch=watch, **BINS)
    assert whole.reached
    with pytest.raises((KeyboardInterrupt, Interrupted)):
        train("q-learning", CART, 100_000, out=tmp_path / "run", watch=watch, loggers=[Stop()], **BINS)
    again = resume(tmp_path / "run")
    assert again.agent.num_timesteps == whole.agent.num_timesteps
    assert again.evaluation == whole.evaluation


def test_the_command(tmp_path, capsys) -> None:
    words = ["train", "--algo", "q-learning", "--env", CART, "-n", "50000", "--eval-every", "1000", "--stop-at", "12"]
    assert rlenvs([*words, "--eval-episodes", "2", "--out", str(tmp_path / "run"), "--pictures"]) == 0
    told = capsys.readouterr()
    assert "Good enough after" in told.err
    assert "95% bootstrap interval of the mean return" in told.out
    names = {path.name for path in (tmp_path / "run").iterdir()}
    assert {"curves.png", "episode.gif"} <= names
    record = json.loads((tmp_path / "run" / "evaluation.json").read_text())
    assert record["seeds"] == list(range(100))
    assert record["epsilon"] == 0
    low, high = record["mean_return_interval"]
    assert low < record["mean_return"] < high


@pytest.mark.parametrize(
    ("settings", "word"),
    [({"every": -1}, "`eval_every`"), ({"episodes": 0}, "`eval_episodes`"), ({"stop_at": float("nan")}, "`stop_at`")],
)
def test_bad_plans_are_named(settings, word) -> None:
    with pytest.raises(ValueError, match=word):
        WatchPlan(**settings)


class Dice(gym.Env):
    """Each step tells the next number of its own generator."""

    observation_space = gym.spaces.Box(0, 1, (1,), np.float64)
    action_space = gym.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.rolled = []
        return np.zeros(1), {}

    def step(self, action):
        self.rolled.append((float(self.np_random.random()), action))
        return np.zeros(1), 0.0, False, len(self.rolled) == 400, {}


def test_straying_does_not_depend_on_the_chance_of_the_environment() -> None:
    """Were both drawn from one generator, the environment's numbers would be small where an action was random.

    400 numbers in each of 20 episodes: about 400 strays that show (half of 10 %), whose mean number has a standard
    error of 0.0144; 0.1 from 1/2 is seven of them, once in 10^11 runs. The seeds are fixed.
    """
    env, strays = Dice(), []
    for seed in range(20):
        evaluate(lambda _: 0, env, episodes=1, epsilon=0.1, seeds=[seed])
        strays += [number for number, action in env.rolled if action == 1]
        before = [a for (a, _), (_, action) in zip(env.rolled, env.rolled[1:], strict=False) if action == 1]
        strays += before
    assert abs(np.mean(strays) - 0.5) < 0.1
