"""The wheel in an environment of its own, with no extra: everything that does not need one works."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder
from places import ROOT

pytestmark = [pytest.mark.install, pytest.mark.slow]

# What pip says when there is no network at all. Anything else that goes wrong is a failure.
OFFLINE = ("Temporary failure in name resolution", "Name or service not known", "Network is unreachable")

SESSION = """
import importlib.util
import gymnasium as gym
import numpy as np
import rlenvs
from rlenvs.conformance import check
from rlenvs.planning import solve

for name in ("tensorflow", "torch", "pygame", "matplotlib", "cv2", "stable_baselines3", "ale_py"):
    assert importlib.util.find_spec(name) is None, name
for env_id in [spec.id for spec in gym.registry.values() if spec.namespace == "rlenvs"]:
    for mode, kind in (("ansi", str), ("rgb_array", np.ndarray)):
        env = gym.make(env_id, render_mode=mode)
        env.reset(seed=0)
        for _ in range(20):
            _, _, terminated, truncated, _ = env.step(env.action_space.sample())
            assert isinstance(env.render(), kind)
            if terminated or truncated:
                env.reset()
        env.close()
assert abs(solve("rlenvs/GridWorld-v0", 0.95).start_value - 10 * 0.95**5) < 1e-10
assert check("rlenvs/Snake-v0").ok
"""


@pytest.fixture(scope="module")
def core(tmp_path_factory):
    """The folder of the scripts of an environment that holds the wheel and what it requires."""
    folder = tmp_path_factory.mktemp("core")
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    venv.create(folder / "env", with_pip=True)
    scripts = folder / "env" / ("Scripts" if os.name == "nt" else "bin")
    command = [scripts / "python", "-m", "pip", "install", "--quiet", "-c", ROOT / "constraints.txt", wheel]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    if done.returncode != 0 and any(sign in done.stderr for sign in OFFLINE):
        pytest.skip("there is no network, so the wheel's requirements cannot be installed")
    assert done.returncode == 0, done.stderr
    return scripts


def run_in(core, *command):
    """Run one command away from the repository, so that only what is installed is found."""
    settings = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return subprocess.run(
        [core / command[0], *command[1:]],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(core).parent,
        env=settings,
    )


def test_environments_planning_and_conformance_work(core):
    done = run_in(core, "python", "-c", SESSION)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["list"],
        ["solve", "rlenvs/GridWorld-v0", "--discount", "0.95"],
        ["solve", "rlenvs/MDP-v0", "--png", "mdp.png"],
        ["check", "rlenvs/GridWorld-v0"],
        ["bench", "--help"],
        ["compare", "--help"],
        ["new", "my_game"],
    ],
    ids=lambda words: words[0],
)
def test_commands_work(words, core):
    done = run_in(core, "rlenvs", *words)
    assert done.returncode == 0, done.stderr
    assert done.stdout
    assert "Not available" not in done.stdout


def test_what_needs_an_extra_says_which(core):
    done = run_in(core, "rlenvs", "train", "--algo", "dqn", "--env", "rlenvs/GridWorld-v0", "-n", "100")
    assert done.returncode == 2
    assert 'pip install "rlenvs[agents]"' in done.stderr
    assert "Traceback" not in done.stderr


def test_pip_finds_no_conflict(core):
    done = run_in(core, "python", "-m", "pip", "check")
    assert done.returncode == 0, done.stdout


def test_this_is_not_the_python_of_the_tests(core):
    done = run_in(core, "python", "-c", "import rlenvs, sys; print(sys.prefix, rlenvs.__file__)")
    prefix, where = done.stdout.split()
    assert prefix != sys.prefix
    assert where.startswith(prefix)
