"""What every registered id and every observation of it must pass."""

import hashlib
import json
import os
import subprocess
import sys
import warnings

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.envs.registration import EnvSpec
from gymnasium.utils.env_checker import check_env

import rlenvs
from rlenvs.planning import solve
from rlenvs.registration import ENTRIES

IDS = [f"rlenvs/{entry.name}" for entry in ENTRIES]
OBSERVATIONS = {
    "GridWorld": ["picture", "index", "coordinates"],
    "Snake": ["board", "planes", "features", "image"],
}
VARIANTS = [(env_id, {}) for env_id in IDS] + [
    (env_id, {"observation": kind})
    for env_id, kinds in (
        ("rlenvs/GridWorld-v0", OBSERVATIONS["GridWorld"]),
        ("rlenvs/Snake-v0", OBSERVATIONS["Snake"]),
    )
    for kind in kinds[1:]
]
variants = pytest.mark.parametrize(("env_id", "kwargs"), VARIANTS, ids=lambda value: str(value))


def test_the_table_is_what_is_registered():
    assert sorted(IDS) == sorted(env_id for env_id in gym.registry if env_id.startswith("rlenvs/"))
    for name in ("MDP-v0", "GridWorld-v0", "MarkovChain-v0", "Snake-v0", "SnakePixels-v0"):
        assert f"rlenvs/{name}" in IDS


def test_registering_twice_changes_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rlenvs.registration.register()


@variants
def test_gymnasiums_checker_has_nothing_to_say(env_id, kwargs):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(gym.make(env_id, **kwargs).unwrapped)


BOARD_ADVICE = (
    "Your observation  has an unconventional shape (neither an image, nor a 1D vector). We recommend you to flatten "
    "the observation to have only a 1D vector or use a custom policy to properly process the data."
)
PLANES_ADVICE = (
    "The minimal resolution for an image is 36x36 for the default `CnnPolicy`. You might need to use a custom features "
    "extractor cf. https://stable-baselines3.readthedocs.io/en/master/guide/custom_policy.html"
)


@variants
def test_sb3s_checker_gives_only_its_advice_about_shapes(env_id, kwargs):
    checker = pytest.importorskip("stable_baselines3.common.env_checker", reason='pip install "rlenvs[sb3]"')
    env = gym.make(env_id, **kwargs).unwrapped
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        checker.check_env(env)
    said = [str(warning.message) for warning in caught]
    expected = {
        2: [BOARD_ADVICE],
        3: [] if "Pixels" in env_id or kwargs.get("observation") == "image" else [PLANES_ADVICE],
    }
    assert said == expected.get(len(env.observation_space.shape or ()), [])


@variants
def test_a_spec_survives_json(env_id, kwargs):
    env = gym.make(env_id, **kwargs)
    again = gym.make(EnvSpec.from_json(env.spec.to_json()))
    assert digest(env, steps=300) == digest(again, steps=300)
    assert env.observation_space == again.observation_space


def test_arguments_that_are_data_survive_json():
    env = gym.make(
        "rlenvs/GridWorld-v0",
        layout=["SX", ".G"],
        legend={"X": {"jump": [1, 0], "cost": 2.0}},
        slip=0.1,
        start="random",
    )
    again = gym.make(EnvSpec.from_json(env.spec.to_json()))
    assert env.unwrapped.model.P == again.unwrapped.model.P


def digest(env, *, steps, seed=5):
    """A fingerprint of everything that an agent sees in a seeded random walk."""
    chooser, trace = np.random.default_rng(seed), hashlib.sha256()

    def add(*parts):
        for part in parts:
            array = np.asarray(part)
            trace.update(f"{array.dtype}{array.shape}".encode() + array.tobytes())

    observation, info = env.reset(seed=seed)
    add(observation, *info.values())
    for _ in range(steps):
        observation, reward, terminated, truncated, info = env.step(int(chooser.integers(env.action_space.n)))
        add(observation, reward, terminated, truncated, *info.values())
        if terminated or truncated:
            observation, info = env.reset()
            add(observation, *info.values())
    return trace.hexdigest()[:16]


# A change here is a change of behaviour: it wants a new version of the id, never a new number.
GOLDEN = {
    "rlenvs/MDP-v0": "ae6faddc445d9145",
    "rlenvs/GridWorld-v0": "fe0df5cac1fded20",
    "rlenvs/GridWorld6x6-v0": "0ea0a3699ae82042",
    "rlenvs/SlipperyGridWorld-v0": "0e94e20ace15bd42",
    "rlenvs/SuttonBarto-v0": "9a6e0c8447106942",
    "rlenvs/Cliff-v0": "04509df65853cbbb",
    "rlenvs/MarkovChain-v0": "261fc77b0f567b6a",
    "rlenvs/Snake-v0": "7725d7809aed1630",
    "rlenvs/Snake6x6-v0": "bf40d3d8123b399e",
    "rlenvs/Snake12x12-v0": "855bf85381b1e84a",
    "rlenvs/Snake20x20-v0": "91e16be66a778673",
    "rlenvs/SnakePixels-v0": "2a8e8fcbb20608b9",
}


@pytest.mark.parametrize("env_id", IDS)
def test_golden_trajectories(env_id):
    assert digest(gym.make(env_id), steps=200) == GOLDEN[env_id]


def test_two_processes_with_other_hash_seeds_agree():
    script = (
        "import json, sys; sys.path.insert(0, sys.argv[1]); import gymnasium as gym, rlenvs;"
        "from test_registered import IDS, digest;"
        "print(json.dumps({i: digest(gym.make(i), steps=200) for i in IDS}))"
    )
    answers = []
    for hash_seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", script, os.path.dirname(__file__)],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        )
        answers.append(json.loads(done.stdout.splitlines()[-1]))
    assert answers[0] == answers[1] == {env_id: digest(gym.make(env_id), steps=200) for env_id in IDS}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_reward_threshold_is_the_exact_value(entry):
    env = gym.make(f"rlenvs/{entry.name}")
    model = getattr(env.unwrapped, "model", None)
    if model is None:  # Snake: tests/envs/test_snake.py plays the cycle that reaches it
        game = env.unwrapped.rules.game
        assert entry.reward_threshold == game.n_cells - 1
        return
    exact = solve(model, 1.0, horizon=entry.max_episode_steps).start_value
    assert entry.reward_threshold == pytest.approx(exact, abs=1e-9)


@pytest.mark.parametrize("env_id", IDS)
def test_keys_lead_to_actions(env_id):
    env = gym.make(env_id).unwrapped
    keys = env.get_keys_to_action()
    assert set(keys.values()) == set(range(min(int(env.action_space.n), 10)))
    assert len(env.get_action_meanings()) == env.action_space.n


@pytest.mark.parametrize("env_id", ["rlenvs:rlenvs/Snake-v0", "rlenvs:rlenvs/GridWorld-v0"])
def test_the_module_in_the_id_needs_no_import(env_id):
    script = f"import gymnasium as gym; print(gym.make({env_id!r}).reset(seed=0)[1])"
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)


def test_an_unknown_name_suggests_the_nearest():
    with pytest.raises(gym.error.NameNotFound, match="Did you mean: `Snake`"):
        gym.make("rlenvs/Snak-v0")
