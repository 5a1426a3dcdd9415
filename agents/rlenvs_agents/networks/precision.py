"""In which numbers a convolutional network is learned."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

AUTO = "auto"
SINGLE = "float32"
HALF = "bfloat16"
PRECISIONS = (SINGLE, HALF, AUTO)

_CPU_INFO = Path("/proc/cpuinfo")
_NATIVE = re.compile(r"^flags\s*:.*\b(avx512_bf16|amx_bf16)\b", re.MULTILINE)


def settled(precision: str) -> str:
    """The precision itself; for "auto" bfloat16 where the processor multiplies such numbers, else float32.

    TensorFlow multiplies them through oneDNN alone; without it they are emulated, ten times as slow.
    """
    if precision != AUTO:
        return precision
    return SINGLE if is_emulated(HALF) else HALF


def is_emulated(precision: str) -> bool:
    """Whether this processor, or TensorFlow as it is set up, has no instructions for such numbers."""
    switched_off = os.environ.get("TF_ENABLE_ONEDNN_OPTS", "1").lower() in ("0", "false")
    return precision == HALF and (switched_off or not _multiplies_bfloat16(_CPU_INFO))


@cache
def _multiplies_bfloat16(file: Path) -> bool:
    """Linux alone tells; elsewhere float32 is never the wrong choice."""
    try:
        return _NATIVE.search(file.read_text(encoding="utf-8")) is not None
    except OSError:
        return False
