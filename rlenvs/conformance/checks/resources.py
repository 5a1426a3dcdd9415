"""Does it give back what it takes?"""

import contextlib
import gc
import os
import threading
import time
import tracemalloc
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import gymnasium

from rlenvs.conformance.catalogue import Problem, Undecided, conformance_check
from rlenvs.conformance.explore import wander
from rlenvs.conformance.handle import CrashError, Handle
from rlenvs.conformance.subject import Subject

WINDOWS = 6


@conformance_check(
    "memory-does-not-grow",
    purpose="Memory does not grow with the number of steps, once episodes are over.",
    cost="dear",
    harm="A long training run is killed for want of memory, after days.",
    remedy="Clear per-episode lists in `reset`; bound histories and caches (`deque(maxlen=…)`).",
)
def memory_does_not_grow(subject: Subject) -> Iterator[Problem]:
    """Measures allocated memory right after a reset, after equal numbers of steps, several times."""
    # Tracing allocations makes Python code two to three times slower, which the survey is anyway.
    steps = subject.affordable(2500 if subject.full else 500, steps=WINDOWS, resets=0, seconds=1.5)
    if steps < 40:
        raise Undecided("too slow for the steps that this measurement needs")
    sizes: list[int] = []
    ends = 0
    with subject.fresh() as handle:
        tracing = tracemalloc.is_tracing()
        tracemalloc.start()
        try:
            moves = wander(handle, subject.seed)
            for _ in range(WINDOWS):
                for _ in range(steps):
                    _, result = next(moves)
                    ends += bool(result[2] or result[3])
                handle.reset()
                moves = wander(handle, subject.seed)
                next(moves)
                gc.collect()
                sizes.append(tracemalloc.get_traced_memory()[0])
        finally:
            if not tracing:
                tracemalloc.stop()
    growth = [after - before for before, after in pairwise(sizes[1:])]
    per_step = sorted(growth)[len(growth) // 2] / steps
    # What Gymnasium's statistics wrapper keeps of an episode is about 100 bytes, and bounded.
    threshold = max(600, min(4 * steps, 130 * ends // WINDOWS))
    # Growth in every window and not fading: caches that fill up grow ever slower, lists do not.
    if min(growth) > threshold and growth[-1] > 0.6 * growth[0]:
        yield Problem(f"about {per_step:.0f} bytes stay behind per step, in each of {len(growth)} stretches of {steps}")


@conformance_check(
    "closes-what-it-opens",
    purpose="Making and closing it again and again leaves no file, thread or process behind.",
    cost="dear",
    harm="A sweep over seeds or a long evaluation ends with 'too many open files' or is killed.",
    remedy="Close files, join threads and end processes in `close`; open them late.",
)
def closes_what_it_opens(subject: Subject) -> Iterator[Problem]:
    """Makes, plays, renders and closes it several times and counts what is open."""
    subject.usable()
    counts: list[dict[str, int]] = []
    rounds = max(subject.affordable(12 if subject.full else 6, makes=1, resets=2, seconds=1.5), 3)
    for number in range(rounds + 2):
        with subject.fresh() as handle:
            _play_a_little(subject, handle, number)
        del handle
        if number >= 2:
            gc.collect()
            counts.append(_open_things())
        if subject.out_of_time(0.7) and len(counts) >= 3:
            break
    for kind in counts[0]:
        numbers = [count[kind] for count in counts]
        if all(after > before for before, after in pairwise(numbers)):
            yield Problem(f"open {kind} grow with every round of make and close: {numbers}")


def _play_a_little(subject: Subject, handle: Handle, seed: int) -> None:
    for number, _ in enumerate(wander(handle, subject.seed + seed)):
        if number >= 3:
            break
    with contextlib.suppress(CrashError):
        handle.render()


def _open_things() -> dict[str, int]:
    found = {"threads": threading.active_count()}
    files = Path("/proc/self/fd")
    if files.exists():
        found["files"] = len(list(files.iterdir()))
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    if children.exists():
        found["processes"] = len(children.read_text().split())
    return found


@conformance_check(
    "speed",
    purpose="Measures reset, step and render beside CartPole-v1, for the report; it finds nothing by itself.",
    severity="advice",
    cost="moderate",
    harm="Training time is dominated by the environment.",
    remedy="Profile `step` and `reset`; a step that costs more than 50 ms leaves little for learning.",
)
def speed(subject: Subject) -> Iterator[Problem]:
    """Times both environments for a fraction of a second."""
    yield from ()
    subject.usable()
    with subject.fresh() as handle:
        subject.speed.update(_measure(handle, "step", "reset"))
    with contextlib.suppress(Exception):
        reference = Handle(gymnasium.make("CartPole-v1", disable_env_checker=True), subject.watch)
        subject.speed.update(_measure(reference, "step of CartPole-v1", "reset of CartPole-v1"))
        reference.close_quietly()


def _measure(handle: Handle, step_name: str, reset_name: str) -> dict[str, float]:
    moves = wander(handle, 1)
    next(moves)
    steps, started = 0, time.perf_counter()
    while time.perf_counter() - started < 0.05:
        next(moves)
        steps += 1
    middle = time.perf_counter()
    resets = 0
    while time.perf_counter() - middle < 0.02:
        handle.reset()
        resets += 1
    ended = time.perf_counter()
    return {step_name: steps / (middle - started), reset_name: resets / (ended - middle)}
