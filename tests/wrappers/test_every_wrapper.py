"""What holds for every wrapper: Gymnasium's conventions, its checkers, JSON, vectors."""

from __future__ import annotations

import ast
import copy
import doctest
import importlib
import inspect
import pkgutil
import subprocess
import sys
import textwrap
import warnings

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.envs.registration import EnvSpec
from gymnasium.utils.env_checker import check_env
from scripted_games import GAME_ID, episode, rollout, same

import rlenvs  # noqa: F401  # registers the environments
from rlenvs import wrappers
from rlenvs.wrappers import (
    AnglePenalty,
    AutoFire,
    ClipReward,
    DiscretizeObservation,
    EarlyFailurePenalty,
    EndOnLifeLoss,
    FrameStack,
    PreprocessScreen,
    ShapeReward,
    ShowStack,
    SkipStart,
)

SCRIPT = [
    episode(3, (0.5, 3, ""), (1.0, 3, ""), (-2.0, 2, ""), (0.25, 2, ""), (3.0, 1, ""), (1.0, 0, "terminated")),
    episode(2, (4.0, 2, ""), (1.0, 1, ""), (-1.0, 1, ""), (0.0, 1, "truncated")),
]
SCRIPTED = (GAME_ID, {"episodes": SCRIPT})
POLE = ("CartPole-v1", {})
SCREEN = ("rlenvs/SnakePixels-v0", {})

# Each wrapper with arguments that are not the defaults: (environment, arguments).
CASES = {
    AutoFire: (
        SCRIPTED,
        {
            "action": "LEFT",
            "after_reset": False,
            "after_life_loss": True,
            "presses": 2,
            "if_missing": "pass",
            "max_tries": 3,
        },
    ),
    SkipStart: (
        SCRIPTED,
        {"steps": [0, 2], "action": 1, "after_reset": True, "after_life_loss": False, "max_tries": 4},
    ),
    EndOnLifeLoss: (SCRIPTED, {}),
    FrameStack: (SCRIPTED, {"size": 3, "axis": "last", "padding": [5, 6, 7]}),
    DiscretizeObservation: (
        POLE,
        {
            "bins": [2, 3, 4, 2],
            "ranges": [None, [-1, 1], None, None],
            "edges": [None, None, None, [-1.0, 0.5, 2.0]],
            "outside": "separate",
            "output": "cells",
        },
    ),
    ShapeReward: (("FrozenLake-v1", {}), {"potential": [0.5 * s for s in range(16)], "discount": 0.75, "scale": -2.0}),
    ClipReward: (SCRIPTED, {"low": -0.5, "high": 2.0}),
    AnglePenalty: (POLE, {"limit": 0.1, "index": 3}),
    EarlyFailurePenalty: (POLE, {"penalty": 50.0, "before": 30}),
    PreprocessScreen: (SCREEN, {"skip": 2, "size": [40, 50]}),
    ShowStack: (SCREEN, {"axis": -1, "scale": 2, "gain": 1.2}),
}
IDS = [wrapper.__name__ for wrapper in CASES]
every_wrapper = pytest.mark.parametrize("wrapper", CASES, ids=IDS)


def make(wrapper, **more):
    (name, kwargs), arguments = CASES[wrapper]
    return gym.make(name, **kwargs, **more), arguments


def actions_of(env, n=60):
    env.action_space.seed(1)
    return [env.action_space.sample() for _ in range(n)]


def test_every_public_wrapper_is_tested_here():
    public = {getattr(wrappers, name) for name in wrappers.__all__}
    assert {x for x in public if inspect.isclass(x) and issubclass(x, gym.Wrapper)} == set(CASES)
    assert sorted(wrappers.__all__) == wrappers.__all__


