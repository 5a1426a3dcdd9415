"""Do copies continue identically and independently?"""

import copy
import pickle
from collections.abc import Callable, Iterator
from typing import Any

from gymnasium.utils import EzPickle

from rlenvs.conformance.catalogue import NotApplicable, Problem, Undecided, conformance_check
from rlenvs.conformance.episodes import Episode, Trace, compare_traces, moment, own, play
from rlenvs.conformance.handle import CrashError, Handle, MalformedError
from rlenvs.conformance.layers import layers
from rlenvs.conformance.nested import NEARLY
from rlenvs.conformance.subject import Subject

Copier = Callable[[Any], Any]


def _through_pickle(env: Any) -> Any:
    try:
        return pickle.loads(pickle.dumps(env))
    except (pickle.PicklingError, AttributeError, TypeError):
        # Classes defined in a function or a script travel only this way; that is not the environment's fault.
        import cloudpickle

        return pickle.loads(cloudpickle.dumps(env))


COPIERS: dict[str, Copier] = {"copy.deepcopy": copy.deepcopy, "pickle": _through_pickle}


def _episode(subject: Subject) -> tuple[Episode, Trace, int]:
    """The longest episode of the script, played alone on a fresh instance, and where to copy in it."""
    subject.require_reproducible()
    pairs = list(zip(subject.script, subject.reference, strict=False))
    episode, trace = max(pairs, key=lambda pair: len(pair[1]))
    with subject.fresh() as handle:
        trace = play(handle, episode)
    if len(trace) < 3:
        raise Undecided("no episode is long enough to be copied in the middle")
    return episode, trace, min((len(trace) - 1) // 2, 60)


def _at(handle: Handle, episode: Episode, steps: int) -> None:
    handle.reset(seed=episode.seed)
    for action in episode.actions[:steps]:
        handle.step(own(action))


def _rest(handle: Handle, episode: Episode, start: int, length: int) -> Trace:
    trace: Trace = []
    for action in episode.actions[start : length - 1][:200]:
        trace.append(moment(*handle.step(own(action))))
        if trace[-1].over:
            break
    return trace


@conformance_check(
    "copy-possible",
    purpose="copy.deepcopy and pickle work in mid-episode and keep the state.",
    severity="advice",
    cost="moderate",
    harm="Planning by copies, checkpoints and some vectorisers do not work with it.",
    remedy="Keep plain data on `self`; make windows and handles lazily and drop them in `__getstate__`; do not "
    "derive from EzPickle, which makes a new environment without the state.",
)
def copy_possible(subject: Subject) -> Iterator[Problem]:
    """Copies in mid-episode and steps the copy once."""
    episode, _, middle = _episode(subject)
    for name, copier in COPIERS.items():
        with subject.fresh() as handle:
            _at(handle, episode, middle)
            try:
                twin = Handle(handle.call(name, copier, handle.env), subject.watch)
                twin.step(own(episode.actions[middle]))
            except (CrashError, MalformedError) as fault:
                yield Problem(f"{name} after {middle} steps: {fault}", episode.seed)
                continue
            if _forgets(subject) and _differs(subject, copier):
                yield Problem(f"{name} after {middle} steps gives a copy without the state (EzPickle)", episode.seed)


def _forgets(subject: Subject) -> bool:
    return any(isinstance(layer, EzPickle) for layer in layers(subject.env))


def _differs(subject: Subject, copier: Copier) -> bool:
    episode, trace, middle = _episode(subject)
    with subject.fresh() as handle:
        _at(handle, episode, middle)
        twin = Handle(copier(handle.env), subject.watch)
        continued = _rest(twin, episode, middle, len(trace))
    return compare_traces([trace[middle + 1 :][: len(continued)]], [continued], NEARLY) is not None


@conformance_check(
    "copy-continues",
    purpose="A copy made in mid-episode continues as the original would.",
    cost="moderate",
    harm="Search and planning on copies explore another world; a resumed run is another run.",
    remedy="Let `__deepcopy__` and `__getstate__` take everything along, the generator and all counters included.",
)
def copy_continues(subject: Subject) -> Iterator[Problem]:
    """Plays the rest of an episode on a copy."""
    yield from _compare_copies(subject, copy_first=True, judge_copy=True, text="continues differently")


@conformance_check(
    "copy-independent",
    purpose="Stepping a copy leaves the original alone, and the other way round.",
    cost="moderate",
    harm="Looking ahead on a copy moves the real environment.",
    remedy="Share no array, list or generator between a copy and its original.",
)
def copy_independent(subject: Subject) -> Iterator[Problem]:
    """Plays a copy, then the original; and the original, then a copy."""
    text = "is not independent: stepping the copy changes the original"
    found = list(_compare_copies(subject, copy_first=True, judge_copy=False, text=text))
    if not found and not list(_compare_copies(subject, copy_first=True, judge_copy=True, text="")):
        text = "is not independent: stepping the original changes the copy"
        found = list(_compare_copies(subject, copy_first=False, judge_copy=True, text=text))
    yield from found


def _compare_copies(subject: Subject, *, copy_first: bool, judge_copy: bool, text: str) -> Iterator[Problem]:
    episode, trace, middle = _episode(subject)
    if _forgets(subject):
        raise NotApplicable("derived from EzPickle, whose copies have no state: see copy-possible")
    tried = 0
    for name, copier in COPIERS.items():
        with subject.fresh() as handle:
            _at(handle, episode, middle)
            try:
                twin = Handle(handle.call(name, copier, handle.env), subject.watch)
                first, second = (twin, handle) if copy_first else (handle, twin)
                played = {id(first): _rest(first, episode, middle, len(trace))}
                played[id(second)] = _rest(second, episode, middle, len(trace))
            except (CrashError, MalformedError):
                continue
            tried += 1
            judged = played[id(twin if judge_copy else handle)]
        found = compare_traces([trace[middle + 1 :][: len(judged)]], [judged], NEARLY)
        if found:
            where = f"{found.what} differs {found.step + 1} step(s) later"
            yield Problem(f"a copy by {name} after {middle} steps {text}: {where}", episode.seed)
            return
    if not tried:
        raise Undecided("it cannot be copied, see copy-possible")
