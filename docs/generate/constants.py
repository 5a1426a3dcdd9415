"""What the code says about public constants: the string below their assignment."""

from __future__ import annotations

import ast
import inspect
from functools import cache
from importlib import import_module
from types import ModuleType

from docs.generate.markdown import prose

BRIEF = {
    "rlenvs.__version__": "The version, a string.",
    "rlenvs.core.MOVES": "Names of the four moves, in the order of the actions: up, down, left, right.",
    "rlenvs.core.MOVE_KEYS": "Which arrow key means which move, as `keys_to_action` wants it.",
    "rlenvs.rendering.Point": "A place in a picture, in pixels from the upper left corner.",
    "rlenvs.rendering.Shape": "Anything that can stand in a scene.",
    "rlenvs_agents.ALGORITHMS": "The table of algorithms by name.",
    "rlenvs_agents.reproduce.MODULES": "The modules that hold the experiments.",
}
"""Constants that have no string below them."""


def meaning(room: ModuleType, name: str) -> str:
    """What a constant of a package is; empty if nobody says so."""
    return _written(room.__name__, name) or BRIEF.get(f"{room.__name__}.{name}", "")


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(inspect.getsource(import_module(module)))


def _written(module: str, name: str) -> str:
    """The string below the assignment, in the module or in the one that it is imported from."""
    tree = _tree(module)
    for statement, following in zip(tree.body, [*tree.body[1:], None], strict=True):
        if _assigns(statement, name):
            text = following.value if isinstance(following, ast.Expr) else None
            return prose(inspect.cleandoc(text.value)) if _is_text(text) else ""
    for statement in ast.walk(tree):
        if isinstance(statement, ast.ImportFrom) and any(alias.name == name for alias in statement.names):
            return _written(str(statement.module), name)
    return ""


def _assigns(statement: ast.stmt, name: str) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return any(isinstance(target, ast.Name) and target.id == name for target in targets)


def _is_text(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
