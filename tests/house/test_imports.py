"""Importing rlenvs, and listing and checking environments, stays light."""

import json
import subprocess
import sys

import pytest

HEAVY = (
    "tensorflow", "keras", "torch", "pygame", "matplotlib", "numba", "PIL", "cv2", "stable_baselines3", "sb3_contrib",
    "ale_py", "tensorboard", "rlenvs_agents", "rlenvs_play",
)  # fmt: skip
MOST_SECONDS = 0.3
ROUNDS = 7


def in_a_fresh_python(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


def loaded_by(code):
    report = (
        f"import json, sys; print(json.dumps(sorted({{n.partition('.')[0] for n in sys.modules}} & set({HEAVY!r}))))"
    )
    return json.loads(in_a_fresh_python(f"{code}\n{report}"))


@pytest.mark.parametrize(
    "code",
    [
        "import rlenvs",
        "import rlenvs.core, rlenvs.planning, rlenvs.rendering, rlenvs.envs, rlenvs.wrappers, rlenvs.conformance",
        "import rlenvs.conformance.pytest_plugin",
        "import gymnasium; env = gymnasium.make('rlenvs:rlenvs/GridWorld-v0'); env.reset(); env.step(0)",
        "from rlenvs.cli import run; run(['list'])",
        "from rlenvs.cli import run; run(['check', '--list'])",
        "from rlenvs.cli import run; run(['solve', 'rlenvs/GridWorld-v0'])",
    ],
)
def test_nothing_heavy_is_loaded(code):
    assert loaded_by(code) == []


def test_help_loads_the_commands_and_nothing_that_they_need():
    assert set(loaded_by("from rlenvs.cli import run; run(['--help'])")) <= {"rlenvs_agents", "rlenvs_play"}


def test_importing_writes_nothing():
    code = "import rlenvs, rlenvs.planning, rlenvs.conformance, rlenvs.wrappers"
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_importing_twice_registers_once():
    code = "import warnings; warnings.simplefilter('error'); import rlenvs; rlenvs.register(); print('quiet')"
    assert in_a_fresh_python(code) == "quiet"


def seconds_to_import(module):
    code = f"import time; start = time.perf_counter(); import {module}; print(time.perf_counter() - start)"
    return float(in_a_fresh_python(code))


def test_import_costs_little_beyond_gymnasium():
    # The least of several rounds, taken in turns: the machine may be busy, it is never too fast.
    pairs = [(seconds_to_import("gymnasium"), seconds_to_import("rlenvs")) for _ in range(ROUNDS)]
    alone, ours = (min(column) for column in zip(*pairs, strict=True))
    # Usual are 0.04 s beside the 0.23 s of Gymnasium; a machine that takes longer over Gymnasium may over us, too.
    assert ours - alone <= max(MOST_SECONDS, alone)
