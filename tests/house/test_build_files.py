"""Makefile, CI script, pins, changelog: they agree with each other."""

import os
import re
import subprocess
import tomllib
from datetime import date

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from places import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PINS = {
    canonicalize_name(name): version
    for name, version in re.findall(
        r"^([\w.-]+)==(\S+)", (ROOT / "constraints.txt").read_text(encoding="utf-8"), flags=re.MULTILINE
    )
}
REQUIREMENTS = [
    Requirement(text)
    for texts in (PROJECT["dependencies"], *PROJECT["optional-dependencies"].values())
    for text in texts
    if not text.startswith("rlenvs[")
]
NOT_PINNED = {"minari"}  # in no group that is installed for the tests


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=str)
def test_every_requirement_is_pinned_to_a_version_it_allows(requirement):
    name = canonicalize_name(requirement.name)
    assert name not in ("pygame", "rlenvs")
    if name not in NOT_PINNED:
        assert requirement.specifier.contains(PINS[name])


def test_requires_python_says_what_the_makefile_checks():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert PROJECT["requires-python"] == ">=3.11,<3.14"
    assert "(3, 11) <= sys.version_info[:2] <= (3, 13)" in makefile


def test_ci_script_runs_make_test():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
    text = script.read_text(encoding="utf-8")
    assert "set -euo pipefail" in text
    assert "make test" in text.splitlines()[-1]


@pytest.mark.parametrize("version", ["3.10.14", "3.14.0"])
def test_make_refuses_a_python_that_is_too_old_or_too_new(version, tmp_path):
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    fake = tmp_path / "python"
    fake.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo "Python {version}" && exit\nexit 1\n')
    fake.chmod(0o755)
    done = subprocess.run(["make", "demo", f"PYTHON={fake}"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "3.11, 3.12 or 3.13" in done.stderr
    assert f"Python {version}" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_changelog_has_this_version_and_its_headings():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## (\S+)(?: \((\d{4}-\d{2}-\d{2})\))?$", text, flags=re.MULTILINE)
    names = [name for name, _ in versions]
    assert names[0] == "Unreleased" or names[0] == PROJECT["version"]
    assert PROJECT["version"] in names
    assert all(date.fromisoformat(day) for _, day in versions if day)
    known = {"Breaking changes", "New features", "Bug fixes", "Documentation", "Others"}
    assert set(re.findall(r"^### (.+)$", text, flags=re.MULTILINE)) <= known
