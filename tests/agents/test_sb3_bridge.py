"""Where learning ends, Stable-Baselines3 makes every update that belongs to the steps that were made."""

import gymnasium as gym
import pytest

from rlenvs_agents.algorithms import algorithm
from rlenvs_agents.reporting import Every

pytest.importorskip("stable_baselines3")

PPO = {"n_steps": 16, "batch_size": 8, "n_epochs": 1}
DQN = {"learning_starts": 4, "batch_size": 4, "train_freq": 8, "gradient_steps": 2, "buffer_size": 100}
CASES = {
    "one rollout": ("sb3-ppo", 1, PPO, 16, 1),
    "two": ("sb3-ppo", 1, PPO, 32, 2),
    "two and a half": ("sb3-ppo", 1, PPO, 40, 2),
    "half": ("sb3-ppo", 1, PPO, 8, 0),
    "two lanes": ("sb3-ppo", 2, PPO, 32, 1),
    "a2c": ("sb3-a2c", 1, {"n_steps": 5}, 10, 2),
    "updates after each eighth step": ("sb3-dqn", 1, DQN, 24, 6),
    "and not before": ("sb3-dqn", 1, DQN, 23, 4),
    "in two lanes": ("sb3-dqn", 2, DQN, 48, 6),
}


def made(algo, settings, lanes=1):
    row = algorithm(algo)
    return row.load()(gym.make("CartPole-v1"), row.config({"settings": settings, "lanes": lanes}), seed=0)


@pytest.mark.parametrize("name", CASES)
def test_updates_at_the_end(name) -> None:
    algo, lanes, settings, steps, updates = CASES[name]
    agent, seen = made(algo, settings, lanes), []
    agent.learn(steps, [Every(8, lambda snapshot: seen.append((snapshot.step, agent.model._n_updates)))])
    assert (agent.num_timesteps, agent.model._n_updates) == (steps, updates)
    assert seen[-1] == (steps, updates)  # the last appointment is kept after them
    assert [step for step, _ in seen] == sorted({*range(0, steps, 8), steps})
    alone = made(algo, settings, lanes).model.learn(steps)
    assert alone._n_updates == updates or alone.num_timesteps > steps


def test_updates_after_episodes() -> None:
    settings = {**DQN, "train_freq": [1, "episode"], "gradient_steps": 1, "exploration_final_eps": 1.0}
    lengths = list(made("sb3-dqn", settings).learn(200).episodes.lengths)
    steps = sum(lengths[:3])
    assert made("sb3-dqn", settings).learn(steps).model._n_updates == 3
    assert made("sb3-dqn", settings).learn(steps - 1).model._n_updates == 2


def test_a_callback_ends_it_at_once() -> None:
    agent = made("sb3-ppo", PPO).learn(64, [Every(20, lambda snapshot: snapshot.step >= 20)])
    assert (agent.num_timesteps, agent.model._n_updates) == (20, 1)


def test_schedules_are_fixed_by_the_first_call_of_learn(tmp_path) -> None:
    settings = {"learning_starts": 10, "exploration_fraction": 0.5, "exploration_final_eps": 0.1, "buffer_size": 500}
    falls = {"kind": "linear", "start": 1e-3, "end": 1e-4}
    row = algorithm("sb3-dqn")
    agent = row.load()(gym.make("CartPole-v1"), row.config({"settings": {**settings, "learning_rate": falls}}), seed=0)
    agent.learn(100, schedule_steps=400)
    assert agent.model.exploration_rate == pytest.approx(1 - 0.9 * 0.5, abs=0.01)
    agent.save(tmp_path / "agent")
    again = row.agent_class().load(tmp_path / "agent", gym.make("CartPole-v1"))
    seen = {}
    note = Every(100, lambda seen_at: seen.__setitem__(seen_at.step, float(again.model.exploration_rate)))
    again.learn(700, [note])
    assert seen == pytest.approx({200: 0.1, 300: 0.1, 400: 0.1, 500: 0.1, 600: 0.1, 700: 0.1, 800: 0.1}, abs=0.01)
    rate = again.model.policy.optimizer.param_groups[0]["lr"]
    assert rate == pytest.approx(1e-4)
