"""Are all actions of the space accepted, those outside refused, and are actions left as they were?"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from gymnasium import spaces

from rlenvs.conformance.catalogue import NotApplicable, Problem, Undecided, conformance_check
from rlenvs.conformance.checks.memory import scribble
from rlenvs.conformance.episodes import Episode, Treatment, compare_traces, own, play
from rlenvs.conformance.handle import CrashError, Handle, MalformedError
from rlenvs.conformance.nested import NEARLY, difference, remember, short
from rlenvs.conformance.policies import allowed, every_action
from rlenvs.conformance.snippets import replay_code
from rlenvs.conformance.subject import Subject


@conformance_check(
    "actions-accepted",
    purpose="Every action of the action space that no mask forbids can be taken.",
    cost="moderate",
    harm="Exploration meets the action sooner or later, and the run dies.",
    remedy="Handle every member of the space, the ends of its range included, or make the space smaller.",
)
def actions_accepted(subject: Subject) -> Iterator[Problem]:
    """Takes every action of a small space, and the corners of a large one, right after a reset."""
    record = subject.usable()
    known = record.crash.text if record.crash else None
    actions = every_action(subject.env.action_space, 200 if subject.full else 64)
    start = int(getattr(subject.env.action_space, "start", 0)) if _discrete(subject) else 0
    actions = actions[: subject.affordable(len(actions), resets=1, steps=1)]
    with subject.fresh() as handle:
        for number, action in enumerate(actions):
            seed = subject.seed + number % 3
            observation, info = handle.reset(seed=seed)
            if not allowed(action, handle.mask(observation, info), start):
                continue
            try:
                handle.step(own(action))
            except CrashError as crash:
                if crash.text != known:
                    code = replay_code(subject.maker, [Episode(seed, (action,))])
                    yield Problem(f"action {short(action)} of the space: {crash.text}", seed, code)
                return


def _discrete(subject: Subject) -> bool:
    return isinstance(subject.env.action_space, spaces.Discrete)


def outside_actions(space: Any) -> list[Any]:
    """Actions that are plainly not in the space. Boxes have none: to clip is usual there, and legal."""
    if isinstance(space, spaces.Discrete):
        return [int(space.start + space.n), int(space.start) - 1, int(space.start + space.n) + 7]
    if isinstance(space, spaces.MultiDiscrete):
        high = (space.nvec + space.start).astype(space.dtype)
        return [high, (space.start - 1).astype(space.dtype)]
    if isinstance(space, spaces.MultiBinary):
        return [np.full(space.shape, 2, dtype=space.dtype)]
    return []


@conformance_check(
    "actions-outside-refused",
    purpose="An action outside a discrete space is refused.",
    severity="advice",
    cost="moderate",
    harm="An agent with one output too many, or an index off by one, trains without a word of warning.",
    remedy="Begin `step` with `if not self.action_space.contains(action): raise ValueError(…)`.",
)
def actions_outside_refused(subject: Subject) -> Iterator[Problem]:
    """Takes actions beyond both ends of the space."""
    subject.usable()
    wrong = outside_actions(subject.env.action_space)
    if not wrong:
        raise NotApplicable("the action space is not discrete")
    for action in wrong:
        with subject.fresh() as handle:
            handle.reset(seed=subject.seed)
            try:
                handle.raw_step(own(action))
            except CrashError:
                continue
        code = replay_code(subject.maker, [Episode(subject.seed, (action,))])
        yield Problem(f"action {short(action)} is outside {subject.env.action_space} and is accepted", None, code)
        return


@conformance_check(
    "refused-action-changes-nothing",
    purpose="After an action was refused, the episode goes on as if it had not been tried.",
    cost="moderate",
    harm="A caller that catches the error and corrects the action goes on in a changed world.",
    remedy="Check the action before anything is counted, drawn or moved.",
)
def refused_action_changes_nothing(subject: Subject) -> Iterator[Problem]:
    """Replays with refused actions tried in between."""
    wrong = outside_actions(subject.env.action_space)
    if not wrong:
        raise NotApplicable("the action space is not discrete")
    subject.require_reproducible()
    yield from _after_refusals(subject, wrong, inner=True)


@conformance_check(
    "wrappers-ignore-refused-actions",
    purpose="Wrappers do not count or remember an action that the environment refused.",
    severity="advice",
    cost="moderate",
    harm="A caller that catches the error and corrects the action sees another time or statistic than there is.",
    remedy="Call `self.env.step(action)` first, and change the wrapper's own state afterwards.",
)
def wrappers_ignore_refused_actions(subject: Subject) -> Iterator[Problem]:
    """The same experiment on the wrapped environment."""
    wrong = outside_actions(subject.env.action_space)
    if not wrong or subject.env.unwrapped is subject.env:
        raise NotApplicable("the action space is not discrete, or nothing is wrapped")
    subject.require_reproducible()
    if not list(_after_refusals(subject, wrong, inner=True)):
        yield from _after_refusals(subject, wrong, inner=False)


def _after_refusals(subject: Subject, wrong: list[Any], *, inner: bool) -> Iterator[Problem]:
    """Plays an episode with refused actions before every step, and the same without."""
    make = (lambda: subject.maker.make().unwrapped) if inner else subject.maker.make
    count = subject.affordable(4, makes=2, resets=2, steps=300)
    for episode in [e.first(150) for e in subject.script[:count]]:
        traces = []
        for bad in ([], wrong):
            state = {"begun": False}

            def before(handle: Handle, state: dict[str, bool] = state, bad: list[Any] = bad) -> None:
                if state["begun"]:
                    _try_all(handle, bad)
                state["begun"] = True

            with subject.fresh(make) as handle:
                try:
                    traces.append([play(handle, episode, Treatment(before=before))])
                except (CrashError, MalformedError) as fault:
                    raise Undecided(str(fault)) from fault
        found = compare_traces(traces[0], traces[1], NEARLY)
        if found:
            text = f"after actions outside the space were refused, the episode goes on differently: {found}"
            yield Problem(text, episode.seed, replay_code(subject.maker, [episode.first(found.step)]))
            return


def _try_all(handle: Handle, wrong: list[Any]) -> None:
    for action in wrong:
        try:
            handle.raw_step(own(action))
        except CrashError:
            continue
        raise NotApplicable("actions outside the space are accepted")


@conformance_check(
    "numpy-actions",
    purpose="An np.int64 does what the same int does.",
    cost="moderate",
    harm="Vector environments and samples pass np.int64: the environment fails there, or plays another game.",
    remedy="Convert with `action = int(action)`; do not test `isinstance(action, int)` or compare with `is`.",
)
def numpy_actions(subject: Subject) -> Iterator[Problem]:
    """Takes one action in both types, then replays whole episodes with plain ints."""
    if not _discrete(subject):
        raise NotApplicable("the action space is not Discrete")
    outcome: dict[type, str | None] = {}
    for kind in (int, np.int64):
        with subject.fresh() as handle:
            observation, info = handle.reset(seed=subject.seed)
            options = every_action(subject.env.action_space, 64)
            mask = handle.mask(observation, info)
            start = int(subject.env.action_space.start)
            action = next((a for a in options if allowed(a, mask, start)), options[0])
            try:
                handle.step(kind(action))
                outcome[kind] = None
            except CrashError as crash:
                outcome[kind] = crash.text
    if outcome[int] is None and outcome[np.int64] is not None:
        yield Problem(f"an int is accepted, the same np.int64 is not: {outcome[np.int64]}")
        return
    if outcome[int] is not None and outcome[np.int64] is None:
        yield Problem(f"an np.int64 is accepted, the same int is not: {outcome[int]}")
        return
    found = subject.experiment(Treatment(action=int), calls=600)
    if found:
        yield subject.problem("int and np.int64 of the same value lead to different episodes", found)


@conformance_check(
    "zero-dimensional-actions",
    purpose="A 0-d array does what the same int does.",
    severity="advice",
    cost="moderate",
    harm="Many agents return `np.array(2)` for a single environment, and it fails as a dict key or index.",
    remedy="Convert with `action = int(action)`.",
)
def zero_dimensional_actions(subject: Subject) -> Iterator[Problem]:
    """Replays with 0-d arrays."""
    if not _discrete(subject):
        raise NotApplicable("the action space is not Discrete")
    found = subject.experiment(Treatment(action=lambda action: np.array(action)), calls=200)
    if found:
        yield subject.problem("a 0-d array does not do what the int does", found)


def _has_arrays(subject: Subject) -> None:
    subject.usable()
    action = next((a for e in subject.script for a in e.actions), None)
    if not isinstance(action, np.ndarray | dict | tuple):
        raise NotApplicable("actions are not arrays")


@conformance_check(
    "actions-not-changed",
    purpose="The environment does not write into the actions it is given.",
    cost="moderate",
    harm="The replay buffer stores another action than the agent chose.",
    remedy="Work on a copy: `action = np.clip(action, low, high)`, not `np.clip(action, low, high, out=action)`.",
)
def actions_not_changed(subject: Subject) -> Iterator[Problem]:
    """Plays, keeps what was passed, and compares it at the end."""
    _has_arrays(subject)
    passed: list[tuple[Any, Any]] = []
    with subject.fresh() as handle:
        for episode in subject.script[:6]:
            handle.reset(seed=episode.seed)
            for number, recorded in enumerate(episode.actions, start=1):
                action = own(recorded)
                passed.append((action, remember(action)))
                try:
                    result = handle.step(action)
                except (CrashError, MalformedError) as fault:
                    raise Undecided(str(fault)) from fault
                found = next((d for a, kept in passed[-8:] if (d := difference(kept, remember(a)))), None)
                if found:
                    code = replay_code(subject.maker, [episode.first(number)])
                    yield Problem(f"step {number} changed an action: {found.lstrip(': ')}", episode.seed, code)
                    return
                if result[2] or result[3]:
                    break


@conformance_check(
    "actions-not-kept",
    purpose="Changing an action array after `step` does not change the episode.",
    cost="moderate",
    harm="Callers reuse one action buffer; the environment then remembers an action that was never taken.",
    remedy="Keep `action.copy()`.",
)
def actions_not_kept(subject: Subject) -> Iterator[Problem]:
    """Replays while scribbling over each action once it was taken."""
    _has_arrays(subject)
    found = subject.experiment(Treatment(acted=scribble), calls=600)
    if found:
        yield subject.problem("writing into the action array after `step` changes the episode", found)
