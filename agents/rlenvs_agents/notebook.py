"""Progress in a notebook: one line that changes in place, instead of one line per message."""

from __future__ import annotations

import html
import time
from collections.abc import Callable
from typing import Any

MOST_OFTEN = 0.2
"""Seconds between two changes of the line: each is a message to the browser, and is saved with the notebook."""


class NotebookBar:
    """A bar below the cell that learns; give it to ``learn(steps, progress=NotebookBar("DQN"))``.

    It is called with (steps done, steps to do). A second call of ``learn`` with the same bar begins it anew.

    Args:
        name: stands before the bar.
        clock: seconds.

    Raises:
        ImportError: when it is first called, if IPython is missing; Jupyter brings it.
    """

    def __init__(self, name: str = "", clock: Callable[[], float] = time.monotonic) -> None:
        self._name = name
        self._clock = clock
        self._line: Any = None
        self._began = self._last = 0.0
        self._done = self._total = 0

    def __call__(self, done: int, total: int) -> None:
        """So many steps are done."""
        now = self._clock()
        if self._line is None or done < self._done:
            self._line, self._began, self._last = _shown(self), now, now
        self._done, self._total = done, total
        if now - self._last >= MOST_OFTEN or done >= total:
            self._last = now
            self._line.update(self)

    @property
    def _note(self) -> str:
        passed = self._last - self._began
        note = f"{self._done:,} of {self._total:,}, {passed:.0f} s"
        if 0 < self._done < self._total and passed >= 1:
            note += f", about {passed / self._done * (self._total - self._done):.0f} s left"
        return note

    def __repr__(self) -> str:
        return f"{self._name}: {self._note}" if self._name else self._note

    def _repr_html_(self) -> str:
        name = html.escape(self._name)
        bar = f'<progress value="{self._done}" max="{max(1, self._total)}"></progress>'
        return f"<code>{name}</code> {bar} <code>{self._note}</code>"


def _shown(what: Any) -> Any:
    """Show something below the cell.

    Returns:
        Its handle, with ``update``.
    """
    try:
        from IPython.display import display
    except ImportError as error:
        raise ImportError("NotebookBar needs IPython, which Jupyter brings: pip install jupyterlab.") from error
    return display(what, display_id=True)
