"""How many threads NumPy's matrix products use."""

from __future__ import annotations

import contextlib
from functools import cache
from typing import Any


def one_thread() -> contextlib.AbstractContextManager[Any]:
    """Within it, matrix products of NumPy use one thread.

    The products of one observation are so small that threads cost more than they bring: they wait for each other
    at full speed, and while other processes run, for long. Without threadpoolctl nothing changes.
    """
    controller = _controller()
    return contextlib.nullcontext() if controller is None else controller.limit(limits=1)


@cache
def _controller() -> Any:
    try:
        from threadpoolctl import ThreadpoolController
    except ImportError:
        return None
    return ThreadpoolController().select(user_api="blas")
