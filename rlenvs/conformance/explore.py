"""Short episodes that choose their actions on the way."""

from collections.abc import Iterator
from typing import Any

from rlenvs.conformance.episodes import Trace, moment, opening, own
from rlenvs.conformance.handle import Handle
from rlenvs.conformance.policies import ActionSource, Style


def brief(handle: Handle, seed: int | None, steps: int, actions_seed: int = 4242) -> Trace:
    """A short episode whose actions depend on nothing but their seed and the masks it meets."""
    observation, info = handle.reset(seed=seed)
    trace = [opening(observation, info)]
    source = ActionSource(handle.env.action_space, actions_seed)
    while len(trace) <= steps and not trace[-1].over:
        result = handle.step(own(source.next(handle.mask(observation, info))))
        observation, info = result[0], result[4]
        trace.append(moment(*result))
    return trace


def wander(handle: Handle, seed: int, style: Style = "random") -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """Plays on and on, resetting where an episode ends; yields (action, result of the step)."""
    observation, info = handle.reset(seed=seed)
    source = ActionSource(handle.env.action_space, seed + 5, style)
    while True:
        action = source.next(handle.mask(observation, info))
        result = handle.step(own(action))
        yield action, result
        observation, info = result[0], result[4]
        if result[2] or result[3]:
            observation, info = handle.reset()
