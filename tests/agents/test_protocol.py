"""What holds for every agent: predict, save and load, seeds, and SB3's own evaluator."""

import json

import gymnasium as gym
import numpy as np
import pytest

import rlenvs  # noqa: F401
from rlenvs_agents import ALGORITHMS, Truth, algorithm
from rlenvs_agents.comparison.plan import Plan
from rlenvs_agents.comparison.run import settings_of

FAST = ["random", "value-iteration", "policy-iteration", "q-learning"]
DEEP = ["dqn", "double-dqn", "dueling-dqn"]
SB3 = ["sb3-dqn", "sb3-ppo", "sb3-a2c", "sb3-qrdqn", "sb3-maskable-ppo"]
SMALL = {"hidden": [8], "learning_starts": 20, "batch_size": 8, "buffer_size": 100}


def trained(name: str, env_id: str, seed: int = 0, steps: int = 60):
    row = algorithm(name)
    settings = SMALL if name in DEEP else {}
    env = gym.make(env_id)
    return row.agent_class()(env, row.config(settings), seed=seed).learn(steps)


def states_of(env_id: str) -> Truth:
    truth = Truth.of(gym.make(env_id))
    assert truth is not None
    return truth


GRID, TOY = "rlenvs/GridWorld-v0", "rlenvs/MDP-v0"
# Every algorithm once, those of which something depends on the kind of observation twice.
CASES = [(name, TOY) for name in [*FAST, "dueling-dqn", *SB3]] + [(name, GRID) for name in [*FAST, "dqn", "sb3-dqn"]]


@pytest.mark.parametrize(("name", "env_id"), CASES)
def test_saved_and_loaded_it_does_the_same_and_a_batch_equals_one_by_one(name: str, env_id: str, tmp_path) -> None:
    agent = trained(name, env_id)
    truth = states_of(env_id)
    batch, state = agent.predict(truth.observations, deterministic=True, action_masks=truth.masks)
    assert state is None
    assert batch.shape == (truth.mdp.n_states,)
    folder = agent.save(tmp_path / "agent")
    assert not [path for path in folder.parent.iterdir() if path.name.startswith(".")]
    again = type(agent).load(folder, gym.make(env_id))
    assert again.num_timesteps == agent.num_timesteps
    assert again.config == agent.config
    if name != "random":
        assert (again.predict(truth.observations, deterministic=True, action_masks=truth.masks)[0] == batch).all()
        for index, observation in enumerate(truth.observations):
            mask = None if truth.masks is None else truth.masks[index]
            single, _ = agent.predict(observation, deterministic=True, action_masks=mask)
            assert type(single) is int
            assert single == batch[index]
    else:
        assert (again.predict(truth.observations)[0] == agent.predict(truth.observations)[0]).all()


@pytest.mark.parametrize("name", ["random", "value-iteration", "q-learning", "dqn", "sb3-maskable-ppo"])
def test_no_impossible_action_is_ever_predicted(name: str) -> None:
    truth = states_of("rlenvs/MDP-v0")
    agent = trained(name, "rlenvs/MDP-v0")
    for _ in range(50):
        for deterministic in (True, False):
            actions, _ = agent.predict(truth.observations, deterministic=deterministic, action_masks=truth.masks)
            assert truth.masks[np.arange(3), actions].all()


@pytest.mark.parametrize("name", ["random", "q-learning", "dqn", "sb3-ppo"])
def test_stable_baselines_evaluate_policy_takes_it(name: str) -> None:
    evaluation = pytest.importorskip("stable_baselines3.common.evaluation")
    from stable_baselines3.common.monitor import Monitor

    agent = trained(name, "rlenvs/GridWorld-v0")
    returns, lengths = evaluation.evaluate_policy(
        agent, Monitor(gym.make("rlenvs/GridWorld-v0")), n_eval_episodes=3, return_episode_rewards=True
    )
    assert len(returns) == len(lengths) == 3
    assert all(-1 <= value <= 10 for value in returns)


