"""Policy search: judged by whole episodes, solves CartPole, respects masks, saves and loads."""

import gymnasium as gym
import numpy as np
import pytest

import rlenvs  # noqa: F401  # registers the ids
from rlenvs_agents.evaluation import Truth, evaluate
from rlenvs_agents.policy_search import Genetic, HillClimbing, PolicySearch, PolicySearchConfig, RandomSearch
from rlenvs_agents.policy_search.hand_written import cart_pole_lean, mountain_car_momentum

SMALL = Genetic(population=10, dropped=8, offspring=4)


@pytest.mark.parametrize(
    ("strategy", "episodes"), [(RandomSearch(), 3), (HillClimbing(), 3), (SMALL, 1)], ids=lambda value: str(value)[:6]
)
def test_cart_pole(strategy, episodes):
    # A random policy stands 22 steps. A hundred draws of random weights hold a policy of 195 and more.
    config = PolicySearchConfig(strategy=strategy, episodes_per_policy=episodes)
    agent = PolicySearch(gym.make("CartPole-v1", max_episode_steps=200), config, seed=0).learn(20_000)
    env = gym.make("CartPole-v1", max_episode_steps=200)
    assert evaluate(agent, env, episodes=20).mean_return > 150


def test_the_score_is_the_mean_over_episodes_of_one_policy():
    env = gym.make("CartPole-v1")
    agent = PolicySearch(env, PolicySearchConfig(strategy=RandomSearch(), episodes_per_policy=4), seed=0)
    while not agent.episodes.count >= 4:
        agent.learn(1)
    assert agent.episodes.count == 4
    assert agent.best_score == np.mean(agent.episodes.returns)
    assert agent.weights.shape == (2, 5)
    assert agent.metrics == {"search/best_score": agent.best_score}


def test_a_table_for_discrete_observations_and_masks_everywhere():
    env = gym.make("rlenvs/MDP-v0", invalid_action="error")
    agent = PolicySearch(env, PolicySearchConfig(strategy=SMALL), seed=0).learn(5_000)
    assert agent.weights.shape == (3, 3)
    policy, _ = agent.predict(range(3), deterministic=True, action_masks=env.unwrapped.model.action_mask)
    assert env.unwrapped.model.action_mask[np.arange(3), policy].all()
    # Of the four sensible policies, two go through s0 for ever or through the fire, and pay 120 and 137 in 100 steps.
    assert Truth.of(env).measure(agent, 0.9).mean_return > 100


def test_before_learning_it_plays_the_first_action():
    agent = PolicySearch(gym.make("CartPole-v1"), seed=0)
    assert agent.predict(np.zeros(4, dtype=np.float32), deterministic=True)[0] == 0


@pytest.mark.parametrize("strategy", [RandomSearch(), HillClimbing(), SMALL], ids=lambda value: str(value)[:6])
def test_saved_and_loaded(strategy, tmp_path):
    config = PolicySearchConfig(strategy=strategy)
    agent = PolicySearch(gym.make("CartPole-v1"), config, seed=3).learn(700)
    agent.save(tmp_path / "agent")
    again = PolicySearch.load(tmp_path / "agent", gym.make("CartPole-v1"))
    assert again.config == agent.config
    observations = np.random.default_rng(0).standard_normal((50, 4)).astype(np.float32)
    for lane in (agent, again):
        lane.learn(500)
    assert again.best_score == agent.best_score
    np.testing.assert_array_equal(again.weights, agent.weights)
    np.testing.assert_array_equal(again.predict(observations)[0], agent.predict(observations)[0])


def test_refuses_what_does_not_fit_into_memory():
    env = gym.make("CartPole-v1")
    large = gym.wrappers.TransformObservation(env, lambda seen: 0, gym.spaces.Discrete(10**12))
    with pytest.raises(ValueError, match=r"policy search keeps 2000000000000 weights.* GiB free"):
        PolicySearch(large, seed=0)


def test_refuses():
    with pytest.raises(TypeError, match="`strategy`"):
        PolicySearchConfig(strategy="genetic")
    with pytest.raises(ValueError, match="`episodes_per_policy`"):
        PolicySearchConfig(episodes_per_policy=0)
    env = gym.wrappers.TransformReward(gym.make("CartPole-v1"), lambda reward: np.nan)
    with pytest.raises(ValueError, match="finite rewards"):
        PolicySearch(env, seed=0).learn(200)


@pytest.mark.parametrize(("angle", "action"), [(-0.01, 0), (0.0, 1), (0.01, 1)])
def test_lean(angle, action):
    assert cart_pole_lean([9.0, -9.0, angle, -9.0]) == action


@pytest.mark.parametrize(("velocity", "action"), [(-0.01, 0), (0.0, 2), (0.01, 2)])
def test_momentum(velocity, action):
    assert mountain_car_momentum([-0.5, velocity]) == action


def test_momentum_always_reaches_the_flag():
    played = evaluate(mountain_car_momentum, gym.make("MountainCar-v0"), episodes=20)
    assert min(played.returns) > -200
