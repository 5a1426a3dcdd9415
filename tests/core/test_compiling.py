"""Compiled text: kept on disk, thrown away when any part of it changes, never in the way."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rlenvs.core.compiling import compiled

PROGRAM = """
import sys
sys.path.insert(0, {folder!r})
import outer, inner
from rlenvs.core.compiling import compiled
function = compiled(outer.outer, inner=compiled(inner.inner))
print(function(3), sum(function.stats.cache_hits.values()))
"""


def run(folder, **environment):
    code = PROGRAM.format(folder=str(folder))
    result = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    return tuple(int(word) for word in result.stdout.split())


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "outer.py").write_text(
        "def inner(x):\n    raise NotImplementedError\n\n\ndef outer(x):\n    return inner(x) + 1\n"
    )
    (tmp_path / "inner.py").write_text("def inner(x):\n    return 10 * x\n")
    return tmp_path


def test_a_second_process_finds_the_machine_code_until_a_helper_changes(folder):
    assert run(folder, NUMBA_CACHE_DIR=str(folder / "kept")) == (31, 0)
    assert run(folder, NUMBA_CACHE_DIR=str(folder / "kept")) == (31, 1)
    (folder / "inner.py").write_text("def inner(x):\n    return 20 * x\n")
    assert run(folder, NUMBA_CACHE_DIR=str(folder / "kept")) == (61, 0)


def test_no_place_to_keep_anything_costs_nothing_but_time(folder):
    # a file where a folder would have to be: not even root can write there
    (folder / "__pycache__").write_text("")
    (folder / "blocked").write_text("")
    blocked = str(folder / "blocked")
    assert run(folder, HOME=blocked, XDG_CACHE_HOME=blocked, NUMBA_CACHE_DIR="") == (31, 0)


def test_a_broken_file_is_compiled_anew(folder):
    kept = folder / "kept"
    run(folder, NUMBA_CACHE_DIR=str(kept))
    for path in kept.rglob("*.nb?"):
        path.write_bytes(b"")
    assert run(folder, NUMBA_CACHE_DIR=str(kept)) == (31, 0)


def test_a_disk_that_fills_up_costs_nothing_but_time(tmp_path, monkeypatch):
    from numba.core.caching import IndexDataCacheFile

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(IndexDataCacheFile, "save", full)
    assert compiled(_twice)(4) == 8
    assert Path(__file__).exists()


def _twice(x):
    return x + x