@every_wrapper
def test_gymnasium_1664_wrappers_come_back_with_defaults__ours_record_every_argument(wrapper):
    parameters = inspect.signature(wrapper.__init__).parameters
    expected = [name for name in parameters if name not in ("self", "env")]
    tree = ast.parse(textwrap.dedent(inspect.getsource(wrapper.__init__)))
    recorded = [
        [keyword.arg for keyword in node.keywords]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("RecordConstructorArgs.__init__")
    ]
    assert recorded == [expected]
    _, arguments = CASES[wrapper]
    assert list(arguments) == expected
    defaults = {name: p.default for name, p in parameters.items() if p.default is not inspect.Parameter.empty}
    same_as_default = [name for name, value in defaults.items() if arguments[name] == value]
    assert same_as_default == {AutoFire: ["after_life_loss"], SkipStart: ["after_reset"]}.get(wrapper, [])


@every_wrapper
def test_the_spec_survives_json_and_rebuilds_the_same_rollout(wrapper):
    env, arguments = make(wrapper)
    env = wrapper(env, **arguments)
    spec = EnvSpec.from_json(env.spec.to_json())
    twin = gym.make(spec)
    assert type(twin) is wrapper
    assert twin.spec.to_json() == env.spec.to_json()
    assert twin.observation_space == env.observation_space
    actions = actions_of(env)
    assert same(rollout(env, actions, seed=1), rollout(twin, actions, seed=1))


@pytest.mark.parametrize(
    ("wrapper", "arguments"),
    [
        (AutoFire, {"action": np.int64(2)}),
        (SkipStart, {"steps": (np.int64(1), np.int64(2))}),
        (FrameStack, {"size": np.int64(2), "padding": np.array([1, 2, 3])}),
        (DiscretizeObservation, {"bins": np.array([2, 2, 2, 2]), "ranges": np.array([[-1.0, 1.0]] * 4)}),
        (DiscretizeObservation, {"edges": [np.array([-np.inf, 0.0, np.float32(1.5)])] * 4}),
        (ShapeReward, {"potential": np.arange(16.0), "discount": np.float64(0.5)}),
        (PreprocessScreen, {"size": (40, np.int64(50))}),
    ],
)
def test_numpy_arguments_survive_json_too(wrapper, arguments):
    env = wrapper(make(wrapper)[0], **arguments)
    twin = gym.make(EnvSpec.from_json(env.spec.to_json()))
    actions = actions_of(env, 20)
    assert same(rollout(env, actions, seed=1), rollout(twin, actions, seed=1))


@every_wrapper
def test_works_among_the_additional_wrappers_of_a_spec(wrapper):
    env, arguments = make(wrapper)
    spec = env.spec
    spec.additional_wrappers += (wrapper.wrapper_spec(**arguments),)
    made, by_hand = gym.make(spec), wrapper(env, **arguments)
    assert type(made) is wrapper
    actions = actions_of(made)
    assert same(rollout(made, actions, seed=1), rollout(by_hand, actions, seed=1))


@every_wrapper
def test_works_in_a_vector_environment(wrapper):
    (name, kwargs), arguments = CASES[wrapper]
    envs = gym.make_vec(name, 2, vectorization_mode="sync", wrappers=[lambda env: wrapper(env, **arguments)], **kwargs)
    single = wrapper(gym.make(name, **kwargs), **arguments)
    observations, _ = envs.reset(seed=1)
    expected, _ = single.reset(seed=1)
    envs.action_space.seed(0)
    for _ in range(40):
        assert same(np.asarray(observations[0]).tolist(), np.asarray(expected).tolist())
        actions = envs.action_space.sample()
        observations, rewards, terminations, truncations, _ = envs.step(actions)
        expected, reward, terminated, truncated, _ = single.step(actions[0])
        assert (rewards[0], terminations[0], truncations[0]) == (reward, terminated, truncated)
        if terminated or truncated:
            break


@every_wrapper
def test_a_copy_goes_on_alike(wrapper):
    env, arguments = make(wrapper)
    env = wrapper(env, **arguments)
    actions = actions_of(env, 3)
    env.reset(seed=1)
    env.step(actions[0])
    twin = copy.deepcopy(env)
    assert same(env.step(actions[1]), twin.step(actions[1]))


