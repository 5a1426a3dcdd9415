"""Each environment, played: small GIFs."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np
from PIL import Image

import rlenvs  # noqa: F401  # registers the environments
from rlenvs_play import watch

HEIGHT = 256
MOST_FRAMES = 90
COLOURS = 64


class Film(NamedTuple):
    """Who plays what."""

    env_id: str
    agent: str
    seed: int = 0


FILMS = {
    "grid_world": Film("rlenvs/GridWorld6x6-v0", "optimal"),
    "mdp": Film("rlenvs/MDP-v0", "optimal"),
    "markov_chain": Film("rlenvs/MarkovChain-v0", "random", seed=3),
    "snake": Film("rlenvs/Snake6x6-v0", "cycle"),
}


def film_all(folder: Path) -> None:
    """Make every one."""
    for name, film in FILMS.items():
        write(folder / f"{name}.gif", film)


def write(path: Path, film: Film) -> None:
    """Let it be played and recorded, and make the recording small."""
    env = gym.make(film.env_id, render_mode="rgb_array")
    with tempfile.TemporaryDirectory() as folder:
        recorded = Path(folder) / "film.gif"
        watch(env, film.agent, seed=film.seed, record=[recorded])
        frames, durations = _small(recorded)
    env.close()
    first, *rest = frames
    first.save(path, save_all=True, append_images=rest, duration=durations, loop=0, optimize=True)


def _small(path: Path) -> tuple[list[Any], list[int]]:
    """The first frames, shrunk, in the colours of three of them."""
    frames, durations = [], []
    with Image.open(path) as film:
        for number in range(min(film.n_frames, MOST_FRAMES)):
            film.seek(number)
            frame = film.convert("RGB")
            width = round(frame.width * HEIGHT / frame.height)
            frames.append(frame.resize((width, HEIGHT), Image.Resampling.LANCZOS))
            durations.append(int(film.info["duration"]))
    palette = _palette([frames[0], frames[len(frames) // 2], frames[-1]])
    return [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames], durations


def _palette(frames: list[Any]) -> Any:
    """Half of it colours that fill the picture, half of it rare ones that differ most, such as an apple's."""
    strip = Image.fromarray(np.hstack([np.asarray(frame) for frame in frames]))
    counted = sorted(strip.getcolors(strip.width * strip.height), reverse=True)
    common = [level for _, colour in counted[: COLOURS // 2] for level in colour]
    rare = strip.quantize(COLOURS // 2, method=Image.Quantize.MAXCOVERAGE).getpalette()[: 3 * (COLOURS // 2)]
    palette = Image.new("P", (1, 1))
    palette.putpalette(common + rare)
    return palette
