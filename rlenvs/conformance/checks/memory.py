"""Does what was returned stay what it was, and does changing it leave the environment alone?"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from rlenvs.conformance.catalogue import Problem, conformance_check
from rlenvs.conformance.episodes import Treatment
from rlenvs.conformance.handle import Handle
from rlenvs.conformance.nested import children
from rlenvs.conformance.subject import Subject


@conformance_check(
    "observation-not-shared",
    purpose="Observations of different calls share no memory, nested ones included.",
    harm="A replay buffer that keeps references holds the newest observation in every place.",
    remedy="Return `observation.copy()`, also of tables and constants.",
)
def observation_not_shared(subject: Subject) -> Iterator[Problem]:
    """Reads the sighting of the survey."""
    yield from subject.sighting("observation-not-shared")


@conformance_check(
    "info-not-shared",
    purpose="Infos of different calls share no dict, list or array.",
    harm="Logged infos and masks change after they were logged.",
    remedy="Return a new dict each time, and copies of the arrays in it, masks and constants included.",
)
def info_not_shared(subject: Subject) -> Iterator[Problem]:
    """Reads the sighting of the survey."""
    yield from subject.sighting("info-not-shared")


@conformance_check(
    "returned-data-stays",
    purpose="What was returned is not changed by later calls.",
    harm="Stored transitions become wrong after the fact: s and s' turn out to be the same.",
    remedy="Copy what is returned; do not go on working on it.",
)
def returned_data_stays(subject: Subject) -> Iterator[Problem]:
    """Reads the sighting of the survey."""
    yield from subject.sighting("returned-data-stays")


@conformance_check(
    "state-not-handed-out",
    purpose="Writing into a returned observation or info does not change the environment.",
    cost="moderate",
    harm="Normalising an observation in place moves the agent in its world.",
    remedy="Return a copy of the state, never the array the environment works on.",
)
def state_not_handed_out(subject: Subject) -> Iterator[Problem]:
    """Replays while scribbling over everything that was returned."""

    def after(_handle: Handle, result: Any) -> None:
        scribble(result[0])
        scribble(result[1])

    found = subject.experiment(Treatment(after=after))
    if found:
        text = "writing into what `reset` and `step` returned changes the episode"
        yield subject.problem(text, found)


def scribble(value: Any) -> None:
    """Overwrites every array and empties every dict and list inside `value`."""
    if isinstance(value, np.ndarray):
        if value.flags.writeable and value.dtype.kind in "fiub":
            value[...] = ~value if value.dtype.kind in "iub" else value * -3 + 7
        return
    for _, part in list(children(value)):
        scribble(part)
    if isinstance(value, dict | list):
        value.clear()
