"""Is the episode the same in another process?"""

from collections.abc import Iterator

from rlenvs.conformance.catalogue import Problem, Undecided, conformance_check
from rlenvs.conformance.elsewhere import TravelError
from rlenvs.conformance.episodes import Deviation, Divergence, compare_traces
from rlenvs.conformance.nested import ROUNDING
from rlenvs.conformance.subject import Subject


def _answers(subject: Subject) -> dict[int, Divergence | None]:
    """By hash seed: where the trajectory of another process leaves ours."""
    subject.require_reproducible()
    try:
        found = subject.elsewhere.answers(30.0 if subject.full else 10.0)
    except TravelError as reason:
        raise Undecided(str(reason)) from reason
    return {seed: compare_traces(subject.reference, traces, ROUNDING) for seed, traces in found}


@conformance_check(
    "same-seed-other-process",
    purpose="The same seed gives the same trajectory in another process.",
    cost="dear",
    harm="Workers, evaluation and tomorrow's run play other episodes than the seed promises.",
    remedy="Build nothing from `hash()`, the order of a set, `id()`, the process number, the clock or the machine.",
)
def same_seed_other_process(subject: Subject) -> Iterator[Problem]:
    """Compares what several processes with other hash seeds saw with what this one saw."""
    answers = _answers(subject)
    parted = {seed: found for seed, found in answers.items() if found is not None}
    if not parted:
        return
    seed, first = next(iter(parted.items()))
    if len({str(found) for found in answers.values()}) > 1:
        text = f"the trajectory depends on the hash seed (here PYTHONHASHSEED={seed}), as the order of a set does"
    else:
        text = f"another process plays another episode (PYTHONHASHSEED={seed})"
    yield subject.problem(text, Deviation(str(first), first.episode, first.step))
