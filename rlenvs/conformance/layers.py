"""The wrappers around an environment, one by one."""

from collections.abc import Iterator
from typing import Any

import gymnasium
from gymnasium.wrappers import PassiveEnvChecker


def layers(env: Any) -> Iterator[Any]:
    """The environment and all that it wraps, outermost first."""
    while isinstance(env, gymnasium.Wrapper):
        yield env
        env = env.env
    yield env


def without_passive_checker(env: Any) -> Any:
    """The environment without Gymnasium's passive checker, which would raise before the checks can look."""
    while isinstance(env, PassiveEnvChecker):
        env = env.env
    for layer in layers(env):
        if isinstance(layer, gymnasium.Wrapper) and isinstance(layer.env, PassiveEnvChecker):
            layer.env = layer.env.env
    return env
