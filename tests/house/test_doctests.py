"""The examples in docstrings do what they say."""

import doctest
from importlib import import_module

import pytest
from places import PACKAGES, python_files

MODULES = [
    ".".join(path.relative_to(package.parent).with_suffix("").parts).removesuffix(".__init__")
    for package in PACKAGES
    for path in python_files(package)
    if ">>> " in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    module = import_module(name)
    # Found, not run: an example that needs an extra may be marked to be skipped.
    assert any(test.examples for test in doctest.DocTestFinder().find(module))
    assert doctest.testmod(module).failed == 0


def test_there_are_some():
    assert len(MODULES) >= 5
