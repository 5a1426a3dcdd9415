"""The README: its commands exist, its code runs, its pictures and links lead somewhere."""

import re
import shlex
import subprocess
import sys

import pytest
from places import ROOT

from rlenvs.cli import app, run

DOCUMENTS = ("README.md", "CONTRIBUTING.md")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(text, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def commands(text):
    """Every line of the shell blocks, comments and continuations resolved."""
    joined = "\n".join(blocks(text, "bash")).replace("\\\n", " ")
    lines = [shlex.split(line, comments=True) for line in joined.splitlines()]
    return [words for words in lines if words]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_make_targets_and_commands_exist(name):
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    for words in commands((ROOT / name).read_text(encoding="utf-8")):
        if words[0] == "make":
            assert words[1] in targets
        if words[0] == "rlenvs":
            assert words[1] in app.commands()


@pytest.mark.parametrize("words", [words for words in commands(README) if words[0] == "rlenvs"], ids=" ".join)
def test_options_of_the_commands_exist(words, capsys):
    assert run([words[1], "--help"]) == 0
    shown = capsys.readouterr().out
    for word in words[2:]:
        if word.startswith("-"):
            assert word in shown


@pytest.mark.parametrize("code", blocks(README, "python"), ids=lambda code: code.strip().splitlines()[0])
def test_python_blocks_run(code, tmp_path):
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_and_pictures_lead_somewhere(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"", text) for link in link]
    for link in links:
        assert not link or link.startswith("https://") or (ROOT / link).exists(), link


def test_the_two_commands_come_first():
    assert commands(README)[:2] == [["make", "demo"], ["make", "test"]]


def test_it_names_every_command_and_every_extra():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    missing = [name for name in app.commands() if f"rlenvs {name}" not in README]
    missing += [name for name in project["optional-dependencies"] if f"`{name}`" not in README]
    assert missing == []
