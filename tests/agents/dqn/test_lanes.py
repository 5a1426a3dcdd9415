"""DQN in several lanes: every autoreset mode, each transition once, and going on after saving."""

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode

import rlenvs  # noqa: F401
from rlenvs_agents import DQN, DQNConfig
from rlenvs_agents.dqn.collector import Collector
from rlenvs_agents.lanes import EnvLanes, VectorLanes
from rlenvs_agents.reporting import Episodes

ID = "rlenvs/Snake-v0"
SIZE = {"rows": 4, "columns": 4}
CONFIG = DQNConfig(
    hidden=(16,), learning_starts=40, train_every_steps=8, buffer_size=500, batch_size=8, lanes=3, steps=2
)


class Notes:
    """Stands for the memory, and keeps what each lane lived through."""

    def __init__(self, lanes: int) -> None:
        self.rows = [[] for _ in range(lanes)]

    def add(self, observation, action, reward, terminated, truncated, following, mask, valid) -> None:
        for lane in np.flatnonzero(valid):
            entry = [observation, action, reward, terminated, truncated, following, *([] if mask is None else [mask])]
            self.rows[lane].append(tuple(part[lane].tolist() for part in entry))


def lived(lanes) -> tuple[list, Episodes]:
    """What a policy that looks at observation and mask alone lives through."""
    notes, told = Notes(lanes.count), Episodes()
    collector = Collector(lanes, notes)
    collector.begin(5)
    for _ in range(120):
        boards = collector.seen.observation.reshape(lanes.count, -1).astype(np.int64)
        choice = boards @ (1 + np.arange(boards.shape[1]) ** 2)
        mask = collector.seen.mask
        possible = [np.flatnonzero(row) for row in (np.ones((lanes.count, 4)) if mask is None else mask)]
        collector.step(np.array([row[n % len(row)] for row, n in zip(possible, choice, strict=True)]), told)
    return notes.rows, told


@pytest.mark.parametrize("kind", [None, "sync"])
@pytest.mark.parametrize(("env_id", "settings"), [(ID, SIZE), ("rlenvs/MDP-v0", {"max_episode_steps": 3})])
def test_all_autoreset_modes_remember_the_same(env_id, settings, kind) -> None:
    by_hand, _ = lived(EnvLanes([gym.make(env_id, **settings) for _ in range(3)]))
    assert {len(row) for lane in by_hand for row in lane} == {6 if env_id == ID else 7}
    ends = 0
    for mode in AutoresetMode:
        how = {"autoreset_mode": mode} if kind is None else {"vector_kwargs": {"autoreset_mode": mode}}
        vector = gym.make_vec(env_id, num_envs=3, vectorization_mode=kind, **how, **settings)
        rows, told = lived(VectorLanes(vector))
        for own, theirs in zip(rows, by_hand, strict=True):
            shared = min(len(own), len(theirs))
            assert shared > 60
            assert own[:shared] == theirs[:shared]
        ends += told.count
        assert told.count == sum(row[3] or row[4] for lane in rows for row in lane)
    assert ends > 6


@pytest.mark.parametrize("mode", list(AutoresetMode))
def test_it_learns_in_a_vector_environment(mode) -> None:
    vector = gym.make_vec("CartPole-v1", num_envs=3, vectorization_mode="sync", vector_kwargs={"autoreset_mode": mode})
    agent = DQN(vector, DQNConfig(hidden=(8,), learning_starts=50, batch_size=8, buffer_size=400), seed=0)
    assert agent.learn(200).num_timesteps == 200
    assert agent._learner.parts["count"] == [38]  # one after each fourth step from 52 to 200
    assert agent.predict(np.zeros(4, np.float32), deterministic=True)[0] in (0, 1)


def test_updates_per_step_do_not_depend_on_the_lanes() -> None:
    counts = []
    for lanes in (1, 2, 4):
        config = DQNConfig(hidden=(8,), learning_starts=40, train_every_steps=4, batch_size=4, lanes=lanes)
        agent = DQN(gym.make("CartPole-v1"), config, seed=0)
        counts.append(int(agent.learn(120)._learner.parts["count"][0]))
    assert counts == [20, 20, 20]


def test_one_lane_is_the_single_environment() -> None:
    """Up to the first end of an episode: a lane needs a step to be reset in."""
    config = DQNConfig(hidden=(8,), learning_starts=4, train_every_steps=2, batch_size=4, buffer_size=50)

    lane = DQN(gym.make("CartPole-v1"), config, seed=0)
    single = DQN(gym.make("CartPole-v1"), config, seed=0)
    lane._single, lane._made_lanes = False, lambda: EnvLanes([lane.env])
    for agent in (single, lane):
        agent.learn(8)
    assert single.episodes.count == lane.episodes.count == 0
    mine, theirs = single._replay.to_arrays(), lane._replay.to_arrays()
    assert all(np.array_equal(mine[name], theirs[name]) for name in mine)
    assert single._learner.flat.numpy().tobytes() == lane._learner.flat.numpy().tobytes()


def test_going_on_is_bit_for_bit(tmp_path) -> None:
    def made() -> gym.Env:
        return gym.make(ID, **SIZE)

    whole = DQN(made(), CONFIG, seed=1).learn(200)
    half = DQN(made(), CONFIG, seed=1).learn(100, schedule_steps=200)
    half.save(tmp_path / "agent")
    after = DQN.load(tmp_path / "agent", made()).learn(100)
    assert after._learner.flat.numpy().tobytes() == whole._learner.flat.numpy().tobytes()
    mine, theirs = after._replay.to_arrays(), whole._replay.to_arrays()
    assert all(np.array_equal(mine[name], theirs[name]) for name in mine)


def test_lanes_are_those_of_the_vector_environment() -> None:
    vector = gym.make_vec(ID, num_envs=3, **SIZE)
    with pytest.raises(ValueError, match=r"`lanes` must be 1 .* or the 3 of the vector environment, got 2"):
        DQN(vector, DQNConfig(lanes=2))
    assert DQN(vector, CONFIG).lanes == 3