@pytest.mark.parametrize("name", ["q-learning", "dqn", "sb3-dqn"])
def test_two_agents_in_one_process_do_not_disturb_each_other(name: str) -> None:
    alone = trained(name, "rlenvs/GridWorld-v0", seed=3, steps=30).learn(30)
    other = trained("sb3-ppo" if name == "sb3-dqn" else name, "rlenvs/GridWorld-v0", seed=4, steps=30)
    row = algorithm(name)
    mixed = row.agent_class()(gym.make("rlenvs/GridWorld-v0"), row.config(SMALL if name in DEEP else {}), seed=3)
    mixed.learn(30)
    other.learn(30)
    np.random.seed(0)  # noqa: NPY002  # somebody else's global generator
    expected = np.random.get_state()[1].copy()  # noqa: NPY002
    mixed.learn(30)
    assert (np.random.get_state()[1] == expected).all()  # noqa: NPY002
    truth = states_of("rlenvs/GridWorld-v0")
    rolled = [agent.predict(truth.observations)[0].tolist() for agent in (alone, mixed)]
    assert rolled[0] == rolled[1]
    assert list(alone.episodes.returns) == list(mixed.episodes.returns)


def test_the_seed_decides_everything() -> None:
    first, same, another = (trained("q-learning", "rlenvs/SlipperyGridWorld-v0", seed, 2000) for seed in (1, 1, 2))
    truth = states_of("rlenvs/SlipperyGridWorld-v0")
    values = [agent.q_values(truth.observations) for agent in (first, same, another)]
    assert (values[0] == values[1]).all()
    assert (values[0] != values[2]).any()  # false alarm: real numbers that agree by chance


def test_learning_in_two_halves_is_learning_at_once() -> None:
    truth = states_of("rlenvs/MDP-v0")
    settings = {"exploration": 0.3}
    halves, whole = (
        algorithm("q-learning").agent_class()(
            gym.make("rlenvs/MDP-v0"), algorithm("q-learning").config(settings), seed=5
        )
        for _ in range(2)
    )
    assert (
        halves.learn(333).learn(667).q_values(truth.observations) == whole.learn(1000).q_values(truth.observations)
    ).all()


@pytest.mark.parametrize("name", ALGORITHMS)
def test_config_survives_json(name: str) -> None:
    row = algorithm(name)
    if row.missing:
        pytest.skip(row.missing)
    from rlenvs_agents.configs import from_plain, to_plain

    config = row.config(settings_of(Plan(env_ids=("rlenvs/GridWorld-v0",)), "rlenvs/GridWorld-v0", name))
    assert from_plain(type(config), json.loads(json.dumps(to_plain(config)))) == config


def test_wrong_observations_masks_and_environments_are_named() -> None:
    agent = trained("q-learning", "rlenvs/GridWorld-v0")
    with pytest.raises(ValueError, match="`observation` must have shape"):
        agent.predict(np.zeros((3, 3)))
    with pytest.raises(ValueError, match="`action_masks`"):
        agent.predict(np.zeros((4, 4)), action_masks=[1, 1])
    with pytest.raises(ValueError, match="at least one action"):
        agent.predict(np.zeros((4, 4)), action_masks=[0, 0, 0, 0])
    with pytest.raises(TypeError, match="Discrete action space"):
        algorithm("q-learning").agent_class()(gym.make("Pendulum-v1"))
    with pytest.raises(TypeError, match="`config` must be"):
        algorithm("q-learning").agent_class()(gym.make("rlenvs/GridWorld-v0"), algorithm("random").config())


def test_damaged_and_foreign_folders_are_named(tmp_path) -> None:
    agent = trained("q-learning", "rlenvs/GridWorld-v0")
    folder = agent.save(tmp_path / "agent")
    load, env = type(agent).load, gym.make("rlenvs/GridWorld-v0")
    with pytest.raises(FileNotFoundError, match="no saved agent"):
        load(tmp_path, env)
    with pytest.raises(ValueError, match="observation space"):
        load(folder, gym.make("rlenvs/MDP-v0"))
    with pytest.raises(ValueError, match="not a 'random' one"):
        algorithm("random").agent_class().load(folder, env)
    whole = (folder / "arrays.npz").read_bytes()
    (folder / "arrays.npz").write_bytes(whole[:-40])
    with pytest.raises(ValueError, match="damaged"):
        load(folder, env)
    (folder / "agent.json").write_text("{")
    with pytest.raises(ValueError, match="damaged"):
        load(folder, env)


def test_saving_again_replaces_the_folder(tmp_path) -> None:
    agent = trained("q-learning", "rlenvs/GridWorld-v0")
    agent.save(tmp_path / "agent")
    agent.learn(40).save(tmp_path / "agent")
    assert type(agent).load(tmp_path / "agent", gym.make("rlenvs/GridWorld-v0")).num_timesteps == 100
    assert [path.name for path in tmp_path.iterdir()] == ["agent"]
