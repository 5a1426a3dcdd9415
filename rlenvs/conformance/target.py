"""From what the user names (an id, `module:callable`, a function) to something that makes the environment."""

import functools
import importlib
import inspect
import warnings
from collections.abc import Callable
from typing import Any

import gymnasium
from gymnasium.envs.registration import EnvSpec


class Maker:
    """Makes fresh instances of one environment.

    Args:
        target: A Gymnasium id (also `module:ns/Name-v0`), `module:callable`, or a callable without
            required arguments.

    Raises:
        TypeError: `target` is neither a string nor callable.
        ValueError: `target` names a callable that does not exist.
        ModuleNotFoundError: `target` names a module that cannot be imported.
        gymnasium.error.Error: `target` is an id that is not registered.
    """

    def __init__(self, target: str | Callable[..., Any]) -> None:
        self.id: str | None = None
        self.function: Callable[..., Any] | None = None
        if callable(target):
            self.function = target
            self.label = _name_of(target)
        elif isinstance(target, str):
            self.label = target
            self.function = _named_callable(target)
            if self.function is None:
                self.id = target
                _registered(target)
        else:
            raise TypeError(
                f"`target` must be an environment id, 'module:callable' or a callable, got {target!r}; "
                "pass a function that makes the environment, not the environment itself"
            )

    def make(self, **keywords: Any) -> Any:
        """A fresh instance; keywords (such as `render_mode`) go to the id or to the callable."""
        if self.id is not None:
            # The passive checker of `make` would report part of what the checks look for, in other words.
            return gymnasium.make(self.id, disable_env_checker=True, **keywords)
        if self.function is None:
            raise TypeError("a maker needs an id or a callable")
        return self.function(**keywords)

    def accepts(self, name: str) -> bool:
        """Whether `make` takes the keyword `name`."""
        if self.function is None:
            return True
        try:
            parameters = inspect.signature(self.function).parameters.values()
        except (TypeError, ValueError):
            return False
        return any(p.name == name or p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters)

    @property
    def module(self) -> str:
        """Name of the module that the function comes from."""
        function, _ = _unfolded(self.function)
        return str(getattr(function, "__module__", None) or "")

    @property
    def code(self) -> str:
        """Python lines that make the environment under the name `env`."""
        if self.id is not None:
            return f"import gymnasium as gym\nenv = gym.make({self.id!r})"
        function, arguments = _unfolded(self.function)
        module = getattr(function, "__module__", "__main__")
        name = getattr(function, "__qualname__", "env_fn")
        if "<" in name:
            return f"env = env_fn()  # the function given to check(), from {module}"
        return f"from {module} import {name.split('.')[0]}\nenv = {name}({arguments})"


def _unfolded(function: Any) -> tuple[Any, str]:
    """A function and the text of the arguments that a partial binds to it."""
    if not isinstance(function, functools.partial):
        return function, ""
    given = [repr(value) for value in function.args] + [f"{k}={v!r}" for k, v in function.keywords.items()]
    return function.func, ", ".join(given)


def _name_of(function: Callable[..., Any]) -> str:
    function, arguments = _unfolded(function)
    name = getattr(function, "__qualname__", type(function).__name__) + (f"({arguments})" if arguments else "")
    return f"{getattr(function, '__module__', '?')}:{name}"


def _named_callable(target: str) -> Callable[..., Any] | None:
    """The callable that `module:name` names, or None when the text is an environment id."""
    module_name, separator, attribute = target.partition(":")
    if not separator:
        return None
    module = importlib.import_module(module_name)
    if "/" in attribute or attribute in gymnasium.registry:
        return None
    found: Any = module
    for part in attribute.split("."):
        if not hasattr(found, part):
            raise ValueError(
                f"`target` {target!r}: module {module_name!r} has no {attribute!r} and no environment "
                "of that id is registered; write 'module:callable' or 'module:namespace/Name-v0'"
            )
        found = getattr(found, part)
    if not callable(found):
        raise ValueError(f"`target` {target!r} must name a callable that makes the environment, got {found!r}")
    return found  # type: ignore[no-any-return]  # found by name: only its being callable is known


def _registered(target: str) -> EnvSpec:
    """The spec of an id, its module imported.

    Raises:
        gymnasium.error.Error: Nothing of that id is registered.
    """
    module_name, separator, name = target.rpartition(":")
    if separator:
        importlib.import_module(module_name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return gymnasium.spec(name)
