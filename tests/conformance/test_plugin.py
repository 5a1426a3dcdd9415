"""The pytest plugin, used as a stranger would: in a project of its own, in a process of its own."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

PROJECT = """
import gymnasium as gym
import numpy as np


class Toy(gym.Env):
    metadata = {"render_modes": []}

    def __init__(self):
        self.observation_space = gym.spaces.Box(0, 1, (2,), np.float32)
        self.action_space = gym.spaces.Discrete(2)
        self.over = True

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.t, self.over = 0, False
        return self.np_random.random(2).astype(np.float32), {}

    def step(self, action):
        if self.over or not self.action_space.contains(action):
            raise ValueError("reset first, and take 0 or 1")
        self.t += 1
        self.over = bool(self.np_random.random() < 0.1)
        return self.np_random.random(2).astype(np.float32), FLAW, self.over, False, {}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "good_env.py").write_text(PROJECT.replace("FLAW", "1.0"))
    (tmp_path / "bad_env.py").write_text(PROJECT.replace("FLAW", "float('nan')"))
    (tmp_path / "test_mine.py").write_text("def test_mine():\n    pass\n")
    return tmp_path


def pytest_in(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def test_a_sound_environment_passes_beside_the_projects_own_tests(project: Path) -> None:
    result = pytest_in(project, "--rlenvs-env", "good_env:Toy", "--junitxml", "report.xml")
    assert result.returncode == 0, result.stdout
    cases = ElementTree.parse(project / "report.xml").getroot().iter("testcase")
    names = {(case.get("classname"), case.get("name")) for case in cases}
    assert ("rlenvs-env good_env:Toy", "observation-in-space") in names
    assert ("test_mine", "test_mine") in names


def test_a_defect_fails_the_test_of_its_check_and_shows_the_finding(project: Path) -> None:
    result = pytest_in(project, "--rlenvs-env", "bad_env:Toy", "-k", "reward-finite or reward-number")
    assert result.returncode == 1
    assert "1 failed, 1 passed" in result.stdout
    assert "the reward is nan" in result.stdout
    assert "to see it again" in result.stdout
    assert "Traceback" not in result.stdout


def test_waivers_come_from_the_ini_file_and_from_markers(project: Path) -> None:
    (project / "pytest.ini").write_text("[pytest]\nrlenvs_waive =\n    reward-finite: prices may be missing\n")
    (project / "test_marked.py").write_text(
        "import pytest\npytestmark = pytest.mark.rlenvs_waive('reward-number', reason='tried out')\n"
        "def test_it():\n    pass\n"
    )
    chosen = ("--rlenvs-env", "bad_env:Toy", "-k", "reward-finite or reward-number or test_it", "-rs")
    result = pytest_in(project, *chosen)
    assert result.returncode == 0, result.stdout
    assert "waived: prices may be missing" in result.stdout
    assert "waived: tried out" in result.stdout


@pytest.mark.parametrize(
    ("ini", "text"),
    [("reward-finite", "needs a reason"), ("reward-finit: x", "did you mean 'reward-finite'?")],
)
def test_a_bad_waiver_is_a_usage_error(project: Path, ini: str, text: str) -> None:
    (project / "pytest.ini").write_text(f"[pytest]\nrlenvs_waive =\n    {ini}\n")
    result = pytest_in(project, "--rlenvs-env", "bad_env:Toy")
    assert result.returncode == 4
    assert text in result.stderr + result.stdout


def test_an_unknown_target_is_one_usage_error(project: Path) -> None:
    result = pytest_in(project, "--rlenvs-env", "Nope-v0")
    assert result.returncode == 4
    assert "'Nope-v0' cannot be checked" in result.stderr + result.stdout


def test_without_the_option_nothing_of_the_suite_is_loaded(project: Path) -> None:
    (project / "test_mine.py").write_text(
        "import sys\ndef test_mine():\n"
        "    loaded = [m for m in sys.modules if m.startswith('rlenvs.conformance.')]\n"
        "    assert loaded == ['rlenvs.conformance.pytest_plugin']\n"
        "    assert not {'scipy', 'pygame', 'tensorflow', 'torch', 'numba'} & set(sys.modules)\n"
    )
    result = pytest_in(project)
    assert result.returncode == 0, result.stdout
