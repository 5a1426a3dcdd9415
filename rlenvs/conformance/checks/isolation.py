"""Does the episode depend on nothing but its seed and its actions?"""

import random
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from rlenvs.conformance.catalogue import Problem, Undecided, conformance_check
from rlenvs.conformance.episodes import Treatment
from rlenvs.conformance.explore import wander
from rlenvs.conformance.handle import CrashError, Handle, MalformedError
from rlenvs.conformance.subject import Subject


@conformance_check(
    "instances-independent",
    purpose="An instance plays the same while another one is made, played and closed beside it.",
    cost="moderate",
    harm="The lanes of a vector environment, or training and evaluation, disturb each other.",
    remedy="Keep state on `self`, never on the class, in the module or in a default argument.",
)
def instances_independent(subject: Subject) -> Iterator[Problem]:
    """Replays with a second instance stepping in between and a third one coming and going."""
    subject.require_reproducible()
    with subject.fresh() as other:
        moves = wander(other, seed=987)
        calls = [0]

        def before(_handle: Handle) -> None:
            calls[0] += 1
            if calls[0] in (7, 60):
                with subject.fresh() as third:
                    third.reset(seed=99)
            try:
                next(moves, None)
            except (CrashError, MalformedError) as fault:
                raise Undecided(f"the second instance broke down: {fault}") from fault

        found = subject.experiment(Treatment(before=before), calls=700)
    if found:
        yield subject.problem("another instance of the environment changes the episode", found)


@conformance_check(
    "global-generators-not-read",
    purpose="Reseeding `random` and `numpy.random` does not change the episode.",
    cost="moderate",
    harm="The episode depends on what other code drew before: the seed of the environment does not fix it.",
    remedy="Draw from `self.np_random`.",
)
def global_generators_not_read(subject: Subject) -> Iterator[Problem]:
    """Replays while the global generators are reseeded before every call, twice in different ways."""
    if subject.nondeterministic:
        subject.require_reproducible()
    subject.usable()
    kept = random.getstate(), np.random.get_state()  # noqa: NPY002  # the legacy generator is what is examined
    try:
        first, second = (subject.deviation(Treatment(before=_reseed(salt)), calls=500) for salt in (1, 2))
        quiet = first is None and second is None
        control = None if quiet else subject.deviation(Treatment(before=_reseed(1)), calls=500)
    finally:
        random.setstate(kept[0])
        np.random.set_state(kept[1])  # noqa: NPY002  # the caller's generator is put back
    if quiet:
        return
    if subject.unstable is None or (str(first) == str(control) and str(first) != str(second)):
        found = first or second
        if found is not None:
            text = "reseeding `random` and `numpy.random` between calls changes the episode"
            yield subject.problem(text, found)
        return
    raise Undecided("the environment does not repeat itself, see same-seed-second-instance")


def _reseed(salt: int) -> Any:
    count = [0]

    def before(_handle: Handle) -> None:
        count[0] += 1
        random.seed(salt * 7919 + count[0])
        np.random.seed(salt * 104729 + count[0])  # noqa: NPY002  # the legacy generator is what is examined

    return before


@conformance_check(
    "clock-not-read",
    purpose="The episode does not depend on the time of day.",
    cost="moderate",
    harm="Results differ from run to run, and between fast and slow machines.",
    remedy="Count steps instead of seconds; never seed from the clock.",
)
def clock_not_read(subject: Subject) -> Iterator[Problem]:
    """Replays with `time.time` running ahead by an odd number of seconds at every call."""
    real, real_ns = time.time, time.time_ns
    shift = [0.0]

    def before(_handle: Handle) -> None:
        shift[0] += 1013.7

    def later() -> float:
        return real() + shift[0]

    def later_ns() -> int:
        return real_ns() + int(shift[0] * 1e9)

    subject.require_reproducible()
    time.time, time.time_ns = later, later_ns
    try:
        found = subject.deviation(Treatment(before=before), calls=500)
    finally:
        time.time, time.time_ns = real, real_ns
    if found:
        yield subject.problem("with another time of day the episode is another", found)


@conformance_check(
    "reading-changes-nothing",
    purpose="Reading properties, spaces, masks and snapshots, and printing the environment, changes nothing.",
    cost="moderate",
    harm="A logger or debugger that looks at the environment changes the experiment.",
    remedy="Let properties and masks compute from the state, without drawing or counting.",
)
def reading_changes_nothing(subject: Subject) -> Iterator[Problem]:
    """Replays while every public property is read before each call."""
    names = _properties(subject.env)

    def before(handle: Handle) -> None:
        env = handle.env
        for owner in (env, getattr(env, "unwrapped", env)):
            for name in names:
                _read(handle, owner, name)
        str(env)
        for name in ("action_masks", "get_action_meanings", "get_state"):
            _call(handle, getattr(env, "unwrapped", env), name)

    found = subject.experiment(Treatment(before=before), calls=400)
    if found:
        yield subject.problem("reading properties, masks and snapshots between calls changes the episode", found)


def _properties(env: Any) -> list[str]:
    """Public properties of the environment's class; the generator is left out: reading it may create it."""
    cls = type(getattr(env, "unwrapped", env))
    names = [n for n in dir(cls) if isinstance(getattr(cls, n, None), property) and n[0] != "_"]
    return [n for n in names if n not in ("np_random", "np_random_seed")] + ["render_mode", "spec", "metadata"]


def _read(handle: Handle, owner: Any, name: str) -> None:
    try:
        handle.call(f"reading {name}", getattr, owner, name, None)
    except CrashError:
        return


def _call(handle: Handle, owner: Any, name: str) -> None:
    function = getattr(owner, name, None)
    if callable(function):
        try:
            handle.call(name, function)
        except CrashError:
            return


@conformance_check(
    "sampling-changes-nothing",
    purpose="`action_space.sample()` and seeding the spaces do not change the episode.",
    cost="moderate",
    harm="How the agent explores changes the world it explores.",
    remedy="Draw from `self.np_random`, not from a space; do not share one generator between them.",
)
def sampling_changes_nothing(subject: Subject) -> Iterator[Problem]:
    """Replays while both spaces are sampled before each call, and seeded differently."""
    for salt in (3, 4):
        count = [0]

        def before(handle: Handle, salt: int = salt, count: list[int] = count) -> None:
            count[0] += 1
            if count[0] == 1:
                handle.env.action_space.seed(salt)
                handle.env.observation_space.seed(salt)
            if not count[0] % 2:
                handle.env.action_space.sample()

        found = subject.experiment(Treatment(before=before), calls=500)
        if found:
            yield subject.problem("seeding and sampling the spaces changes the episode", found)
            return
