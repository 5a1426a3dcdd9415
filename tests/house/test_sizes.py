"""No large file, no large function, no drawer for odds and ends."""

import ast

import pytest
from places import CODE, PACKAGES, ROOT, python_files

MOST_LINES_OF_A_FILE = 300
MOST_LINES_OF_A_FUNCTION = 40
DRAWERS = {"utils", "util", "common", "helpers", "misc"}


def lines_of_code(function):
    """Lines of a function without its signature and docstring: a description should not be short for our sake."""
    body = function.body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    return 0 if not body else body[-1].end_lineno - body[0].lineno + 1


@pytest.mark.parametrize("path", python_files(*CODE), ids=lambda path: str(path.relative_to(ROOT)))
def test_sizes(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES_OF_A_FILE
    functions = [
        node for node in ast.walk(ast.parse(text)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    large = {f.name: lines_of_code(f) for f in functions if lines_of_code(f) > MOST_LINES_OF_A_FUNCTION}
    assert large == {}


def test_the_measure_of_a_function():
    (function,) = ast.parse('def f(\n    x,\n):\n    """One.\n\n    Two.\n    """\n    y = x\n\n    return y\n').body
    assert lines_of_code(function) == 3


def test_no_drawers():
    names = {part for path in python_files(*PACKAGES) for part in path.relative_to(ROOT).with_suffix("").parts}
    assert names & DRAWERS == set()


def test_every_test_file_has_a_name_of_its_own():
    names = [path.name for path in python_files(ROOT / "tests") if path.name.startswith("test_")]
    assert sorted({name for name in names if names.count(name) > 1}) == []
