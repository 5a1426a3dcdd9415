"""ShapeReward: the arithmetic on scripted games, the guarantee on finite environments."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest
from gymnasium import spaces
from hypothesis import given
from hypothesis import strategies as st
from scripted_games import ScriptedGame, episode, episodes, rollout, same

import rlenvs  # noqa: F401  # registers the environments
from rlenvs.core import FiniteMDP
from rlenvs.planning import solve
from rlenvs.wrappers import ClipReward, DiscretizeObservation, ShapeReward, verify_shaping
from rlenvs.wrappers.shaping_proof import finite_model, potential_of_states


def time_seen(observation):
    return 0.5 * float(observation[1]) - 3


def broken(observation):
    return np.nan if observation[1] == 2 else 0.0


HERE = __name__
FINITE = [
    "rlenvs/GridWorld-v0",
    "rlenvs/GridWorld6x6-v0",
    "rlenvs/SlipperyGridWorld-v0",
    "rlenvs/SuttonBarto-v0",
    "rlenvs/Cliff-v0",
    "rlenvs/MarkovChain-v0",
    "rlenvs/MDP-v0",
    "FrozenLake-v1",
    "CliffWalking-v1",
    "Taxi-v4",
]


@given(
    script=episodes(),
    actions=st.lists(st.integers(0, 2), max_size=20),
    discount=st.floats(0, 1),
    scale=st.sampled_from([1.0, -2.0, 0.25]),
)
def test_equals_the_reference(script, actions, discount, scale):
    shaped = rollout(ShapeReward(ScriptedGame(script), f"{HERE}:time_seen", discount, scale=scale), actions)
    expected, value = [], 0.0
    for result in rollout(ScriptedGame(script), actions):
        if len(result) == 2:
            value = scale * time_seen(result[0])
            expected.append((result[0], result[1] | {"raw_reward": 0.0}))
            continue
        observation, reward, terminated, truncated, info = result
        following = 0.0 if terminated else scale * time_seen(observation)
        given_reward = reward + discount * following - value
        expected.append((observation, given_reward, terminated, truncated, info | {"raw_reward": reward}))
        value = following
    assert same(shaped, expected)


@given(
    rewards=st.lists(st.floats(-5, 5), min_size=1, max_size=15),
    discount=st.floats(0.1, 1),
    ending=st.sampled_from(["terminated", "truncated"]),
)
def test_the_return_changes_by_the_first_potential_and_at_truncation_by_the_last_as_well(rewards, discount, ending):
    steps = [(reward, 3, "") for reward in rewards[:-1]] + [(rewards[-1], 3, ending)]
    env = ShapeReward(ScriptedGame([episode(3, *steps)]), f"{HERE}:time_seen", discount)
    observation, _ = env.reset()
    first = time_seen(observation)
    shaped = raw = 0.0
    for t in range(len(rewards)):
        observation, reward, *_, info = env.step(0)
        shaped += discount**t * reward
        raw += discount**t * info["raw_reward"]
    last = discount ** len(rewards) * time_seen(observation) if ending == "truncated" else 0.0
    assert shaped == pytest.approx(raw - first + last)


def test_sb3_2159_which_reward_is_it__the_raw_one_is_the_games_in_any_order():
    script = [episode(3, (5.0, 3, ""), (-7.0, 3, "terminated"))]
    for env in (
        ClipReward(ShapeReward(ScriptedGame(script), f"{HERE}:time_seen", 0.9)),
        ShapeReward(ClipReward(ScriptedGame(script)), f"{HERE}:time_seen", 0.9),
    ):
        results = rollout(env, [0, 0])
        assert [result[-1]["raw_reward"] for result in results] == [0.0, 5.0, -7.0, 0.0]


def test_arrays_over_discrete_and_multi_discrete_observations():
    lake = ShapeReward(gym.make("FrozenLake-v1", is_slippery=False), np.arange(16.0), 0.5)
    lake.reset(seed=0)
    assert lake.step(2)[1] == 0.5 * 1 - 0
    assert lake.step(1)[1] == 0 - 1  # a hole: 5 is not its potential
    pole = DiscretizeObservation(gym.make("CartPole-v1"), [1, 1, 2, 3], output="cells")
    table = np.arange(6.0).reshape(1, 1, 2, 3)
    shaped = ShapeReward(pole, table.tolist(), 1.0)
    cell, _ = shaped.reset(seed=0)
    following, reward, *_ = shaped.step(1)
    assert reward == 1.0 + table[tuple(following)] - table[tuple(cell)]


def test_an_array_over_the_states_works_whatever_is_observed():
    def play(observation):
        env = gym.make("rlenvs/GridWorld-v0", observation=observation)
        env = ShapeReward(env, np.arange(env.unwrapped.model.n_states) ** 2, 0.9)
        return [result[1:] for result in rollout(env, [3, 1, 3, 1, 1, 3, 0, 2, 2, 1])]

    assert play("index") == play("picture") == play("coordinates")


@pytest.mark.parametrize("name", FINITE)
def test_every_optimal_policy_is_unchanged_in_every_finite_environment(name):
    env = gym.make(name)
    n_states = len(env.unwrapped.P)
    potential = np.random.default_rng(1).normal(0, 10, n_states)
    report = ShapeReward(env, potential, 0.9).verify()
    assert report.preserved
    assert report.counter_example is None
    assert str(report).startswith("Preserved: the optimal actions of all ")


@given(seed=st.integers(0, 10_000), discount=st.sampled_from([0.0, 0.5, 0.9, 0.99]))
def test_shaped_action_values_are_the_raw_ones_minus_the_potential(seed, discount):
    generator = np.random.default_rng(seed)
    chances = generator.dirichlet(np.ones(5), (5, 3))
    mask = np.ones((5, 3), bool)
    mask[generator.integers(4), 1] = False
    mdp = FiniteMDP(chances, generator.normal(size=(5, 3, 5)), terminal=[4], action_mask=mask)
    potential = np.append(generator.normal(0, 5, 4), 0.0)
    shaped = mdp.reward + (discount * potential[None, None, :] - potential[:, None, None])
    after = solve(FiniteMDP(mdp.transition, shaped, terminal=[4], action_mask=mask), discount)
    before = solve(mdp, discount)
    alive = np.arange(4)
    allowed = mask[alive]
    expected = before.q_values[alive] - potential[alive, None]
    assert np.abs(expected[allowed] - after.q_values[alive][allowed]).max() < 1e-8
    assert verify_shaping(mdp, lambda s, _, t: discount * potential[t] - potential[s], discount).preserved


def test_a_bonus_that_is_no_potential_is_refuted_with_a_counter_example():
    # A reward for every step to the right, as one would like to help: walking against the wall earns it for ever.
    bonus = np.zeros((17, 4))
    bonus[:, 3] = 1.0
    env = gym.make("rlenvs/GridWorld-v0", edges="block")
    report = verify_shaping(env, bonus[: len(env.unwrapped.P)], 0.95)
    example = report.counter_example
    assert not report.preserved
    before = solve(env, 0.95)
    mdp = finite_model(env)
    best = before.q_values[example.state]
    assert set(example.best_before) == set(np.flatnonzero(np.isclose(best, best.max())).tolist())
    assert not set(example.best_after) <= set(example.best_before)
    assert example.lost > 1.0
    assert example.lost <= before.values[example.state] + 1e-9  # a policy that never arrives earns 0 here
    assert not mdp.terminal[example.state]
    assert f"In state {example.state} the best actions were" in str(report)


def test_another_discount_than_the_learners_is_refuted():
    shaped = ShapeReward(gym.make("FrozenLake-v1"), "goal_distance", 0.95)
    assert shaped.verify().preserved
    report = shaped.verify(0.5)
    assert not report.preserved
    assert report.counter_example.lost > 0


def test_potential_kept_at_termination_is_refuted():
    # The usual mistake: the potential of the terminal state is not 0 but that of a hole, which counts as near.
    env = gym.make("FrozenLake-v1", is_slippery=False)
    mdp = finite_model(env)
    potential = np.where(mdp.terminal, 5.0, 0.0)
    assert not verify_shaping(mdp, lambda s, _, t: 0.9 * potential[t] - potential[s], 0.9).preserved


def test_a_bonus_can_be_an_array_over_transitions():
    mdp = finite_model(gym.make("rlenvs/GridWorld-v0"))
    assert verify_shaping(mdp, np.zeros((17, 4, 17)), 0.9).preserved
    with pytest.raises(ValueError, match="`bonus` must have the shape"):
        verify_shaping(mdp, np.zeros((4, 4)), 0.9)
    with pytest.raises(ValueError, match="`bonus` must be finite"):
        verify_shaping(mdp, np.full((17, 4), np.inf), 0.9)


def test_verify_shows_pictures_to_a_function_of_the_observation():
    env = gym.make("rlenvs/GridWorld-v0")
    mdp = finite_model(env)
    values = potential_of_states(env, lambda picture: float((picture * np.arange(16).reshape(4, 4)).sum()), mdp)
    assert values.tolist() == [*range(15), 0.0, 0.0]
    assert ShapeReward(env, f"{HERE}:centre_of_mass", 0.9).verify().preserved


def centre_of_mass(picture):
    return float((picture * np.arange(16).reshape(4, 4)).sum())


def test_verify_says_what_it_cannot_know():
    with pytest.raises(TypeError, match="toy-text"):
        ShapeReward(gym.make("CartPole-v1"), f"{HERE}:time_seen", 0.9).verify()
    lake = gym.wrappers.TransformObservation(gym.make("FrozenLake-v1"), float, spaces.Box(0, 16, ()))
    with pytest.raises(ValueError, match="must know what each state looks like"):
        ShapeReward(lake, f"{HERE}:float_of", 0.9).verify()
    assert ShapeReward(lake, np.arange(16.0), 0.9).verify().preserved


def float_of(observation):
    return float(observation)


def test_differences_that_vanish_in_rounding_are_no_counter_example():
    # At discount 0.9 a goal 300 steps away is worth 1e-13: some states have gaps on both sides of every tolerance.
    env = gym.make("rlenvs/GridWorld-v0", layout=["S" + "." * 300 + "G", "." * 302], edges="block", slip=0.1)
    assert ShapeReward(env, "goal_distance", 0.9, scale=50.0).verify().preserved
    report = ShapeReward(env, "goal_distance", 0.9).verify(0.8)
    assert not report.preserved
    assert report.tolerance < 1e-6


def test_an_importable_function_becomes_its_name_and_a_lambda_is_refused():
    env = ShapeReward(ScriptedGame([episode(3)]), time_seen, 0.9)
    assert env._saved_kwargs["potential"] == f"{HERE}:time_seen"
    with pytest.raises(TypeError, match="must be importable"):
        ShapeReward(ScriptedGame([episode(3)]), lambda _: 0.0, 0.9)


@pytest.mark.parametrize(
    ("potential", "discount", "error", "message"),
    [
        ("goal_distance", 1.5, ValueError, r"`discount` must be in \[0, 1\]"),
        ("goal_distance", float("nan"), ValueError, "`discount` must be"),
        ([0.0] * 3, 0.9, ValueError, r"shape of the set of states, \(16,\), got \(3,\)"),
        ([float("nan")] * 16, 0.9, ValueError, "finite numbers"),
        ("distance", 0.9, ValueError, '`potential` must be "module:function" or one of'),
        ("nowhere:at_all", 0.9, ValueError, "cannot be imported"),
        ("math:nothing", 0.9, ValueError, "cannot be imported"),
        ("math:pi", 0.9, TypeError, "must name a function"),
        (3.0, 0.9, TypeError, "must be an array over states"),
    ],
)
def test_bad_arguments_are_refused(potential, discount, error, message):
    with pytest.raises(error, match=message):
        ShapeReward(gym.make("FrozenLake-v1"), potential, discount)


def test_a_potential_that_is_no_number_is_an_error():
    env = ShapeReward(ScriptedGame([episode(3)]), f"{HERE}:broken", 0.9)
    env.reset()
    env.step(0)
    with pytest.raises(ValueError, match="finite numbers, got nan"):
        env.step(0)
