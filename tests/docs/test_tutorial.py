"""The walk through a project of one's own: each block of the page after the other, and what the page says of it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from snippets import DOCS, snippets

BLOCKS = snippets(DOCS / "make_your_own.md")
TARGET = "lagoon:lagoon/Lagoon-v0"
INSTALL = ["python", "-m", "pip", "install", "-e", ".[dev]"]


class Walker:
    """Types commands into a shell, somewhere in a folder."""

    def __init__(self, folder):
        self.folder = folder
        paths = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
        self.env = {**os.environ, "PATH": paths, "OMP_NUM_THREADS": "1"}

    def types(self, *words):
        return subprocess.run(words, cwd=self.folder, env=self.env, capture_output=True, text=True, check=False)

    def walks(self, words):
        """One line of the page; returns what it printed."""
        if words[0] == "cd":
            self.folder = self.folder / words[1]
            return ""
        if words[0] == "python" and "pip" in words:
            assert words == INSTALL
            self.env["PYTHONPATH"] = str(self.folder)  # as good as installed, and needs no network
            return ""
        if words[:2] == ["rlenvs", "play"]:  # it would wait for keys
            words = ["rlenvs", "record", *words[2:], "--agent", "random", "--out", "film.gif"]
        done = self.types(*words)
        assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
        return done.stdout


def edited(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.slow
def test_the_page_can_be_walked(tmp_path):
    walker = Walker(tmp_path)
    said = {}
    for block in BLOCKS:
        if block.language == "bash":
            for words in block.commands:
                said[" ".join(words)] = walker.walks(words)

    assert "0 error(s), 0 advice" in said[f"rlenvs check {TARGET}"]
    assert re.search(r"^\s*5\b", said[f"rlenvs solve {TARGET}"], re.MULTILINE)
    assert said[f"rlenvs solve {TARGET}"] != said[f"rlenvs solve {TARGET} -k danger=0.05"]
    (distance,) = re.findall(r"short of the best policy by (\S+)", said["python train.py"])
    assert float(distance) < 0.1
    assert " passed" in said["pytest"]

    # "One error": a constructor that reseeds numpy.random.
    file = walker.folder / "lagoon" / "environment.py"
    sound = file.read_text(encoding="utf-8")
    broken = re.sub(r"(    def __init__\(.*?\) -> None:\n)", r"\1        np.random.seed(0)\n", sound, flags=re.DOTALL)
    docstring_end = broken.index('"""', 3) + 3
    file.write_text(broken[:docstring_end] + "\nimport numpy as np\n" + broken[docstring_end:], encoding="utf-8")
    done = walker.types("rlenvs", "check", TARGET)
    assert done.returncode == 1, done.stderr
    assert "1 error(s)" in done.stdout
    file.write_text(sound, encoding="utf-8")

    # The changed rule: everything conforms, and one test says the new number.
    (rule,) = [block.text for block in BLOCKS if block.language == "python"]
    line = "    swept = danger * depth\n"
    edited(walker.folder / "lagoon" / "model.py", line, line + "".join(f"    {row}\n" for row in rule.splitlines()))
    done = walker.types("pytest", "-q")
    assert re.search(r"\b1 failed, \d+ passed", done.stdout), done.stdout
    assert "2.4917" in done.stdout
