"""Saved agents: a folder with a manifest (JSON) and arrays (npz), whole or not there. No pickle."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from rlenvs_agents.array_file import ArrayFile, read_arrays
from rlenvs_agents.configs import from_plain, to_plain
from rlenvs_agents.state_tree import apart, together
from rlenvs_agents.versions import versions

FORMAT = 4
MANIFEST = "agent.json"
ARRAYS = "arrays.npz"
MEMORY = "memory.npz"
PROGRESS = "progress"  # what the names of arrays within the progress begin with
KEYS = frozenset(
    {"algorithm", "config", "seed", "observation_space", "action_space", "progress", "memory", "files", "checksum"}
)

ConfigT = TypeVar("ConfigT")


@dataclass(kw_only=True)
class Saved:
    """What is written of an agent."""

    algorithm: str
    settings: Any  # a config, or the plain settings of one
    seed: int
    spaces: tuple[str, str]  # observation and action space, as text
    progress: dict[str, Any]  # counters, generator states and the like; arrays may stand anywhere in it
    arrays: dict[str, NDArray[Any]] = field(default_factory=dict)
    memory: Mapping[str, NDArray[Any]] | None = None  # what is large and fades: a replay memory; None: not saved
    metrics: Mapping[str, float | None] = field(default_factory=dict)  # for people; nothing is restored from them
    spec: str | None = None  # of the environment, JSON
    folder: Path | None = None

    def config(self, config_class: type[ConfigT]) -> ConfigT:
        """The config."""
        return from_plain(config_class, self.settings)


def write_saved(path: Path, saved: Saved, write_more: Callable[[Path], None] | None = None) -> Path:
    """Write a folder; what was there before is replaced when the new one is whole."""

    def write(folder: Path) -> None:
        progress, arrays = apart(saved.progress, PROGRESS)
        np.savez(folder / ARRAYS, **saved.arrays, **arrays)  # type: ignore[arg-type]  # the stub reads a bool into **
        if saved.memory is not None:
            np.savez(folder / MEMORY, **saved.memory)  # type: ignore[arg-type]  # likewise
        if write_more is not None:
            write_more(folder)
        manifest = {
            "format": FORMAT,
            "algorithm": saved.algorithm,
            "config": to_plain(saved.settings),
            "seed": saved.seed,
            "observation_space": saved.spaces[0],
            "action_space": saved.spaces[1],
            "spec": None if saved.spec is None else json.loads(saved.spec),
            "versions": versions(),
            "metrics": dict(saved.metrics),
            "progress": progress,
            "memory": saved.memory is not None,
            "files": {str(file.relative_to(folder)): _digest(file) for file in _files(folder)},
        }
        _write_manifest(folder, manifest)

    return write_folder(path, write, MANIFEST)


def _write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    write_json(folder / MANIFEST, {**manifest, "checksum": _checksum(manifest)})


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _checksum(manifest: Mapping[str, Any]) -> str:
    rest = {key: value for key, value in manifest.items() if key != "checksum"}
    return hashlib.sha256(json.dumps(to_plain(rest), sort_keys=True).encode()).hexdigest()


def drop_memory(path: Path) -> None:
    """Take the replay memory out of a saved agent. It stays readable at every moment."""
    manifest = read_manifest(path)
    if manifest["memory"]:
        files = {name: digest for name, digest in manifest["files"].items() if name != MEMORY}
        _write_manifest(path, {**manifest, "memory": False, "files": files})
        (path / MEMORY).unlink(missing_ok=True)


def read_saved(
    path: Path, algorithm: str, env: gym.Env[Any, Any], *, transfer: bool = False, memory: bool = True
) -> Saved:
    """Read a folder that :func:`write_saved` wrote.

    Args:
        path: the folder.
        algorithm: that it must be of.
        env: the environment that the agent is for.
        transfer: whether it may have been trained in another environment with the same spaces.
        memory: whether to read the replay memory, too.

    Raises:
        FileNotFoundError: if there is none.
        ValueError: if it is damaged, of another algorithm, of an environment with other spaces, or without
            ``transfer`` of another environment.
    """
    manifest = read_manifest(path)
    if manifest["algorithm"] != algorithm:
        raise ValueError(
            f"{path} holds a {manifest['algorithm']!r} agent, not a {algorithm!r} one; load it with its own class."
        )
    own = (str(manifest["observation_space"]), str(manifest["action_space"]))
    for name, saved, present in zip(
        ("observation", "action"), own, (str(env.observation_space), str(env.action_space)), strict=True
    ):
        if saved != present:
            raise ValueError(f"{path} was trained with the {name} space {saved}, but `env` has {present}.")
    home = home_of(manifest)
    if not transfer and home and env.spec is not None and env.spec.id != home:
        raise ValueError(
            f"{path} was trained in {home}, but `env` is {env.spec.id}; `transfer=True` takes it there all the same."
        )
    wanted = memory and bool(manifest["memory"])
    check_files(path, manifest, without=() if wanted else (MEMORY,))
    arrays = read_arrays(path / ARRAYS)
    return Saved(
        algorithm=algorithm,
        settings=manifest["config"],
        seed=int(manifest["seed"]),
        spaces=own,
        progress=together(manifest["progress"], arrays),
        arrays={name: array for name, array in arrays.items() if not name.startswith(f"{PROGRESS}.")},
        memory=ArrayFile(path / MEMORY) if wanted else None,
        metrics=manifest["metrics"],
        folder=path,
    )


def home_of(manifest: Mapping[str, Any]) -> str:
    """The id of the environment that an agent was trained in; empty if it was not told."""
    return str((manifest["spec"] or {}).get("id") or "")


def read_manifest(path: Path) -> dict[str, Any]:
    """The manifest of a saved agent.

    Raises:
        FileNotFoundError: if there is none.
        ValueError: if it is damaged or of a later format.
    """
    file = path / MANIFEST
    if not file.is_file():
        raise FileNotFoundError(2, f"There is no saved agent here (no {MANIFEST})", str(path))
    manifest = read_json(file)
    if manifest.get("format") != FORMAT:
        raise ValueError(f"{file} has format {manifest.get('format')!r}; this version of rlenvs reads format {FORMAT}.")
    missing = KEYS - set(manifest)
    if missing:
        raise ValueError(f"{file} is damaged: it lacks {', '.join(sorted(missing))}.")
    if manifest["checksum"] != _checksum(manifest):
        raise ValueError(f"{file} is damaged: its checksum is wrong.")
    return manifest


def check_files(path: Path, manifest: Mapping[str, Any], *, without: Container[str] = ()) -> None:
    """Make sure that all files of a saved agent, but those ``without``, are what was saved.

    Raises:
        ValueError: if one is missing, cut off, or another one.
    """
    for name, digest in manifest["files"].items():
        if name in without:
            continue
        if not (path / name).is_file():
            raise ValueError(f"{path} is damaged: it lacks {name}.")
        if _digest(path / name) != digest:
            raise ValueError(f"{path / name} is damaged: it is not the file that was saved.")


def read_json(file: Path) -> dict[str, Any]:
    """One JSON object.

    Raises:
        FileNotFoundError: if the file does not exist.
        ValueError: if it holds no JSON object.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{file} is damaged: {error}.") from error
    if not isinstance(content, dict):
        raise ValueError(f"{file} is damaged: it holds no JSON object.")
    return content


