"""What happens outside of episodes: before the first reset, after the end, and around close."""

from collections.abc import Callable, Iterator

from rlenvs.conformance.catalogue import Problem, Undecided, conformance_check
from rlenvs.conformance.episodes import Episode, Trace, compare_traces, own, play
from rlenvs.conformance.handle import CrashError, Handle, MalformedError
from rlenvs.conformance.nested import NEARLY, difference, remember
from rlenvs.conformance.policies import ActionSource
from rlenvs.conformance.subject import Subject


@conformance_check(
    "step-before-reset",
    purpose="`step` before the first `reset` is refused.",
    severity="advice",
    harm="A forgotten `reset` goes unnoticed: the first episode starts from an unseeded or stale state.",
    remedy="Raise `gymnasium.error.ResetNeeded`, or register the environment: `gym.make` then does it.",
)
def step_before_reset(subject: Subject) -> Iterator[Problem]:
    """Steps a fresh instance."""
    subject.usable()
    with subject.fresh() as handle:
        action = ActionSource(handle.env.action_space, 3).next()
        try:
            handle.raw_step(action)
        except CrashError:
            return
    yield Problem("`step` before the first `reset` is carried out as if an episode had begun")


@conformance_check(
    "misuse-leaves-no-trace",
    purpose="Steps before the first reset and after the end of an episode do not change later episodes.",
    cost="moderate",
    harm="One misplaced step, such as a vector environment's extra one, spoils the next episode.",
    remedy="Set all state in `reset`.",
)
def misuse_leaves_no_trace(subject: Subject) -> Iterator[Problem]:
    """Steps where one must not, then replays."""
    subject.require_reproducible()
    subject.require_forgetful()

    count = subject.affordable(4, makes=2, resets=4, steps=400)
    for episode in subject.script[:count]:
        found = compare_traces(
            [_after_something(subject, episode, _stray_steps)],
            [_after_something(subject, episode, lambda _handle: None)],
            NEARLY,
        )
        if found:
            yield Problem(f"after steps outside of an episode, the next one differs: {found}", episode.seed)
            return


def _stray_steps(handle: Handle) -> None:
    source = ActionSource(handle.env.action_space, 3)
    for _ in range(3):
        try:
            handle.raw_step(source.next())
        except CrashError:
            return


def _after_something(subject: Subject, episode: Episode, something: Callable[[Handle], None]) -> Trace:
    """An episode on a fresh instance on which something happened before the first reset and after an end."""
    with subject.fresh() as handle:
        something(handle)
        ended = ended_episode(subject)
        if ended is not None:
            play(handle, ended)
            something(handle)
        return play(handle, episode)


def ended_episode(subject: Subject, flag: str = "over") -> Episode | None:
    """The shortest seeded episode of the survey that came to its end."""
    record = subject.survey
    found = [
        episode
        for episode, trace in zip(record.episodes, record.traces, strict=True)
        if episode.seed is not None and trace and getattr(trace[-1], flag)
    ]
    return min(found, key=lambda episode: len(episode.actions), default=None)


@conformance_check(
    "step-after-end",
    purpose="`step` after the end is refused or harmless; the episode does not silently go on.",
    severity="advice",
    harm="A loop that forgets to reset collects transitions from beyond the end, which never bootstrap right.",
    remedy="Raise `gymnasium.error.ResetNeeded`, or go on returning the last observation, reward 0 and the flag.",
)
def step_after_end(subject: Subject) -> Iterator[Problem]:
    """Steps on after termination and looks for signs of a living episode."""
    subject.usable()
    episode = ended_episode(subject, "terminated")
    if episode is None:
        raise Undecided("no episode of the survey terminated")
    with subject.fresh() as handle:
        trace = play(handle, episode)
        if not trace[-1].terminated:
            raise Undecided("the episode did not terminate when it was played again")
        source = ActionSource(handle.env.action_space, 8)
        last, mask = trace[-1].observation, handle.mask(trace[-1].observation, trace[-1].info)
        for extra in range(1, 6):
            try:
                result = handle.step(own(source.next(mask)))
            except (CrashError, MalformedError):
                return
            mask = handle.mask(result[0], result[4])
            alive = not (result[2] or result[3])
            moved = difference(last, remember(result[0]), NEARLY) is not None
            if alive or (moved and _paid(result[1])):
                sign = "the episode goes on" if alive else "the state moves and a reward is paid"
                yield subject.problem_at(f"{sign} {extra} step(s) after it terminated", *_place(subject, episode))
                return


def _paid(reward: object) -> bool:
    return isinstance(reward, int | float) and reward != 0


def _place(subject: Subject, episode: Episode) -> tuple[int, int]:
    index = next(i for i, e in enumerate(subject.survey.episodes) if e is episode)
    return index, len(episode.actions)


@conformance_check(
    "close-is-safe",
    purpose="`close` works before `reset`, after it, and twice.",
    harm="The run fails in its clean-up and hides the error that ended it.",
    remedy="Let `close` release what is there and remember that it did.",
)
def close_is_safe(subject: Subject) -> Iterator[Problem]:
    """Closes at once, twice, and in the middle of an episode."""
    subject.usable()
    for when, steps in (("before the first reset", None), ("after reset", 0), ("in mid-episode", 3)):
        handle = subject.open()
        if steps is not None:
            play(handle, subject.script[0].first(steps))
        for time in ("the first time", "the second time"):
            try:
                handle.close()
            except CrashError as crash:
                yield Problem(f"closing {time}, {when}: {crash.text}")
                return


@conformance_check(
    "use-after-close",
    purpose="After `close`, the environment raises or works; it does not silently play another episode.",
    cost="moderate",
    harm="Evaluation after clean-up gives wrong numbers without a word.",
    remedy="Raise an error after `close`, or keep the rules independent of what `close` releases.",
)
def use_after_close(subject: Subject) -> Iterator[Problem]:
    """Closes, resets with a seed, and compares with a fresh instance."""
    subject.require_reproducible()
    subject.require_forgetful()
    episode = subject.script[0].first(60)
    traces = []
    for closing in (False, True):
        with subject.fresh() as handle:
            play(handle, episode.first(3))
            if closing:
                handle.close_quietly()
            try:
                traces.append(play(handle, episode))
            except (CrashError, MalformedError):
                return
    found = compare_traces([traces[0]], [traces[1]], NEARLY)
    if found:
        yield Problem(f"after `close`, the same seed plays another episode: {found}", episode.seed)
