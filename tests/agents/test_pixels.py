"""The preset for games, on a real one: what is remembered, and runs that are stopped again and again."""

import numpy as np
import pytest

from rlenvs_agents.algorithms import algorithm
from rlenvs_agents.dqn.collector import Collector
from rlenvs_agents.environments import make
from rlenvs_agents.lanes import lanes_of
from rlenvs_agents.memory import Frames, ReplayMemory
from rlenvs_agents.presets import whole_preset
from rlenvs_agents.reporting import Episodes
from tests.agents.resume.saved_state import saved_state

pytest.importorskip("ale_py")
pytest.importorskip("cv2")

BREAKOUT = "ALE/Breakout-v5"
LANES = 4


def game(**arguments):
    return make(BREAKOUT, {**whole_preset("dqn", BREAKOUT, "atari").env_kwargs, **arguments})


class Record:
    """N-step transitions of every lane as their definition says, beside a memory that is told the same."""

    def __init__(self, memory, n_steps, discount):
        self.memory, self.n_steps, self.discount = memory, n_steps, discount
        self.pending = [[] for _ in range(LANES)]
        self.done = []

    def add(self, observation, action, reward, terminated, truncated, after, mask, valid):
        self.memory.add(observation, action, reward, terminated, truncated, after, mask, valid)
        for lane in np.flatnonzero(valid):
            waiting = self.pending[lane]
            waiting.append((observation[lane].copy(), int(action[lane]), float(reward[lane])))
            over = terminated[lane] or truncated[lane]
            while waiting and (over or len(waiting) == self.n_steps):
                total = sum(self.discount**i * step[2] for i, step in enumerate(waiting))
                worth = 0.0 if terminated[lane] else self.discount ** len(waiting)
                self.done.append((*waiting.pop(0)[:2], total, worth, after[lane].copy()))


def test_the_memory_of_real_games_is_what_was_seen() -> None:
    """Lost lives, frame limits, four lanes and a ring that has come round."""
    size, n_steps = 300, 3
    env = game(max_num_frames_per_episode=600)
    shape, actions = env.observation_space.shape, int(env.action_space.n)
    memory = ReplayMemory(
        size, shape, np.uint8, actions, lanes=LANES, discount=0.99, n_steps=n_steps, store=Frames()
    )  # fmt: skip
    record, told, generator = Record(memory, n_steps, 0.99), Episodes(), np.random.default_rng(0)
    collector = Collector(lanes_of(env, LANES), record)
    collector.begin(5)
    for _ in range(160):
        collector.step(generator.integers(actions, size=LANES), told)
    assert told.count >= 3
    assert {worth for *_, worth, _ in record.done} > {0.0, 0.99**n_steps}
    places = (memory._oldest + np.arange(memory.stored)) % size
    newest = record.done[-memory.stored :]
    assert len(record.done) > memory.stored > size - LANES * n_steps
    before, chosen, total, worth, after = (np.array(column) for column in zip(*newest, strict=True))
    assert (memory._ring.get(memory._from[places]) == before).all()
    assert (memory._ring.get(memory._to[places]) == after).all()
    assert (memory._action[places] == chosen).all()
    assert memory._reward[places] == pytest.approx(total)
    assert memory._discount[places] == pytest.approx(worth)


@pytest.mark.parametrize("lanes", [1, LANES])
def test_a_run_that_is_stopped_again_and_again_is_the_same(lanes, tmp_path) -> None:
    """In the middle of games, at lost lives, and where a lane waits for its reset."""
    pytest.importorskip("tensorflow")
    row, known = algorithm("dqn"), whole_preset("dqn", BREAKOUT, "atari")
    small = {"learning_starts": 40, "buffer_size": 120, "convolutions": [[8, 8, 8]], "hidden": [16]}
    config = row.config({**known.settings, **small, "lanes": lanes, "precision": "float32"})
    limit = {"max_num_frames_per_episode": 400}
    whole = row.load()(game(**limit), config, seed=1).learn(400)
    agent, waiting = row.load()(game(**limit), config, seed=1), 0
    for cut in (37, 101, 102, 103, 104, 233, 361, 362, 363, 364):
        agent.learn(cut - agent.num_timesteps, schedule_steps=400)
        waiting += agent._collector is not None and bool(agent._collector.get_state()["lanes"]["over"].any())
        agent = row.agent_class().load(agent.save(tmp_path / "agent"), game(**limit))
    agent.learn(400 - agent.num_timesteps)
    assert saved_state(agent, tmp_path / "a") == saved_state(whole, tmp_path / "b")
    assert whole.episodes.count >= 2
    assert waiting or lanes == 1
