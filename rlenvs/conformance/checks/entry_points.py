"""Does a native vector environment keep the contract of vector environments, and play what single ones play?"""

from collections.abc import Callable, Iterator
from typing import Any

import gymnasium
import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import iterate

from rlenvs.conformance.catalogue import NotApplicable, Problem, Undecided, conformance_check
from rlenvs.conformance.checks.lanes import LANES, compare_lanes, steps_affordable
from rlenvs.conformance.episodes import own
from rlenvs.conformance.explore import brief
from rlenvs.conformance.handle import CrashError, Handle
from rlenvs.conformance.nested import NEARLY, difference, remember
from rlenvs.conformance.subject import Subject

Build = Callable[[AutoresetMode | None], Any]


def builder(subject: Subject) -> Build:
    """Something that makes the native vector environment, in its own autoreset mode or in a given one.

    Raises:
        NotApplicable: There is none.
    """
    if subject.is_vector:
        if subject.maker.accepts("autoreset_mode"):
            return lambda mode: subject.maker.make(**({} if mode is None else {"autoreset_mode": mode}))
        return lambda _mode: subject.maker.make()
    if getattr(subject.spec, "vector_entry_point", None) is None:
        raise NotApplicable("no vector entry point is registered")
    if subject.spec.additional_wrappers:
        raise NotApplicable("the vector entry point makes it without its wrappers")
    return lambda mode: _make_vec(subject, mode)


def _make_vec(subject: Subject, mode: AutoresetMode | None) -> Any:
    import copy

    spec = copy.deepcopy(subject.spec)
    keywords: dict[str, Any] = {} if mode is None else {"autoreset_mode": mode}
    return gymnasium.make_vec(spec, num_envs=LANES, vectorization_mode="vector_entry_point", **keywords)


def open_vector(subject: Subject, mode: AutoresetMode | None = None) -> Handle:
    """The native vector environment in a mode.

    Raises:
        Undecided: It does not take that mode.
    """
    build = builder(subject)
    try:
        handle = subject.open(lambda: build(mode))
    except CrashError as crash:
        if mode is None or not isinstance(crash.error, TypeError | ValueError):
            raise
        # It may know one mode only and take no argument for it.
        handle = subject.open(lambda: build(None))
    found = handle.env.metadata.get("autoreset_mode")
    if mode is not None and found is not mode:
        raise Undecided(f"it cannot be made in mode {mode.name}, it says {found}")
    return handle


def sampler(handle: Handle, seed: int) -> Callable[[], Any]:
    """Draws batches of actions from a private copy of the action space."""
    import copy

    space = copy.deepcopy(handle.env.action_space)
    space.seed(seed)
    draw: Callable[[], Any] = space.sample
    return draw


def vector_steps(subject: Subject) -> int:
    """How many steps of the vector environment to look at."""
    return 300 if subject.is_vector else steps_affordable(subject, 600)


def _play(handle: Handle, seed: int, actions: list[Any]) -> list[Any]:
    observations, _ = handle.reset(seed=seed)
    rows: list[Any] = [(remember(observations), None, None, None)]
    for action in actions:
        result = handle.step(own(action))
        rows.append(tuple(remember(part) for part in result[:4]))
    return rows


@conformance_check(
    "vector-same-seed",
    purpose="The native vector environment repeats itself for one seed, in a second instance and on the same one.",
    cost="moderate",
    harm="No training run can be repeated.",
    remedy="Seed every generator in `reset(seed=…)`, and clear all lanes there.",
)
def vector_same_seed(subject: Subject) -> Iterator[Problem]:
    """Plays the same actions three times."""
    if subject.nondeterministic:
        raise NotApplicable("the spec declares the environment nondeterministic")
    first, second = open_vector(subject), open_vector(subject)
    sample = sampler(first, 6)
    if first.env.metadata.get("autoreset_mode") is AutoresetMode.DISABLED:
        raise Undecided("its mode is DISABLED")
    actions = [sample() for _ in range(min(vector_steps(subject), 200))]
    rows = _play(first, subject.seed, actions)
    found = difference(rows, _play(second, subject.seed, actions), NEARLY)
    if found:
        yield Problem(f"two instances differ: {found}")
        return
    found = difference(rows, _play(first, subject.seed, actions), NEARLY)
    if found:
        yield Problem(f"a second `reset(seed={subject.seed})` plays otherwise: {found}")


