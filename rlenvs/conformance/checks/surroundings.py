"""Is the process left as it was, and do wrappers hand on what they are given?"""

import os
import signal
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np

from rlenvs.conformance.catalogue import NotApplicable, Problem, conformance_check
from rlenvs.conformance.explore import brief
from rlenvs.conformance.handle import CrashError
from rlenvs.conformance.subject import Subject


@conformance_check(
    "process-left-alone",
    purpose="Making, playing and closing it changes no setting of the process.",
    severity="advice",
    cost="moderate",
    harm="Code that has nothing to do with the environment behaves differently once it was used.",
    remedy="Set it in a `with` block (`np.errstate`, `np.printoptions`), or put it back in `close`.",
)
def process_left_alone(subject: Subject) -> Iterator[Problem]:
    """Compares working directory, NumPy's settings, recursion limit and signal handlers."""
    subject.usable()
    before = _settings()
    try:
        with subject.fresh() as handle:
            brief(handle, subject.seed, 30)
        changed = [name for name, value in _settings().items() if value != before[name]]
    finally:
        os.chdir(before["the working directory"])
    if changed:
        yield Problem(f"it changes {', '.join(changed)} of the process")


def _settings() -> dict[str, Any]:
    return {
        "the working directory": os.getcwd(),
        "NumPy's error handling": dict(np.geterr()),
        "NumPy's print options": str(np.get_printoptions()),
        "the recursion limit": sys.getrecursionlimit(),
        "the handler of SIGINT": signal.getsignal(signal.SIGINT),
    }


@conformance_check(
    "wrappers-hand-on",
    purpose="Every wrapper hands `seed` and `options` on to what it wraps.",
    cost="moderate",
    harm="Seeds and options given to the outermost wrapper are lost, and nobody is told.",
    remedy="Call `self.env.reset(seed=seed, options=options)` in every wrapper's `reset`.",
)
def wrappers_hand_on(subject: Subject) -> Iterator[Problem]:
    """Listens at the innermost `reset`."""
    subject.usable()
    with subject.fresh() as handle:
        inner = handle.env.unwrapped
        if inner is handle.env:
            raise NotApplicable("nothing is wrapped")
        heard: list[dict[str, Any]] = []
        real = inner.reset

        def reset(**keywords: Any) -> Any:
            heard.append(keywords)
            return real(seed=keywords.get("seed"))

        inner.reset = reset
        options = {"rlenvs": 1}
        try:
            handle.raw_reset(seed=17, options=options)
        except CrashError:
            return
        finally:
            del inner.reset
    for name, given in (("seed", 17), ("options", options)):
        if heard and not any(keywords.get(name) == given for keywords in heard):
            yield Problem(f"`{name}` given to `reset` does not arrive at the innermost environment")
