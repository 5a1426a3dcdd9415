"""Does the spec, as JSON, make the same environment again?"""

from collections.abc import Iterator
from typing import Any

import gymnasium
from gymnasium.envs.registration import EnvSpec

from rlenvs.conformance.catalogue import NotApplicable, Problem, Undecided, conformance_check
from rlenvs.conformance.episodes import PLAIN
from rlenvs.conformance.subject import Subject


def _spec(subject: Subject) -> Any:
    if subject.spec is None:
        raise NotApplicable("it has no spec: it was not made by gymnasium.make")
    return subject.spec


@conformance_check(
    "spec-serialisable",
    purpose="The spec becomes JSON and makes the environment again.",
    severity="advice",
    harm="Data sets and run folders cannot say which environment they came from.",
    remedy='Register with the entry point as a string "module:Class", pass plain data as arguments, and derive '
    "wrappers from RecordConstructorArgs.",
)
def spec_serialisable(subject: Subject) -> Iterator[Problem]:
    """Writes the spec as JSON, reads it and makes the environment."""
    spec = _spec(subject)
    try:
        text = spec.to_json()
    except Exception as error:
        yield Problem(f"`spec.to_json()` raised {type(error).__name__}: {str(error)[:200]}")
        return
    try:
        gymnasium.make(EnvSpec.from_json(text), disable_env_checker=True).close()
    except Exception as error:
        yield Problem(f"making it from its JSON spec raised {type(error).__name__}: {str(error)[:200]}")


@conformance_check(
    "spec-rebuilds",
    purpose="The environment made from its own spec has the same spaces and plays the same episode.",
    cost="moderate",
    harm="Evaluation, video and data set run on another variant than the training, without a word.",
    remedy="Record every constructor argument, under its own name and as it was given "
    "(RecordConstructorArgs first, in every wrapper).",
)
def spec_rebuilds(subject: Subject) -> Iterator[Problem]:
    """Plays the script on what the JSON spec makes."""
    spec = _spec(subject)
    try:
        rebuilt = EnvSpec.from_json(spec.to_json())
        made = gymnasium.make(rebuilt, disable_env_checker=True)
    except Exception as error:
        raise Undecided("the spec cannot be rebuilt, see spec-serialisable") from error
    for name in ("observation_space", "action_space"):
        if getattr(made, name) != getattr(subject.env, name):
            yield Problem(f"made from its own spec, it has another `{name}`")
            return
    made.close()
    subject.require_reproducible()
    found = subject.deviation(PLAIN, lambda: gymnasium.make(rebuilt, disable_env_checker=True), calls=600)
    if found:
        yield subject.problem("made from its own spec, it plays another episode", found)
