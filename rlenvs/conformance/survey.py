"""Plays whole episodes in many ways, looks at every answer as it comes, and keeps what the checks need."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from rlenvs.conformance.episodes import Episode, Moment, Trace, moment, own
from rlenvs.conformance.handle import CrashError, Handle, MalformedError
from rlenvs.conformance.policies import ActionSource, Style
from rlenvs.conformance.stopwatch import Stopwatch


@dataclass(frozen=True, slots=True)
class Call:
    """One answer of the environment, as it came.

    Attributes:
        kind: `reset` or `step`.
        episode: Number of the episode, from 0.
        step: Number of the step in the episode; 0 is the reset.
        moment: The same answer, remembered.
    """

    kind: str
    episode: int
    step: int
    observation: Any
    reward: Any
    terminated: Any
    truncated: Any
    info: Any
    moment: Moment

    def __str__(self) -> str:
        place = "`reset`" if self.kind == "reset" else f"step {self.step}"
        return f"{place} of episode {self.episode + 1}"


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something a rule saw in a call."""

    rule: str
    message: str
    episode: int
    step: int


Rule = Callable[[Call], Iterable[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Plan:
    """How one episode of the survey is opened, steered and cut."""

    seed: int | None
    style: Style
    cap: int
    repeat_of: int | None = None


@dataclass(slots=True)
class Record:
    """What the survey kept.

    Attributes:
        episodes: What was asked, in order, all on one instance.
        traces: What was answered.
        sightings: What the rules saw, the first of each kind.
        counts: How often each rule saw something.
        crash: The exception that ended the survey, if one did.
        malformed: The answer that was no answer, if one came.
        calls: How many calls were made.
        seconds: How long they took.
        resets: How many of the calls were resets.
        reset_seconds: How long the resets took.
    """

    episodes: list[Episode] = field(default_factory=list)
    traces: list[Trace] = field(default_factory=list)
    sightings: dict[str, Sighting] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    crash: CrashError | None = None
    malformed: str | None = None
    calls: int = 0
    seconds: float = 0.0
    resets: int = 0
    reset_seconds: float = 0.0

    def cost(self, *, resets: int = 0, steps: int = 0) -> float:
        """Seconds that some calls will take, by what the survey saw."""
        per_reset = self.reset_seconds / max(self.resets, 1)
        per_step = max(self.seconds - self.reset_seconds, 0.0) / max(self.calls - self.resets, 1)
        return resets * per_reset + steps * per_step

    def note(self, rule: str, message: str, episode: int, step: int) -> None:
        """Keeps the first sighting of a rule and counts the others."""
        self.counts[rule] = self.counts.get(rule, 0) + 1
        self.sightings.setdefault(rule, Sighting(rule, message, episode, step))


def plans(seed: int, long_cap: int) -> Iterable[Plan]:
    """The episodes of the survey, without end: seeded, continued, repeated, cut short, in every style."""
    yield Plan(seed, "random", 300)
    yield Plan(None, "random", 300)
    yield Plan(None, "hold", 7)
    yield Plan(seed, "random", 300, repeat_of=0)
    yield Plan(0 if seed else 1, "sticky", 300)
    yield Plan(None, "random", long_cap)
    yield Plan(seed + 2, "random", 12)
    yield Plan(seed + 3, "extreme", 300)
    yield Plan(None, "sticky", 300)
    styles: tuple[Style, ...] = ("random", "hold", "random", "sticky", "random", "extreme")
    number = 4
    while True:
        style = styles[number % len(styles)]
        yield Plan(seed + number if number % 3 else None, style, long_cap if number % 4 == 0 else 300)
        number += 1


class Survey:
    """Plays the planned episodes on one instance.

    Args:
        handle: The instance.
        rules: Looked at for every answer; each yields (name of the rule, message).
        max_calls: How many calls to make at most.
        seconds: How long to go on at most.
    """

    def __init__(self, handle: Handle, rules: list[Rule], max_calls: int, seconds: float) -> None:
        self._handle = handle
        self._rules = rules
        self._max_calls = max_calls
        self._seconds = seconds
        self.record = Record()

    def run(self, planned: Iterable[Plan]) -> Record:
        """Plays until the calls or the time are used up, or the environment breaks."""
        started = Stopwatch()
        record = self.record
        for plan in planned:
            try:
                self._episode(plan, started)
            except CrashError as crash:
                record.crash = crash
            except MalformedError as fault:
                record.malformed = str(fault)
            if record.crash or record.malformed or self._spent(started):
                break
        record.seconds = started.seconds
        return record

    def _spent(self, started: Stopwatch) -> bool:
        elapsed, calls = started.seconds, self.record.calls
        # A slow environment gets more time, until there is something to judge by.
        enough = elapsed > self._seconds and (calls >= 200 or elapsed > 3 * self._seconds)
        return calls >= self._max_calls or enough

    def _episode(self, plan: Plan, started: Stopwatch) -> None:
        record, number = self.record, len(self.record.traces)
        actions: list[Any] = []
        trace: Trace = []
        record.traces.append(trace)
        record.episodes.append(Episode(plan.seed, ()))
        repeated = record.episodes[plan.repeat_of].actions if plan.repeat_of is not None else None
        try:
            asked = Stopwatch()
            observation, info = self._handle.reset(seed=plan.seed)
            record.resets += 1
            record.reset_seconds += asked.seconds
            self._look("reset", number, 0, (observation, 0.0, False, False, info), trace)
            source = ActionSource(self._handle.env.action_space, 1000 + number, plan.style)
            cap = plan.cap if repeated is None else len(repeated)
            while len(actions) < cap and not trace[-1].over and not self._spent(started):
                # A slow environment: several shorter episodes tell more than a long one.
                if number < 8 and len(actions) >= 30 and asked.seconds > self._seconds / 4:
                    break
                action = (
                    source.next(self._handle.mask(observation, info)) if repeated is None else repeated[len(actions)]
                )
                actions.append(own(action))
                result = self._handle.step(own(action))
                observation, info = result[0], result[4]
                self._look("step", number, len(actions), result, trace)
        finally:
            record.episodes[number] = Episode(plan.seed, tuple(actions))

    def _look(self, kind: str, episode: int, step: int, result: tuple[Any, Any, Any, Any, Any], trace: Trace) -> None:
        kept = moment(*result)
        trace.append(kept)
        self.record.calls += 1
        call = Call(kind, episode, step, *result, kept)
        for rule in self._rules:
            for name, message in rule(call):
                self.record.note(name, f"{message}, at {call}", episode, step)
