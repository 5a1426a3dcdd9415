"""REINFORCE and A2C as agents: accounting, seeds, saving, masks, callbacks, and whether they learn."""

from typing import Any

import gymnasium as gym
import numpy as np
import pytest

import rlenvs  # noqa: F401
from rlenvs_agents import Every, evaluate
from rlenvs_agents.policy_gradients import (
    A2C,
    A2CConfig,
    BestWeights,
    EarlyStopping,
    LearnedBaseline,
    NoBaseline,
    Reinforce,
    ReinforceConfig,
)
from rlenvs_agents.reporting import Snapshot

pytest.importorskip("tensorflow")

SMALL = ReinforceConfig(
    hidden=(8,), lanes=3, episodes_per_update=4, minibatches=2, baseline=LearnedBaseline(hidden=(8,))
)
SMALL_A2C = A2CConfig(hidden=(8,), lanes=3, steps_per_update=8, baseline=LearnedBaseline(hidden=(8,), epochs=1))
KINDS: list[Any] = [(Reinforce, SMALL), (A2C, SMALL_A2C)]


def made(env_id: str = "CartPole-v1") -> gym.Env[Any, Any]:
    return gym.make(env_id)


@pytest.mark.parametrize(("kind", "config"), KINDS)
def test_steps_are_counted_exactly_and_calls_of_learn_add_up(kind: Any, config: Any) -> None:
    seen: list[int] = []
    once = kind(made(), config, seed=3).learn(700, [Every(100, lambda snapshot: seen.append(snapshot.step))])
    assert seen == [0, 100, 200, 300, 400, 500, 600, 700]
    twice = kind(made(), config, seed=3).learn(333).learn(367)
    other = kind(made(), config, seed=4).learn(700)
    assert once.num_timesteps == twice.num_timesteps == 700
    assert once.updates == twice.updates > 0
    assert (once.weights == twice.weights).all()
    assert (once.weights != other.weights).any()


def test_an_update_is_made_of_so_many_whole_episodes() -> None:
    agent = Reinforce(made(), SMALL, seed=0).learn_updates(5)
    assert agent.updates == 5
    assert agent.episodes.count == 20
    assert agent.num_timesteps == sum(agent.episodes.lengths)
    agent.learn_updates(2)
    assert agent.episodes.count == 28


@pytest.mark.parametrize(("kind", "config"), KINDS)
@pytest.mark.parametrize("env_id", ["CartPole-v1", "rlenvs/MDP-v0"])
def test_saved_and_loaded_it_does_the_same(kind: Any, config: Any, env_id: str, tmp_path: Any) -> None:
    agent = kind(made(env_id), config, seed=0).learn(200)
    again = kind.load(agent.save(tmp_path / "agent"), made(env_id))
    batch = np.array([agent.env.observation_space.sample() for _ in range(20)])
    assert (agent.predict(batch)[0] == again.predict(batch)[0]).all()
    assert (agent.action_probabilities(batch) == again.action_probabilities(batch)).all()
    assert (agent.values(batch) == again.values(batch)).all()
    assert (again.num_timesteps, again.updates, again.config) == (200, agent.updates, agent.config)
    again.learn(100)
    assert again.num_timesteps == 300


@pytest.mark.parametrize(("kind", "config"), KINDS)
def test_impossible_actions_are_never_taken(kind: Any, config: Any) -> None:
    # The environment raises where an impossible action is taken.
    env = gym.make("rlenvs/MDP-v0", invalid_action="error")
    agent = kind(env, config, seed=0).learn(400)
    masks = np.array([[0, 1, 0], [1, 0, 1], [0, 0, 1]])
    p = agent.action_probabilities([0, 1, 2], masks)
    assert (p[masks == 0] == 0).all()
    assert p.sum(axis=1) == pytest.approx([1, 1, 1])
    for deterministic in (False, True):
        assert agent.predict([0, 1, 2], deterministic=deterministic, action_masks=masks)[0][0] == 1


def test_rewards_must_be_finite() -> None:
    class Broken(gym.RewardWrapper[Any, Any]):
        def reward(self, reward: Any) -> float:
            return float("nan")

    agent = Reinforce(Broken(made()), ReinforceConfig(lanes=1, episodes_per_update=1), seed=0)
    with pytest.raises(ValueError, match="finite rewards"):
        agent.learn(100)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"lanes": 0}, "`lanes` must be at least 1"),
        ({"advantages": "ranks"}, "`advantages` must be one of"),
        ({"discount": 1.5}, "`discount` must be"),
        ({"baseline": LearnedBaseline, "_": TypeError}, "`baseline` must be a NoBaseline or a LearnedBaseline"),
    ],
)
def test_settings_are_checked(settings: dict[str, Any], message: str) -> None:
    error = settings.pop("_", ValueError)
    with pytest.raises(error, match=message):
        ReinforceConfig(**settings)


def test_a_critic_is_a_must() -> None:
    with pytest.raises(TypeError, match="must be a LearnedBaseline"):
        A2CConfig(baseline=NoBaseline())  # type: ignore[arg-type]


def test_continuous_actions_are_refused() -> None:
    with pytest.raises(TypeError, match="must have a Discrete action space"):
        Reinforce(made("Pendulum-v1"))


def snapshot(mean: float | None, policy: Any = None, step: int = 0) -> Snapshot:
    return Snapshot(step=step, n_episodes=1, mean_return=mean, mean_length=1, seconds=0, metrics={}, policy=policy)


def test_the_best_weights_come_back() -> None:
    agent = Reinforce(made(), SMALL, seed=0)
    best, first = BestWeights(10), agent.weights
    best(snapshot(None, agent))
    best.restore(agent)
    best(snapshot(5.0, agent, 10))
    agent.weights = first + 1
    best(snapshot(4.0, agent, 20))
    best.restore(agent)
    assert (agent.weights == first).all()
    assert (best.best_return, best.step) == (5.0, 10)
    with pytest.raises(ValueError, match="`weights` must have shape"):
        agent.weights = first[1:]


def test_learning_stops_when_it_goes_well_for_long_enough() -> None:
    stop = EarlyStopping(goal=10, patience=2)
    assert [stop(snapshot(mean)) for mean in (None, 10.0, 9.0, 10.0, 11.0)] == [False, False, False, False, True]
    agent = Reinforce(made(), SMALL, seed=0).learn(5000, EarlyStopping(goal=1, patience=2, every=100))
    assert agent.num_timesteps < 1000


def test_reinforce_solves_cart_pole_of_40_steps() -> None:
    """A random policy makes 21 of 40; deterministic given the seed, so there is no false alarm on one machine."""
    env = gym.make("CartPole-v1", max_episode_steps=40)
    config = ReinforceConfig(discount=0.95, hidden=(16,), learning_rate=0.02, episodes_per_update=6)
    agent = Reinforce(env, config, seed=0).learn_updates(30)
    assert evaluate(agent, env, episodes=50).mean_return > 38


def test_a2c_learns_the_grid_world_exactly() -> None:
    env = gym.make("rlenvs/GridWorld-v0", observation="index")
    config = A2CConfig(discount=0.95, hidden=(32,), learning_rate=0.01)
    agent = A2C(env, config, seed=0).learn(20_000)
    result = evaluate(agent, env, episodes=5)
    assert result.exact is not None
    assert result.exact.distance == pytest.approx(0, abs=1e-6)
