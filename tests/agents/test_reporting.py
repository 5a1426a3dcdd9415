import gymnasium as gym
import pytest

import rlenvs  # noqa: F401
from rlenvs_agents import Every, QLearning


def agent() -> QLearning:
    return QLearning(gym.make("rlenvs/GridWorld-v0"), seed=0)


def test_callbacks_come_at_the_start_at_multiples_and_at_the_end() -> None:
    tens, sevens = [], []
    learner = agent()
    learner.learn(25, [Every(10, lambda s: tens.append(s.step)), Every(7, lambda s: sevens.append(s.step))])
    assert tens == [0, 10, 20, 25]
    assert sevens == [0, 7, 14, 21, 25]
    learner.learn(10, Every(10, lambda s: tens.append(s.step)))
    assert tens == [0, 10, 20, 25, 30, 35]


def test_a_callback_that_returns_true_stops_learning_at_its_step() -> None:
    learner = agent().learn(1000, [Every(30, lambda s: s.step >= 60)])
    assert learner.num_timesteps == 60


def test_a_snapshot_tells_of_the_episodes_so_far() -> None:
    snapshots = []
    agent().learn(500, [Every(500, snapshots.append)])
    first, last = snapshots
    assert (first.n_episodes, first.mean_return) == (0, None)
    assert last.n_episodes > 0
    assert -1 <= last.mean_return <= 10
    assert 1 <= last.mean_length <= 100
    assert last.seconds > 0


def test_progress_ends_at_the_total() -> None:
    seen = []
    agent().learn(450, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (450, 450)
    assert len(seen) >= 200
    assert seen == sorted(seen)


def test_callbacks_change_nothing_of_what_is_learned() -> None:
    plain, watched = agent().learn(2000), agent().learn(2000, [Every(3, lambda s: s.policy.predict(0 * OBSERVATION))])
    assert (plain.q_values(OBSERVATIONS) == watched.q_values(OBSERVATIONS)).all()


ENV = gym.make("rlenvs/GridWorld-v0")
OBSERVATION = ENV.reset(seed=0)[0]
OBSERVATIONS = ENV.unwrapped.rules.observation._table


@pytest.mark.parametrize("callback", [print, [print], [3]])
def test_what_is_no_callback_is_named(callback: object) -> None:
    with pytest.raises(TypeError, match="`callbacks`"):
        agent().learn(10, callback)


@pytest.mark.parametrize("steps", [-1, 1.5, "10"])
def test_a_bad_number_of_steps_is_named(steps: object) -> None:
    with pytest.raises((ValueError, TypeError), match="`total_timesteps`"):
        agent().learn(steps)
