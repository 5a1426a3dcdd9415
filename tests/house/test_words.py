"""What no file of the repository says: paths of somebody's machine, hosts of registries, unfinished notes."""

import re

import pytest
from places import ROOT, text_files

# Written in pieces, so that this file does not hold what it forbids.
FORBIDDEN = {
    "a path of somebody's machine": r"(?<![\w.~-])/(?:" + "|".join(("home", "Users", "root", "work", "opt")) + r")/\w",
    "a host of a package registry": r"\b(?:py" + r"pi\.org|pythonhosted\.org|anaconda\.(?:org|com)|conda-forge\.org)",
    "an unfinished note": r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b",
    "a conflict marker": r"^(?:<{7}|>{7}) ",
    "somebody else's signature": r"(?i)\bco-authored" + r"-by:",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what):
    pattern = re.compile(FORBIDDEN[what], re.MULTILINE)
    found = []
    for path in text_files():
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{path.relative_to(ROOT)}: {match.group(0)!r}" for match in pattern.finditer(text)]
    assert found == []


def test_the_patterns_find_what_they_should():
    lines = [
        "see /ho" + "me/ann/x",
        "from py" + "pi.org",
        "# TO" + "DO: more",
        "<" * 7 + " HEAD",
        "Co-" + "Authored-By: x",
    ]
    for pattern, line in zip(FORBIDDEN.values(), lines, strict=True):
        assert re.search(pattern, line, re.MULTILINE), (pattern, line)


def test_there_are_files_to_look_at():
    names = {str(path.relative_to(ROOT)) for path in text_files()}
    assert {"README.md", "Makefile", "pyproject.toml", "rlenvs/__init__.py"} <= names