@conformance_check(
    "vector-lanes-independent",
    purpose="What one lane does, does not change another.",
    cost="moderate",
    harm="Lanes are no independent samples, and bugs depend on the number of lanes.",
    remedy="Index every array by lane; give each lane its own generator.",
)
def vector_lanes_independent(subject: Subject) -> Iterator[Problem]:
    """Changes the actions of the last lane and looks at the others, until the first episode ends."""
    if subject.nondeterministic:
        raise NotApplicable("the spec declares the environment nondeterministic")
    handle = open_vector(subject)
    lanes = handle.env.num_envs
    sample, other = sampler(handle, 7), sampler(handle, 8)
    actions = [sample() for _ in range(100)]
    changed = [np.array(action) for action in actions] if isinstance(actions[0], np.ndarray) else []
    if not changed or lanes < 2:
        raise Undecided("its actions are no arrays, or it has one lane")
    for action in changed:
        action[-1] = other()[-1]
    rows = [_play_until_end(handle, subject.seed, list(given)) for given in (actions, changed)]
    space = handle.env.observation_space
    for step, (one, two) in enumerate(zip(*rows, strict=False)):
        pairs = list(zip(iterate(space, one), iterate(space, two), strict=True))[:-1]
        found = next((f for a, b in pairs if (f := difference(remember(a), remember(b), NEARLY))), None)
        if found:
            yield Problem(f"other actions in the last lane change another lane at step {step}: {found}")
            return


def _play_until_end(handle: Handle, seed: int, actions: list[Any]) -> list[Any]:
    observations, _ = handle.reset(seed=seed)
    kept = [np.copy(observations) if isinstance(observations, np.ndarray) else observations]
    for action in actions:
        observations, _, terminated, truncated, _ = handle.step(own(action))
        kept.append(np.copy(observations) if isinstance(observations, np.ndarray) else observations)
        if np.any(terminated) or np.any(truncated):
            break
    return kept


@conformance_check(
    "vector-agrees-with-single",
    purpose="A native vector environment that starts as single ones do goes on as they do.",
    cost="moderate",
    harm="The agent trains in one world and is evaluated in another.",
    remedy="Let the single and the vector environment read one text of the rules; seed lane i with seed + i.",
)
def vector_agrees_with_single(subject: Subject) -> Iterator[Problem]:
    """Plays lanes beside single environments, where both begin alike and chance cannot be the cause."""
    build = builder(subject)
    if subject.is_vector:
        raise NotApplicable("there is no single environment to compare with")
    subject.require_reproducible()
    handle = open_vector(subject)
    env: VectorEnv[Any, Any, Any] = handle.env
    if env.single_observation_space != subject.env.observation_space:
        raise Undecided("its observation space is another one: it is another task than the single environment")
    modes: list[AutoresetMode | None] = [m for m in AutoresetMode if _takes(subject, m)] or [
        env.metadata.get("autoreset_mode")
    ]
    for mode in modes:
        if mode is not None:
            found = compare_lanes(subject, lambda m: build(m if len(modes) > 1 else None), mode, vector_steps(subject))
            if found and not _starts_alike(subject, handle):
                raise Undecided("its lanes are not seeded as single environments are, so nothing can be compared")
            if found:
                yield Problem(f"in mode {mode.name} it plays otherwise than single environments: {found}")
                return


def _takes(subject: Subject, mode: AutoresetMode) -> bool:
    try:
        open_vector(subject, mode)
    except Undecided:
        return False
    return True


def _starts_alike(subject: Subject, handle: Handle) -> bool:
    """Whether lanes begin as singles seeded alike, and the seed matters at the start or not at all."""
    starts: list[Any] = []
    with subject.fresh() as single:
        plays = [brief(single, subject.seed + lane, 20) for lane in range(LANES)]
        fixed = all(difference([m.observation for m in p], [m.observation for m in plays[0]]) is None for p in plays)
        for seed in (subject.seed, subject.seed + 50):
            observations, _ = handle.reset(seed=seed)
            parts = list(iterate(handle.env.observation_space, observations))
            for lane, part in enumerate(parts):
                expected, _ = single.reset(seed=seed + lane)
                starts.append(remember(expected))
                if difference(np.asarray(remember(expected)).tolist(), np.asarray(part).tolist(), NEARLY):
                    return False
    return fixed or any(difference(starts[0], other) for other in starts[1:])
