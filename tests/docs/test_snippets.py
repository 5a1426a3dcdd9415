"""Every block of code in the documentation runs."""

import importlib.util
import re
import subprocess
import sys

import pytest
from snippets import DOCS, ROOT, pages, snippets

from rlenvs.cli import app, run

# Its blocks follow one another in the folder of a new project, so none of them runs alone.
WALK = DOCS / "make_your_own.md"
ALL = [snippet for path in pages() if path != WALK for snippet in snippets(path)]
MARKERS = {"", "slow", "shown"}
NEEDED = {
    "minigrid": "minigrid",
    "LunarLander": "Box2D",
    "BipedalWalker": "Box2D",
    "ALE/": "ale_py",
    "make_atari": "ale_py",
    "tensorflow": "tensorflow",
}


def chosen(language, *, shown=False):
    return [
        pytest.param(snippet, id=str(snippet), marks=[pytest.mark.slow] if snippet.marker == "slow" else [])
        for snippet in ALL
        if snippet.language == language and (snippet.marker == "shown") is shown
    ]


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def skip_without_what_it_needs(snippet):
    for fragment, module in NEEDED.items():
        if fragment in snippet.text and importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed")


@pytest.mark.parametrize("snippet", chosen("python"))
def test_python_runs(snippet):
    skip_without_what_it_needs(snippet)
    if snippet.marker == "slow":
        done = subprocess.run([sys.executable, "-c", snippet.text], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    else:
        exec(compile(snippet.text, str(snippet), "exec"), {"__name__": "__main__"})


@pytest.mark.parametrize("snippet", chosen("bash"))
def test_commands_run(snippet):
    for words in snippet.commands:
        assert words[0] == "rlenvs", f"{words[0]} cannot be run here: mark the block as shown"
        assert run(words[1:]) == 0


@pytest.mark.parametrize("snippet", chosen("bash", shown=True))
def test_commands_exist(snippet, capsys):
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    for words in snippet.commands:
        if words[0] == "make":
            assert words[1] in targets
        if words[0] == "rlenvs":
            assert words[1] in app.commands()
            assert run([words[1], "--help"]) == 0
            help_text = capsys.readouterr().out
            assert [word for word in words[2:] if word.startswith("--") and word not in help_text] == []


def test_markers_are_known_and_stand_where_they_work():
    assert {snippet.marker for snippet in ALL} <= MARKERS
    for path in set(pages()) - {WALK}:
        written = path.read_text(encoding="utf-8").count("<!-- snippet:")
        assert written == sum(bool(snippet.marker) for snippet in snippets(path)), path


def test_the_blocks_are_found():
    assert len(ALL) > 50
    assert {snippet.language for snippet in ALL} == {"python", "bash"}
    everything = "".join(path.read_text(encoding="utf-8") for path in DOCS.rglob("*.md") if path != WALK)
    assert len(ALL) == len(re.findall(r"^```(?:python|bash)$", everything, flags=re.MULTILINE))
