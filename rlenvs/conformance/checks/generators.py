"""Does the environment leave alone the generators that are not its own?"""

import random
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from rlenvs.conformance.catalogue import NotApplicable, Problem, Undecided, conformance_check
from rlenvs.conformance.checks.basics import parts
from rlenvs.conformance.episodes import limited, own
from rlenvs.conformance.handle import Handle
from rlenvs.conformance.subject import Subject

Spy = Callable[[Handle], Any]


@conformance_check(
    "global-generators-untouched",
    purpose="Making, resetting and stepping it neither seeds nor draws from `random` and `numpy.random`.",
    cost="moderate",
    harm="It reseeds everything else in the process: exploration repeats, other seeds lose their meaning.",
    remedy="Use `self.np_random`; remove every `np.random.…` and `random.…` call.",
)
def global_generators_untouched(subject: Subject) -> Iterator[Problem]:
    """Looks at the global generators before and after every call."""
    if subject.nondeterministic:
        raise NotApplicable("the spec declares the environment nondeterministic")
    subject.usable()
    kept = random.getstate(), np.random.get_state()  # noqa: NPY002  # the legacy generator is what is examined
    try:
        # A state that nobody else sets: reseeding with 0 twice in a row would otherwise not be seen.
        random.seed(918273)
        np.random.seed(918273)  # noqa: NPY002  # the legacy generator is what is examined
        before = _global_states()
        with subject.fresh() as handle:
            moved = _moved(before, _global_states())
            if moved:
                yield Problem(f"the constructor draws from or reseeds {moved}")
                return
            found = _first_change(subject, handle, lambda _handle: _global_states())
        if found:
            where, first, second = found
            yield Problem(f"{where} draws from or reseeds {_moved(first, second)}")
    finally:
        random.setstate(kept[0])
        np.random.set_state(kept[1])  # noqa: NPY002  # the caller's generator is put back


def _global_states() -> dict[str, Any]:
    state: Any = np.random.get_state()  # noqa: NPY002  # the legacy generator is what is examined
    return {"`random`": random.getstate(), "`numpy.random`": (state[1].tobytes(), state[2:])}


def _moved(first: dict[str, Any], second: dict[str, Any]) -> str:
    return " and ".join(name for name in first if first[name] != second[name])


def _first_change(subject: Subject, handle: Handle, spy: Spy) -> tuple[str, Any, Any] | None:
    """Plays the script and names the first call after which what the spy sees has changed."""
    for number, episode in enumerate(limited(subject.script, 1200)):
        before = spy(handle)
        handle.reset(seed=episode.seed)
        for step in range(len(episode.actions) + 1):
            after = spy(handle)
            if after != before:
                call = f"step {step}" if step else "`reset`"
                return f"{call} of episode {number + 1}", before, after
            if step == len(episode.actions):
                break
            result = handle.step(own(episode.actions[step]))
            if result[2] or result[3]:
                break
    return None


def space_states(handle: Handle) -> list[str]:
    """The generators of the action space, of its parts, and of the unwrapped environment's."""
    env = handle.env
    spaces = [env.action_space, getattr(getattr(env, "unwrapped", env), "action_space", env.action_space)]
    generators = [getattr(part, "_np_random", None) for space in spaces for part in parts(space)]
    return [str(g.bit_generator.state) if g is not None else "" for g in generators]


@conformance_check(
    "action-space-not-drawn-from",
    purpose="The environment does not draw from the generator of its action space.",
    cost="moderate",
    harm="Noise in the environment comes from a generator that `reset(seed=…)` does not seed, and exploration "
    "depends on it.",
    remedy="Draw an action index from `self.np_random` instead of calling `self.action_space.sample()`.",
)
def action_space_not_drawn_from(subject: Subject) -> Iterator[Problem]:
    """Looks at the generator of the action space before and after every call."""
    subject.usable()
    with subject.fresh() as handle:
        space = handle.env.action_space
        handle.reset(seed=1)
        if handle.env.action_space is not space:
            raise Undecided("`reset` replaces the action space, see spaces-kept")
        handle.env.action_space.seed(5)
        if subject.script and _reseeds(handle):
            handle.env.action_space.seed(5)
            found = _first_change_in_steps(subject, handle)
        else:
            found = _first_change(subject, handle, space_states)
    if found:
        yield Problem(f"{found[0]} draws from the action space's generator")


def _first_change_in_steps(subject: Subject, handle: Handle) -> tuple[str, Any, Any] | None:
    for number, episode in enumerate(limited(subject.script, 400)):
        handle.reset(seed=episode.seed)
        before = space_states(handle)
        for step, action in enumerate(episode.actions, start=1):
            result = handle.step(own(action))
            if space_states(handle) != before:
                return f"step {step} of episode {number + 1}", before, None
            if result[2] or result[3]:
                break
    return None


def _reseeds(handle: Handle) -> bool:
    """Whether `reset(seed=…)` puts the action space's generator in a state that depends on the seed alone."""
    states = []
    for seed in (5, 6):
        handle.env.action_space.seed(seed)
        before = space_states(handle)
        handle.reset(seed=1)
        after = space_states(handle)
        if after == before:
            return False
        states.append(after)
    return states[0] == states[1]


@conformance_check(
    "action-space-not-reseeded",
    purpose="`reset(seed=…)` does not seed the action space.",
    severity="advice",
    cost="moderate",
    harm="Exploration starts again with the same actions at every seeded reset, and follows the world's seed.",
    remedy="Leave the spaces to the caller, who seeds them with `env.action_space.seed(…)`.",
)
def action_space_not_reseeded(subject: Subject) -> Iterator[Problem]:
    """Resets with one seed from two different states of the action space's generator."""
    subject.usable()
    with subject.fresh() as handle:
        handle.reset(seed=1)
        if _reseeds(handle):
            yield Problem("`reset(seed=…)` reseeds the action space's generator")
