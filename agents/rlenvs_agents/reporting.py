"""What learning tells others: snapshots to callbacks, steps to a progress display, and when to stop."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from rlenvs_agents.configs import check_whole

RECENT = 100
"""Episodes over which returns and lengths are averaged in a snapshot, as SB3's Monitor does."""

UPDATES = 200
"""How often a progress display hears of one call of ``learn``."""

Progress = Callable[[int, int], None]
"""``progress(steps done, steps to do)``, counted from the beginning of this call of ``learn``."""


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """Where learning stands."""

    step: int  # environment steps so far, over all calls of learn
    n_episodes: int  # episodes finished so far
    mean_return: float | None  # undiscounted, over the last 100 episodes; None before the first has ended
    mean_length: float | None  # likewise
    seconds: float  # spent learning so far, callbacks not counted
    metrics: Mapping[str, float]  # the algorithm's own, such as "train/loss"
    policy: Any  # the agent; what it predicts now


class Callback(Protocol):
    """Called with a snapshot at step 0, whenever ``step`` is a multiple of ``every``, and at the end of learning."""

    @property
    def every(self) -> int:
        """Environment steps from one call to the next."""

    def __call__(self, snapshot: Snapshot, /) -> bool | None:
        """Return True to stop learning."""


class Episodes:
    """The episodes that learning has seen: how many, and how the last ones went."""

    def __init__(self) -> None:
        self.count = 0
        self.returns: deque[float] = deque(maxlen=RECENT)
        self.lengths: deque[int] = deque(maxlen=RECENT)

    def add(self, total_reward: float, length: int) -> None:
        """An episode has ended."""
        self.count += 1
        self.returns.append(total_reward)
        self.lengths.append(length)

    @property
    def mean_return(self) -> float | None:
        """Of the last ones, undiscounted; None before the first has ended."""
        return sum(self.returns) / len(self.returns) if self.returns else None

    def get_state(self) -> dict[str, Any]:
        """As JSON knows it."""
        return {"count": self.count, "returns": list(self.returns), "lengths": list(self.lengths)}

    def set_state(self, state: Mapping[str, Any]) -> None:
        """Go on from a state of :meth:`get_state`."""
        self.count = int(state["count"])
        self.returns.extend(state["returns"])
        self.lengths.extend(state["lengths"])


class Reporter:
    """Keeps the appointments of one call of ``learn``.

    Args:
        agent: has ``num_timesteps``, ``episodes``, ``metrics`` and ``training_seconds``.
        total: steps that this call is to make.
        callbacks: see :class:`Callback`.
        progress: see :data:`Progress`.
        schedule_steps: what schedules are fixed for, if they are not yet; None: ``total``.

    Attributes:
        end: the step at which the call ends.
        schedule_steps: as above, never None.
        stopped: whether a callback has said so.
    """

    def __init__(
        self,
        agent: Any,
        total: int,
        callbacks: Iterable[Callback] = (),
        progress: Progress | None = None,
        *,
        schedule_steps: int | None = None,
    ) -> None:
        self.agent = agent
        self.begin: int = agent.num_timesteps
        self.end = self.begin + check_whole("total_timesteps", total, 0)
        self.schedule_steps = self.end if schedule_steps is None else check_whole("schedule_steps", schedule_steps)
        self.callbacks = read_callbacks(callbacks)
        self.progress = progress
        self.stopped = False
        self._pulse = max(1, total // UPDATES)
        self._since = time.perf_counter()
        if self.begin == 0:
            self._tell(self.callbacks)

    @property
    def next_stop(self) -> int:
        """The next step at which :meth:`report` wants to be called."""
        step: int = self.agent.num_timesteps
        intervals = [callback.every for callback in self.callbacks]
        if self.progress is not None:
            intervals.append(self._pulse)
        stops: list[int] = [self.end, *(step - step % every + every for every in intervals)]
        return min(stops)

    def report(self) -> bool:
        """Tell whoever waits for the present step; True when learning is over."""
        step = self.agent.num_timesteps
        if self.progress is not None:
            self.progress(step - self.begin, self.end - self.begin)
        over = step >= self.end
        self._tell([c for c in self.callbacks if over or step % c.every == 0])
        return over or self.stopped

    def conclude(self) -> None:
        """Learning is over without a step: tell everyone."""
        if self.progress is not None:
            self.progress(self.end - self.begin, self.end - self.begin)
        self._tell(self.callbacks)

    def close(self) -> None:
        """Settle the time that was spent; call it at the end, whatever happened."""
        self._settle()

    def _settle(self) -> None:
        now = time.perf_counter()
        self.agent.training_seconds += now - self._since
        self._since = now

    def _tell(self, callbacks: list[Callback]) -> None:
        self._settle()
        if callbacks:
            snapshot = self._snapshot()
            self.stopped = _told_to_stop(callbacks, snapshot) or self.stopped
        self._since = time.perf_counter()

    def _snapshot(self) -> Snapshot:
        episodes: Episodes = self.agent.episodes
        count = len(episodes.returns)
        return Snapshot(
            step=self.agent.num_timesteps,
            n_episodes=episodes.count,
            mean_return=episodes.mean_return,
            mean_length=sum(episodes.lengths) / count if count else None,
            seconds=self.agent.training_seconds,
            metrics=dict(self.agent.metrics),
            policy=self.agent,
        )


def _told_to_stop(callbacks: list[Callback], snapshot: Snapshot) -> bool:
    """Call them all; True if any of them said so."""
    answers = [callback(snapshot) for callback in callbacks]
    return any(answer is True for answer in answers)


def read_callbacks(callbacks: Any) -> list[Callback]:
    """A list of callbacks; a single one is taken as well.

    Raises:
        TypeError: if one of them cannot be called or has no ``every``.
    """
    found = [callbacks] if callable(callbacks) else list(callbacks or ())
    for callback in found:
        if not callable(callback) or not isinstance(getattr(callback, "every", None), int) or callback.every < 1:
            raise TypeError(
                "`callbacks` must be callables with a whole number `every` of at least 1 (see rlenvs_agents.Every), "
                f"got {callback!r}."
            )
    return found


@dataclass(frozen=True)
class Every:
    """A callback out of a function: ``Every(1000, print)``."""

    every: int
    function: Callable[[Snapshot], Any]

    def __post_init__(self) -> None:
        check_whole("every", self.every)

    def __call__(self, snapshot: Snapshot) -> bool:
        """True, which stops learning, if the function returns True."""
        return self.function(snapshot) is True
