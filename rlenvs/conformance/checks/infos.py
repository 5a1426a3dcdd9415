"""Are infos dicts that a vector environment can put together?"""

from collections.abc import Iterator
from itertools import permutations
from typing import Any

import numpy as np
from gymnasium.vector import VectorEnv

from rlenvs.conformance.catalogue import Problem, conformance_check
from rlenvs.conformance.nested import ROUNDING, difference, remember, short
from rlenvs.conformance.subject import Subject

RESERVED = ("final_obs", "final_info", "terminal_observation", "TimeLimit.truncated")


@conformance_check(
    "info-dict",
    purpose="Infos are dicts whose keys are strings.",
    harm="Wrappers that add to the info fail.",
    remedy="Return a new dict, empty if there is nothing to say.",
)
def info_dict(subject: Subject) -> Iterator[Problem]:
    """Reads the sighting of the survey."""
    yield from subject.sighting("info-dict")


@conformance_check(
    "info-vectorises",
    purpose="Each info key keeps one type and shape, so that a vector environment returns what was given.",
    harm="A vector environment cuts fractions off, mixes up shapes or fails, in the step where two lanes differ.",
    remedy="Give each key one type and one shape in every call, such as `float(x)` throughout.",
)
def info_vectorises(subject: Subject) -> Iterator[Problem]:
    """Puts every two kinds of values that one key took together, as a vector environment does."""
    subject.usable()
    for path, kinds in subject.info_types.kinds.items():
        seen = list(kinds.values())
        pairs = [(one, one) for one in seen] + list(permutations(seen, 2))
        fault = next((f for one, other in pairs if (f := _merge_fault(one, other))), None)
        if fault:
            yield Problem(f"info{path} does not survive a vector environment: {fault}")


def _merge_fault(one: tuple[str, Any], other: tuple[str, Any]) -> str | None:
    vector: VectorEnv[Any, Any, Any] = VectorEnv()  # a bare one, only for its way with infos
    vector.num_envs = 2
    values = [one[1], other[1]]
    where = f"{short(values[0], 50)} at {one[0]} beside {short(values[1], 50)} at {other[0]}"
    try:
        merged: dict[str, Any] = {}
        for lane, value in enumerate(values):
            merged = vector._add_info(merged, {"key": value}, lane)
        back = [merged["key"][lane] for lane in range(2)]
    except Exception as error:
        return f"{where} raises {type(error).__name__}: {error}"
    for value, got in zip(values, back, strict=True):
        if isinstance(got, np.ndarray) and isinstance(value, list | tuple):
            continue
        if difference(remember(value), remember(got), ROUNDING):
            return f"{where} comes back as {short(got, 50)}"
    return None


@conformance_check(
    "info-keys-agree",
    purpose="The keys that every step has are there at reset too, and the other way round.",
    severity="advice",
    harm="Data sets and loggers that take their layout from the first info fail at the second.",
    remedy="Build the info in one function that both `reset` and `step` call.",
)
def info_keys_agree(subject: Subject) -> Iterator[Problem]:
    """Compares the keys of resets with the keys that all steps have."""
    subject.usable()
    types = subject.info_types
    if not types.at_reset or not types.step_calls:
        return
    resets = set.intersection(*types.at_reset)
    always = {key for key, count in types.steps.items() if count == types.step_calls}
    ever: set[str] = set().union(*types.at_reset)
    only_steps = sorted(always - ever)
    only_reset = sorted(resets - types.at_step - {"skipped_reward"})
    if only_steps or only_reset:
        yield Problem(f"keys in every step but not at reset: {only_steps}; at reset but in no step: {only_reset}")


@conformance_check(
    "info-keys-free",
    purpose="No info key is one that vector environments and libraries use for themselves.",
    severity="advice",
    harm="Vector environments overwrite the value or take it for their own.",
    remedy="Choose another name; names that begin with an underscore are masks of vector environments.",
)
def info_keys_free(subject: Subject) -> Iterator[Problem]:
    """Looks for reserved names."""
    subject.usable()
    keys = subject.info_types.at_step.union(*subject.info_types.at_reset)
    taken = sorted(key for key in keys if key in RESERVED or key.startswith("_"))
    if taken:
        yield Problem(f"info uses reserved keys: {taken}")