@every_wrapper
def test_flags_are_bools_rewards_are_floats_and_infos_have_the_same_keys(wrapper):
    env, arguments = make(wrapper)
    env = wrapper(env, **arguments)
    first, *steps = rollout(env, actions_of(env, 20), seed=1)
    added = {"skipped_reward", "raw_reward", "game_over"} & first[1].keys()
    for result in steps:
        assert added <= result[-1].keys()
        assert all(type(result[-1][key]) is type(first[1][key]) for key in added)
        if len(result) == 5:
            assert [type(x) for x in result[1:4]] == [float, bool, bool]
            assert env.observation_space.contains(np.asarray(result[0]))


def warnings_of(check, env):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        check(env)
    return {str(warning.message) for warning in caught}


def is_about_being_wrapped(text):
    return "is different from the unwrapped version" in text


def is_sb3s_advice_about_shapes(text):
    return "unconventional shape" in text


@every_wrapper
def test_gymnasiums_check_env_has_nothing_to_add(wrapper):
    env, arguments = make(wrapper)
    bare = warnings_of(lambda e: check_env(e.unwrapped, skip_render_check=True), make(wrapper)[0])
    wrapped = warnings_of(lambda e: check_env(e, skip_render_check=True), wrapper(env, **arguments))
    assert [text for text in wrapped - bare if not is_about_being_wrapped(text)] == []


@every_wrapper
def test_sb3s_check_env_has_nothing_to_add(wrapper):
    sb3 = pytest.importorskip("stable_baselines3.common.env_checker")
    env, arguments = make(wrapper)
    bare = warnings_of(lambda e: sb3.check_env(e, skip_render_check=True), make(wrapper)[0])
    wrapped = warnings_of(lambda e: sb3.check_env(e, skip_render_check=True), wrapper(env, **arguments))
    new = wrapped - bare
    if wrapper in (FrameStack, PreprocessScreen):  # a matrix is no vector and no image: SB3 says so, rightly
        assert all(is_sb3s_advice_about_shapes(text) for text in new)
    else:
        assert new == set()


def test_a_stack_of_real_frames_passes_both_checkers_without_a_word():
    pytest.importorskip("ale_py")
    sb3 = pytest.importorskip("stable_baselines3.common.env_checker")
    for game in ("Breakout", "SpaceInvaders", "Pong"):
        env = wrappers.make_atari(game, life_loss_ends=True, clip_reward=True)
        texts = warnings_of(lambda e: check_env(e, skip_render_check=True), env)
        assert [text for text in texts if not is_about_being_wrapped(text)] == []
        assert warnings_of(lambda e: sb3.check_env(e, skip_render_check=True), env) == set()


@every_wrapper
def test_docstrings_tell_shapes_errors_and_history(wrapper):
    text = inspect.getdoc(wrapper)
    prose = " ".join(text.split())
    assert "Change logs:" in text
    assert "No vector version exists." in prose or "The vector version is" in prose
    assert "Raises:" in text
    for name in inspect.signature(wrapper.__init__).parameters:
        assert name in ("self", "env") or f"    {name}: " in text


@pytest.mark.parametrize("name", [module.name for module in pkgutil.iter_modules(wrappers.__path__)])
def test_examples_in_docstrings_are_true(name):
    assert doctest.testmod(importlib.import_module(f"rlenvs.wrappers.{name}")).failed == 0


def test_importing_the_wrappers_loads_nothing_heavy():
    code = (
        "import sys, rlenvs.wrappers; "
        "heavy = {'ale_py', 'cv2', 'pygame', 'tensorflow', 'torch', 'matplotlib', 'numba', 'scipy', "
        "'rlenvs.planning'}; print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@every_wrapper
def test_minigrid_509_seed_and_options_are_handed_down(wrapper):
    seen = []

    class Asks(gym.Wrapper):
        def reset(self, *, seed=None, options=None):
            seen.append((seed, options))
            return super().reset(seed=seed)

    env, arguments = make(wrapper)
    env = wrapper(Asks(env), **arguments)
    env.reset(seed=4, options={"colour": "red"})
    env.reset()
    assert seen == [(4, {"colour": "red"}), (None, None)]
