"""Ends a call into an environment that does not come back.

In the main thread of a system with signals the call is interrupted where it stands, a sleep or a lock included.
Anywhere else the whole work runs in a helper thread: an exception is planted in it, which ends any loop written in
Python, and a thread that does not react is left behind (it is a daemon, so it does not keep the process alive).
"""

import contextlib
import ctypes
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

T = TypeVar("T")


class Hang(BaseException):
    """A call took too long and was ended. Not an Exception, so that `except Exception` cannot hide it."""


class Watch:
    """Knows which call into the environment is running, since when, and how long it may take.

    Args:
        call_limit: Seconds that one call may take.
    """

    poll = 0.05
    patience = 1.0

    def __init__(self, call_limit: float) -> None:
        self.call_limit = call_limit
        self.deadline = float("inf")
        self.stop_at = float("inf")
        self.hung: str | None = None
        self._what = ""
        self._since: float | None = None

    def call(self, what: str, function: Callable[..., T], /, *arguments: Any, **keywords: Any) -> T:
        """Calls into the environment; `what` names the call should it hang."""
        self._what, self._since = what, time.monotonic()
        try:
            return function(*arguments, **keywords)
        finally:
            self._since = None

    @property
    def overdue(self) -> bool:
        """Whether the running call has used up its time."""
        since = self._since
        if since is None:
            return False
        now = time.monotonic()
        return now - since > self.call_limit or (now > self.deadline and now - since > self.patience)

    def _give_up(self) -> str:
        since = self._since
        waited = time.monotonic() - since if since is not None else self.call_limit
        self.hung = f"`{self._what}` did not come back within {waited:.0f} s"
        return self.hung

    def run(self, function: Callable[[], T]) -> T:
        """Runs `function`, which calls into the environment, and ends it when one call hangs.

        Raises:
            Hang: A call did not come back in time.
        """
        self.hung = None
        main = threading.current_thread() is threading.main_thread()
        if main and hasattr(signal, "pthread_kill") and hasattr(signal, "SIGUSR2"):
            return self._run_with_signals(function)
        return self._run_in_helper(function)

    def _run_with_signals(self, function: Callable[[], T]) -> T:
        def interrupt(_number: int, _frame: Any) -> None:
            if self.hung is not None and self._since is not None:
                raise Hang(self.hung)

        previous = signal.signal(signal.SIGUSR2, interrupt)
        try:
            with self._watchdog(threading.get_ident()):
                return function()
        finally:
            signal.signal(signal.SIGUSR2, previous)

    @contextlib.contextmanager
    def _watchdog(self, thread: int) -> Iterator[None]:
        stop = threading.Event()

        def patrol() -> None:
            while not stop.wait(self.poll):
                if self.overdue:
                    self._give_up()
                    # Sent again at every turn: an environment that swallows the first one meets the next.
                    signal.pthread_kill(thread, signal.SIGUSR2)

        guard = threading.Thread(target=patrol, name="rlenvs-watch", daemon=True)
        guard.start()
        try:
            yield
        finally:
            stop.set()
            guard.join()

    def _run_in_helper(self, function: Callable[[], T]) -> T:
        outcome: queue.Queue[tuple[bool, Any]] = queue.Queue()

        def work() -> None:
            try:
                outcome.put((True, function()))
            except BaseException as error:
                outcome.put((False, error))

        helper = threading.Thread(target=work, name="rlenvs-check", daemon=True)
        helper.start()
        given_up: float | None = None
        while True:
            with contextlib.suppress(queue.Empty):
                good, value = outcome.get(timeout=self.poll)
                if good:
                    return value  # type: ignore[no-any-return]  # a queue cannot name the type
                raise value
            if self.overdue and given_up is None:
                given_up = time.monotonic()
                self._give_up()
                _plant(helper, Hang)
            if given_up is not None and time.monotonic() - given_up > self.patience:
                raise Hang(self.hung)


def _plant(thread: threading.Thread, error: type[BaseException]) -> None:
    """Raises `error` in another thread as soon as it executes Python code again."""
    if thread.ident is not None:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(error))
