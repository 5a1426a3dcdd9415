"""Ctrl-C while an agent learns: it stops between two steps, where it can be saved."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Iterator
from types import FrameType, TracebackType
from typing import Any, Self

from rlenvs_agents.reporting import Snapshot

PATIENCE = 0.3
"""Seconds after which a Ctrl-C is looked for again, about."""

MOST = 100_000

STOPPED = 130
"""The exit status after Ctrl-C, as shells have it."""


class Interrupted(KeyboardInterrupt):
    """Learning was stopped by Ctrl-C, and is saved; its text says how it can go on."""


class StopRequest:
    """A context in which the first Ctrl-C is noted, and a callback that then stops learning. The second one raises.

    Attributes:
        asked: whether there was one.
        every: environment steps from one look to the next; follows the speed of learning.
    """

    def __init__(self) -> None:
        self.asked = False
        self.every = 1
        self._before: Any = None
        self._looked = time.perf_counter()

    def __enter__(self) -> Self:
        # Only the main thread may set a handler; elsewhere Ctrl-C does not arrive either.
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def __call__(self, snapshot: Snapshot) -> bool:
        """True if there was a Ctrl-C."""
        if snapshot.step:
            now = time.perf_counter()
            if now - self._looked < PATIENCE / 2:
                self.every = min(2 * self.every, MOST)
            elif now - self._looked > 2 * PATIENCE:
                self.every = max(self.every // 2, 1)
            self._looked = now
        return self.asked

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            signal.default_int_handler(number, frame)
        self.asked = True


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """For commands: a run that Ctrl-C has stopped says how it can go on, and the exit status is that of shells.

    The library of the command line would say nothing.
    """
    import typer

    try:
        yield
    except Interrupted as stopped:
        typer.echo(f"rlenvs: {stopped}", err=True)
        raise typer.Exit(STOPPED) from stopped
