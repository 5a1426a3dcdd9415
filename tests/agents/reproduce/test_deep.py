"""Deep agents in `rlenvs reproduce`: what the rows are made of. The rows themselves take minutes."""

from types import SimpleNamespace

import gymnasium as gym
import numpy as np
import pytest

from rlenvs_agents.reproduce import experiments
from rlenvs_agents.reproduce.contest import Entry
from rlenvs_agents.reproduce.exact_networks import CASES
from rlenvs_agents.reproduce.optimal import OPTIMAL
from rlenvs_agents.reproduce.plots import Mark, draw_scores
from rlenvs_agents.reproduce.snake import mean_food
from rlenvs_agents.reproduce.textbook import AS_PUBLISHED, FREE, TRIALS, Trials


def cart_pole():
    return gym.make("CartPole-v1", max_episode_steps=200)


def test_one_update_per_episode_after_the_first_50() -> None:
    from rlenvs_agents.reproduce.episodic import EndOfEpisodes, OncePerEpisodeDQN

    agent = OncePerEpisodeDQN(cart_pole(), AS_PUBLISHED["fixed-hard"], seed=0)
    first = agent.weights
    agent.learn(10_000, EndOfEpisodes(60))
    assert agent.episodes.count == 60
    assert agent.updates == 10
    assert agent._exploration.rate(agent.num_timesteps) == pytest.approx(1 - 60 / 500)
    assert not np.array_equal(agent.weights, first)
    agent.weights = first
    assert np.array_equal(agent.weights, first)


def test_free_updates_follow_the_steps_and_epsilon_the_episodes() -> None:
    from rlenvs_agents.reproduce.episodic import EndOfEpisodes, EpisodicDQN

    agent = EpisodicDQN(cart_pole(), FREE["vanilla"], seed=0).learn(600, EndOfEpisodes())
    assert agent.updates == 100
    assert agent._exploration.rate(600) == pytest.approx(1 - agent.episodes.count / 500)


def test_trials_count_among_the_episodes_of_the_budget() -> None:
    trials = Trials(cart_pole(), 100)
    looks = []

    class Best:
        best_return = 0.0

        def __call__(self, snapshot):
            looks.append(snapshot.step)

    trials.best = Best()
    told = [trials(SimpleNamespace(step=step, n_episodes=step // 100)) for step in range(100, 5000, 100)]
    assert looks == [1000, 2000, 3000]  # the fourth would be beyond the budget
    assert trials.tried == 3 * TRIALS
    assert told.index(True) + 1 == 100 - 3 * TRIALS
    trials.best.best_return = 200.0
    assert trials(SimpleNamespace(step=1, n_episodes=0))


def test_the_book_s_networks_differ_in_what_their_names_say() -> None:
    for configs in (AS_PUBLISHED, FREE):
        assert len({(str(c.target), c.bootstrap, c.head) for c in configs.values()}) == len(configs)
        assert {(c.discount, c.hidden, c.activation, c.buffer_size, c.batch_size) for c in configs.values()} == {
            (0.95, (32, 32), "elu", 2000, 32)
        }


def test_an_entry_learns_and_is_measured() -> None:
    entry = Entry(algorithm="random", env_id="rlenvs/Snake6x6-v0", steps=10, preset="default")
    [food] = entry.measured((0,), mean_food)
    assert 0 < food < 3


def test_both_sides_of_every_comparison_are_there() -> None:
    names = set(experiments())
    for task in ("cartpole", "mountain-car", "acrobot", "lunar-lander"):
        assert {f"{task}-dqn-zoo", f"{task}-sb3-dqn-zoo"} <= names
        assert experiments()[f"{task}-sb3-dqn-zoo"].on_request
    assert {f"snake-{n}-{who}" for n in ("6x6", "10x10") for who in ("dqn", "sb3-dqn", "sb3-ppo")} <= names


def test_scores_are_drawn(tmp_path) -> None:
    from PIL import Image

    file = draw_scores(tmp_path / "a.png", {"a": [1.0, 2.0], "b": [3.0]}, (Mark("published", 2.5),), "score")
    with Image.open(file) as picture:
        assert min(picture.size) >= 600
        assert np.asarray(picture.convert("L")).std() > 10


@pytest.mark.parametrize("name", ["mdp", "grid-4x4", "grid-sutton-barto"])
def test_deep_q_networks_end_up_exactly_optimal(name) -> None:
    # Seeds are fixed, so there is no false alarm; of seeds 0 to 4 and 100 to 104 all succeeded.
    assert CASES[name].distance(seed=0) <= OPTIMAL


@pytest.mark.slow
@pytest.mark.parametrize("name", ["grid-6x6", "grid-slippery", "grid-cliff", "frozen-lake"])
def test_so_they_do_where_it_takes_longer(name) -> None:
    assert CASES[name].distance(seed=0) <= OPTIMAL
