"""Plays the script in other processes, each with another hash seed.

Run as a module this is the child: it reads a pickled order from a file, plays, and writes the remembered answers to
another. The children start early and work while the other checks go on.
"""

import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rlenvs.conformance.episodes import Episode, Trace, play
from rlenvs.conformance.explore import wander
from rlenvs.conformance.handle import CrashError, Handle
from rlenvs.conformance.pictures import display_missing, frame_fault
from rlenvs.conformance.target import Maker
from rlenvs.conformance.watch import Watch

HASH_SEEDS = (1, 2, 3, 5, 8, 13)


class TravelError(Exception):
    """The environment cannot be made in another process; the text says why."""


class Elsewhere:
    """Child processes that play the script.

    Args:
        maker: Makes the environment; a callable is sent by value where it can only be sent so.
        script: The episodes to play.
        count: How many processes.
    """

    def __init__(self, maker: Maker, script: list[Episode], count: int) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="rlenvs-check-", ignore_cleanup_errors=True)
        self._script = script
        self._maker = maker
        self._children: list[tuple[int, subprocess.Popen[bytes], Path]] = []
        self.problem: str | None = None
        order = Path(self._folder.name) / "order"
        try:
            order.write_bytes(_packed(maker, script))
        except Exception as error:
            self.problem = f"the function that makes it cannot be sent to another process: {error}"
            return
        for hash_seed in HASH_SEEDS[:count]:
            self._start(order, hash_seed)

    def _start(self, order: Path, hash_seed: int) -> None:
        answer = Path(self._folder.name) / f"answer-{hash_seed}"
        environment = {**os.environ, "PYTHONHASHSEED": str(hash_seed), "PYTHONPATH": _search_path()}
        child = subprocess.Popen(
            [sys.executable, "-m", "rlenvs.conformance.elsewhere", str(order), str(answer)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        self._children.append((hash_seed, child, answer))

    def answers(self, seconds: float) -> list[tuple[int, list[Trace]]]:
        """What the children saw: (hash seed, traces) each.

        Raises:
            TravelError: No child could play the script in time.
        """
        if self.problem:
            raise TravelError(self.problem)
        deadline = time.monotonic() + seconds
        found: list[tuple[int, list[Trace]]] = []
        reason = "the other process took too long"
        for hash_seed, child, answer in self._children:
            try:
                child.wait(max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                continue
            if answer.exists():
                good, value = pickle.loads(answer.read_bytes())
                if good:
                    found.append((hash_seed, value))
                else:
                    reason = str(value)
            else:
                reason = f"the other process ended with status {child.returncode}"
        if not found:
            raise TravelError(reason)
        return found

    def close(self) -> None:
        """Ends the children and removes their files."""
        for _, child, _ in self._children:
            if child.poll() is None:
                child.kill()
            child.wait()
        self._folder.cleanup()


def _search_path() -> str:
    return os.pathsep.join(entry or os.getcwd() for entry in sys.path)


def _packed(maker: Maker, script: list[Episode]) -> bytes:
    """The order to play the script, as bytes."""
    return _packed_by_value((maker.id, maker.function, maker.label, script), maker.module)


def _packed_by_value(order: Any, name: str) -> bytes:
    """Bytes of an order, the module of that name sent along where a child could not import it."""
    import cloudpickle

    module = sys.modules.get(name)
    by_value = module is not None and not _importable(module)
    if by_value:
        cloudpickle.register_pickle_by_value(module)
    try:
        return bytes(cloudpickle.dumps(order))
    finally:
        if by_value:
            cloudpickle.unregister_pickle_by_value(module)


def _importable(module: Any) -> bool:
    """Whether a fresh interpreter with the same search path finds the same file under this name."""
    import importlib.util

    name = module.__name__
    if name == "__main__":
        return True  # cloudpickle sends what is defined there by value anyway
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError, AttributeError):
        return False
    top = name.partition(".")[0]
    found = importlib.machinery.PathFinder.find_spec(top)
    return spec is not None and found is not None and _same_file(spec.origin, module)


def _same_file(origin: str | None, module: Any) -> bool:
    return origin == getattr(module, "__file__", None) or origin in (None, "built-in", "frozen")


def render_in_child(make: Callable[[], Any], module: str, mode: str, seed: int, seconds: float) -> str | None:
    """Renders a few states in another process, which a library without a display may take down.

    Args:
        make: Makes the environment with the mode.
        module: Name of the module that the environment's function comes from.
        mode: The render mode.
        seed: Seed of the episode.
        seconds: How long to wait.

    Returns:
        What was wrong, or None.

    Raises:
        TravelError: The process could not do it: no display, no library, or the environment cannot be sent.
    """
    with tempfile.TemporaryDirectory(prefix="rlenvs-check-", ignore_cleanup_errors=True) as folder:
        order, answer = Path(folder) / "order", Path(folder) / "answer"
        try:
            order.write_bytes(_packed_by_value((make, mode, seed), module))
        except Exception as error:
            raise TravelError(f"it cannot be sent to another process: {error}") from error
        child = subprocess.Popen(
            [sys.executable, "-m", "rlenvs.conformance.elsewhere", str(order), str(answer)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": _search_path()},
        )
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            raise TravelError(f"rendering took more than {seconds:.0f} s") from None
        if not answer.exists():
            raise TravelError(f"the process that rendered ended with status {child.returncode}")
        good, value = pickle.loads(answer.read_bytes())
    if not good:
        raise TravelError(str(value))
    return str(value) if value is not None else None


def _rendered(make: Callable[[], Any], mode: str, seed: int) -> str | None:
    handle = Handle(make(), Watch(call_limit=30.0))
    try:
        handle.reset(seed=seed)
        for number, _ in enumerate(wander(handle, seed)):
            fault = frame_fault(mode, handle.render())
            if fault or number >= 3:
                return fault
    except CrashError as crash:
        if display_missing(crash) or crash.where != "render":
            raise
        return crash.text
    return None


def _main(order: str, answer: str) -> None:
    watch = Watch(call_limit=30.0)
    try:
        task = pickle.loads(Path(order).read_bytes())
        if len(task) == 3:
            result: tuple[bool, Any] = (True, _rendered(*task))
        else:
            identity, function, label, script = task
            maker = Maker(identity or function or label)
            handle = Handle(maker.make(), watch)
            result = (True, [play(handle, episode) for episode in script])
            handle.close_quietly()
    except Exception as error:
        result = (False, f"{type(error).__name__}: {error}")
    partial = Path(answer + ".part")
    partial.write_bytes(pickle.dumps(result))
    partial.replace(answer)


if __name__ == "__main__":
    _main(sys.argv[1], sys.argv[2])