def check_target(path: Path, marker: str) -> None:
    """Refuse a place where a folder cannot be written, or where other things than an earlier one would be replaced.

    Args:
        path: the folder that is to be written.
        marker: a file that every folder of its kind holds.

    Raises:
        FileExistsError: if there is a file of that name, or a folder that holds something but not the marker.
        NotADirectoryError: if a part of the path is a file.
    """
    if path.exists() and not path.is_dir():
        raise FileExistsError(17, "There is a file of that name; a folder is to be written", str(path))
    if path.is_dir() and not (path / marker).is_file() and any(path.iterdir()):
        raise FileExistsError(
            17, f"The folder holds other things (no {marker}) and would be replaced; name another", str(path)
        )
    nearest = next(parent for parent in (path, *path.absolute().parents) if parent.exists())
    if not nearest.is_dir():
        raise NotADirectoryError(20, "This is a file, so no folder can be made in it", str(nearest))


def write_folder(path: Path, write: Callable[[Path], None], marker: str) -> Path:
    """Let ``write`` fill a folder under a temporary name, and give it its own name when it is whole.

    An earlier folder of its kind, one that holds ``marker``, is replaced; nothing else is.

    Raises:
        FileExistsError: if there is a file of that name, or a folder that holds something but not the marker.
        NotADirectoryError: if a part of the path is a file.
    """
    check_target(path, marker)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    try:
        write(temporary)
        temporary.chmod(0o755)
        if path.exists():
            _swap(temporary, path)
        else:
            temporary.replace(path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return path


def _swap(new: Path, path: Path) -> None:
    # A folder cannot replace one that is not empty: the old one steps aside, and comes back if that fails.
    aside = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    path.replace(aside)
    try:
        new.replace(path)
    except OSError:
        aside.replace(path)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def sweep(folder: Path) -> None:
    """Remove what :func:`write_folder` left in a folder when the process was killed.

    If that was between its two renames, the newer of two whole folders gets the name that both were to have.
    """
    if not folder.is_dir():
        return
    left = [path for path in folder.iterdir() if re.fullmatch(r"\.[^.].*-[a-z0-9_]{8}", path.name) and path.is_dir()]
    for path in sorted(left, key=lambda path: path.stat().st_mtime, reverse=True):
        name = folder / path.name[1:-9]
        if (path / MANIFEST).is_file() and not name.exists():
            path.replace(name)
        else:
            shutil.rmtree(path, ignore_errors=True)


def write_json(file: Path, record: Mapping[str, Any]) -> None:
    """Write one JSON object under a temporary name, then rename."""
    temporary = file.with_name(f".{file.name}.part")
    temporary.write_text(json.dumps(to_plain(record), indent=2, ensure_ascii=False), encoding="utf-8")
    temporary.replace(file)
