"""Does one seed give one episode, wherever and whenever it is played?"""

from collections.abc import Iterator

from rlenvs.conformance.catalogue import NotApplicable, Problem, Undecided, conformance_check
from rlenvs.conformance.episodes import Trace, compare_traces, play
from rlenvs.conformance.explore import brief
from rlenvs.conformance.handle import CrashError
from rlenvs.conformance.nested import EXACT, NEARLY
from rlenvs.conformance.subject import Subject

_SEEDED = (
    "Call `super().reset(seed=seed)` first in `reset`, draw from `self.np_random` alone, "
    "and build nothing from sets, hashes, clocks or global generators."
)

# An unseeded start among a hundred cells is the same twice in one of a hundred runs, and five times in one of 10^8.
_PLAYS = 5


@conformance_check(
    "same-seed-second-instance",
    purpose="The same seed and actions give the same trajectory in another instance.",
    cost="moderate",
    harm="No run can be repeated, and no bug can be replayed.",
    remedy=_SEEDED,
)
def same_seed_second_instance(subject: Subject) -> Iterator[Problem]:
    """Plays seeded episodes on two further instances."""
    if subject.nondeterministic:
        raise NotApplicable("the spec declares the environment nondeterministic")
    subject.usable()
    found = subject.unstable
    if found is not None:
        text = "with the same seed and actions, two instances do not agree"
        yield subject.problem(text, found)


@conformance_check(
    "same-seed-bit-for-bit",
    purpose="Repeated trajectories agree to the last bit.",
    severity="advice",
    cost="moderate",
    harm="Small differences grow, and exact regression tests are impossible.",
    remedy="Avoid parallel sums and iteration over sets in the dynamics.",
)
def same_seed_bit_for_bit(subject: Subject) -> Iterator[Problem]:
    """Repeats the replay without any tolerance."""
    subject.require_reproducible()
    with subject.fresh() as handle:
        traces = [play(handle, episode) for episode in subject.script]
    found = compare_traces(subject.reference, traces, EXACT)
    if found is not None:
        yield Problem(f"two plays agree only nearly: {found}", subject.script[found.episode].seed)


@conformance_check(
    "seed-restarts",
    purpose="`reset(seed=s)` once more on the same instance plays the same episode again.",
    harm="Evaluation on fixed seeds measures other episodes each time.",
    remedy="Seed at every `reset` that is given a seed, not only at the first, and clear all state there.",
)
def seed_restarts(subject: Subject) -> Iterator[Problem]:
    """Compares the first episode of the survey with its repetition after other episodes."""
    subject.require_reproducible()
    subject.require_forgetful()
    record = subject.survey
    if len(record.traces) < 4:
        raise Undecided("the survey came to no fourth episode")
    found = compare_traces([record.traces[0]], [record.traces[3]], NEARLY)
    if found is not None and not (record.crash and len(record.traces) == 4) and not _cut(subject, found.step):
        text = f"`reset(seed={record.episodes[0].seed})` after other episodes plays another episode: {found}"
        yield subject.problem_at(text, 3, found.step)


def _cut(subject: Subject, step: int) -> bool:
    """Whether the two traces differ only in that the survey ran out of time in the second."""
    return step >= len(subject.survey.traces[3]) and not subject.survey.traces[3][-1].over


@conformance_check(
    "state-does-not-leak",
    purpose="A seeded episode is the same on a used instance as on a fresh one.",
    cost="moderate",
    harm="Counters, flags or objects of earlier episodes shorten, reward or end later ones.",
    remedy="Set every attribute that an episode changes in `reset`, whether or not a seed is given.",
)
def state_does_not_leak(subject: Subject) -> Iterator[Problem]:
    """Plays seeded episodes of the survey alone, each on a fresh instance."""
    subject.require_reproducible()
    subject.require_forgetful()
    record = subject.survey
    chosen = [i for i, episode in enumerate(record.episodes) if i and episode.seed is not None]
    # One instance for each, which is the point; a fresh one may be dear to make.
    count = subject.affordable(40 if subject.full else 10, makes=1, resets=1, steps=100, seconds=1.5)
    if not chosen:
        raise Undecided("the survey came to no second seeded episode")
    budget = max(subject.effort.replay_calls, 200)
    for index in chosen[: max(count, 3)]:
        if budget <= 0:
            break
        used = record.traces[index]
        episode = record.episodes[index].first(min(len(used) - 1, budget))
        with subject.fresh() as handle:
            alone = play(handle, episode)
        budget -= len(alone)
        found = compare_traces([alone], [used[: len(episode.actions) + 1]], NEARLY)
        if found is not None:
            text = f"after other episodes, seed {episode.seed} gives another episode than on a fresh instance"
            yield subject.problem_at(f"{text}: {found}", index, found.step)
            return


@conformance_check(
    "seed-zero",
    purpose="Seed 0 is a seed like any other, and the largest seeds are accepted.",
    cost="moderate",
    harm="Runs with the most common seed of all are not reproducible.",
    remedy="Write `if seed is not None`, not `if seed`; do not squeeze the seed into a smaller type.",
)
def seed_zero(subject: Subject) -> Iterator[Problem]:
    """Plays seed 0, and where that differs another seed, several times; resets with a large seed."""
    subject.usable()
    with subject.fresh() as handle:
        try:
            handle.reset(seed=2**32 - 1)
        except CrashError as crash:
            yield Problem(f"with seed 4294967295, as libraries draw them, {crash.text}", 2**32 - 1)
    if subject.nondeterministic:
        return
    if not _repeats(subject, 0) and _repeats(subject, 7):
        yield Problem("episodes repeat for seed 7 but not for seed 0", 0)


def _repeats(subject: Subject, seed: int) -> bool:
    first: Trace | None = None
    for _ in range(_PLAYS):
        with subject.fresh() as handle:
            trace = brief(handle, seed, 30)
        if first is not None and compare_traces([first], [trace], NEARLY) is not None:
            return False
        first = first or trace
    return True


@conformance_check(
    "seed-reaches-generator",
    purpose="`reset(seed=s)` seeds `np_random`, the generator that wrappers and subclasses rely on.",
    severity="advice",
    harm="Wrappers and subclasses that draw from `np_random` are not reproducible.",
    remedy="Call `super().reset(seed=seed)` first in `reset`.",
)
def seed_reaches_generator(subject: Subject) -> Iterator[Problem]:
    """Compares the generator after resets with the same seed and with different seeds."""
    subject.usable()
    states = []
    with subject.fresh() as handle:
        for seed in (11, 11, 12):
            handle.reset(seed=seed)
            states.append(_generator_state(handle.env))
    if states[0] is None:
        yield Problem("`np_random` is not made by `reset(seed=…)`")
    elif states[0] == states[2]:
        yield Problem("`np_random` is the same after `reset(seed=11)` and `reset(seed=12)`")
    elif states[0] != states[1]:
        yield Problem("`np_random` differs after two resets with the same seed")


def _generator_state(env: object) -> object:
    generator = getattr(getattr(env, "unwrapped", env), "_np_random", None)
    bits = getattr(generator, "bit_generator", None)
    return None if bits is None else str(bits.state)
