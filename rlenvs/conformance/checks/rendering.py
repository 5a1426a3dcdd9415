"""Do the declared render modes work, and does looking leave the world alone?"""

import functools
import inspect
import sys
from collections.abc import Callable, Iterator
from typing import Any

import gymnasium
import numpy as np

from rlenvs.conformance.catalogue import NotApplicable, Problem, Undecided, conformance_check
from rlenvs.conformance.elsewhere import TravelError, render_in_child
from rlenvs.conformance.episodes import Treatment, own
from rlenvs.conformance.explore import wander
from rlenvs.conformance.handle import CrashError, Handle
from rlenvs.conformance.nested import remember, short
from rlenvs.conformance.pictures import display_missing, frame_fault
from rlenvs.conformance.subject import Subject

_NATIVE = ("mujoco", "glfw", "OpenGL", "pyglet", "pybullet", "moderngl", "panda3d", "vtk")
"""Libraries that can abort the whole process where there is no display."""

PICTURES = ("rgb_array", "rgb_array_list", "ansi", "ansi_list")


def modes(subject: Subject) -> list[str]:
    """The declared render modes.

    Raises:
        NotApplicable: There are none.
    """
    declared = subject.metadata.get("render_modes", [])
    names = [mode for mode in declared if isinstance(mode, str)]
    if not names:
        raise NotApplicable("no render mode is declared")
    return names


def maker_for(subject: Subject, mode: str) -> Callable[[], Any]:
    """Something that makes the environment with a render mode.

    Raises:
        Undecided: The target takes no render mode.
    """
    if subject.maker.accepts("render_mode"):
        return functools.partial(subject.maker.make, render_mode=mode)
    if subject.spec is not None:
        return functools.partial(gymnasium.make, subject.spec, render_mode=mode, disable_env_checker=True)
    if getattr(subject.env, "render_mode", None) == mode:
        return subject.maker.make
    # A wrapped environment made by a closure: its own class, without the wrappers, is what can be drawn.
    cls: Any = type(subject.env.unwrapped)
    if _can_construct(cls):
        return functools.partial(cls, render_mode=mode)
    raise Undecided("the function that makes the environment takes no `render_mode`")


def _can_construct(cls: type) -> bool:
    try:
        parameters = inspect.signature(cls).parameters
    except (TypeError, ValueError):
        return False
    needed = [
        p for p in parameters.values() if p.default is p.empty and p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)
    ]
    return "render_mode" in parameters and not needed


def frames(subject: Subject, mode: str, count: int) -> Iterator[tuple[int, Any]]:
    """Renders after each call of an episode that goes on and on.

    Raises:
        Undecided: A library or a display is missing.
    """
    require_safe(subject, mode)
    try:
        with subject.fresh(maker_for(subject, mode)) as handle:
            handle.reset(seed=subject.seed)
            yield 0, handle.render()
            for number, _ in enumerate(wander(handle, subject.seed), start=1):
                yield number, handle.render()
                if number >= count:
                    return
    except CrashError as crash:
        if display_missing(crash) or crash.where in ("reset", "step"):
            raise Undecided(f"mode {mode!r}: {crash.text}") from crash
        raise


def _count(subject: Subject) -> int:
    return 150 if subject.full else 60


@conformance_check(
    "render-types",
    purpose="Each declared render mode works and returns its type.",
    cost="moderate",
    harm="Recording a video fails at the end of the training run.",
    remedy="Return uint8 (H, W, 3) for rgb_array, str for ansi, None for human; declare only what is there.",
)
def render_types(subject: Subject) -> Iterator[Problem]:
    """Renders a few dozen states in each mode."""
    subject.usable()
    undecided: list[str] = []
    for mode in modes(subject):
        try:
            fault = None
            for number, frame in frames(subject, mode, 3 if mode == "human" else _count(subject)):
                fault = frame_fault(mode, frame)
                if fault:
                    yield Problem(f"mode {mode!r}, after step {number}: {fault}", None, _code(subject, mode))
                    break
        except CrashError as crash:
            yield Problem(f"mode {mode!r}: {crash.text}", None, _code(subject, mode))
        except Undecided as reason:
            undecided.append(str(reason))
    if undecided:
        raise Undecided("; ".join(undecided))


def require_safe(subject: Subject, mode: str) -> None:
    """Tries a mode in another process first, where a library is loaded that may end this one.

    Raises:
        Undecided: The other process could not render.
    """
    if not any(name in sys.modules for name in _NATIVE):
        return
    tried: dict[str, str | None] = subject.memory.setdefault("modes tried elsewhere", {})
    if mode not in tried:
        try:
            render_in_child(maker_for(subject, mode), subject.maker.module, mode, subject.seed, 20.0)
            tried[mode] = None
        except TravelError as reason:
            tried[mode] = str(reason)
    if tried[mode] is not None:
        raise Undecided(f"mode {mode!r}: {tried[mode]}")


def _code(subject: Subject, mode: str) -> str:
    code = subject.maker.code.replace("env = gym.make(", f"env = gym.make(render_mode={mode!r}, id=")
    code = code.replace("()", f"(render_mode={mode!r})", 1) if subject.maker.id is None else code
    return f"{code}\nenv.reset(seed={subject.seed})\nprint(env.render())"


@conformance_check(
    "render-size-constant",
    purpose="Pictures keep one size.",
    cost="moderate",
    harm="Video writers refuse the first frame of another size.",
    remedy="Compute the size once, from the constructor's arguments.",
)
def render_size_constant(subject: Subject) -> Iterator[Problem]:
    """Compares the shapes of many pictures."""
    subject.usable()
    if "rgb_array" not in modes(subject):
        raise NotApplicable("no mode rgb_array")
    shapes: set[tuple[int, ...]] = set()
    for number, frame in frames(subject, "rgb_array", _count(subject)):
        if not isinstance(frame, np.ndarray):
            raise Undecided("`render` returns no array")
        shapes.add(frame.shape)
        if len(shapes) > 1:
            yield Problem(f"pictures have the sizes {sorted(shapes)}, the second since step {number}")
            return


@conformance_check(
    "frames-stay",
    purpose="A picture that was returned is not painted over by the next one.",
    cost="moderate",
    harm="Every frame of a recorded video shows the last moment.",
    remedy="Return a copy of the canvas.",
)
def frames_stay(subject: Subject) -> Iterator[Problem]:
    """Keeps the last pictures and looks at them again later."""
    subject.usable()
    if "rgb_array" not in modes(subject):
        raise NotApplicable("no mode rgb_array")
    kept: list[tuple[int, Any, Any]] = []
    for number, frame in frames(subject, "rgb_array", 30):
        kept = [*kept[-4:], (number, frame, remember(frame))]
        for earlier, picture, print_of_it in kept:
            if short(remember(picture)) and not _same(remember(picture), print_of_it):
                yield Problem(f"the picture returned after step {earlier} was changed by step {number}")
                return


def _same(first: Any, second: Any) -> bool:
    return np.array_equal(first, second) if isinstance(first, np.ndarray) else bool(first == second)


@conformance_check(
    "render-changes-nothing",
    purpose="Rendering does not change the episode, in any mode.",
    cost="moderate",
    harm="A recorded run is another run than the one without a camera.",
    remedy="Draw from the state alone; if a picture needs chance, give it a generator of its own.",
)
def render_changes_nothing(subject: Subject) -> Iterator[Problem]:
    """Replays with a call of `render` after every call, in each mode that opens no window."""
    subject.require_reproducible()
    chosen = [mode for mode in modes(subject) if mode in PICTURES]
    if not chosen:
        raise NotApplicable("only windows are declared")
    for mode in chosen:
        trouble: list[CrashError] = []

        def after(handle: Handle, _result: Any, trouble: list[CrashError] = trouble) -> None:
            try:
                if not trouble:
                    handle.render()
            except CrashError as crash:
                trouble.append(crash)

        require_safe(subject, mode)
        make = maker_for(subject, mode)
        calls = _calls(subject, mode)
        plain = subject.deviation(Treatment(), make, calls=calls)
        if plain is not None and subject.maker.accepts("render_mode"):
            yield subject.problem(f"made with render_mode={mode!r}, it plays another episode", plain)
            return
        if plain is None:
            found = subject.experiment(Treatment(after=after, action=own), make, calls=calls)
            if found:
                yield subject.problem(f"calling render() in mode {mode!r} changes the episode", found)
                return


def _calls(subject: Subject, mode: str) -> int:
    """How many pictures half a second pays for."""
    import time

    with subject.fresh(maker_for(subject, mode)) as handle:
        handle.reset(seed=subject.seed)
        try:
            handle.render()
            started = time.monotonic()
            for _ in range(3):
                handle.render()
        except CrashError as crash:
            raise Undecided(crash.text) from crash
        pace = (time.monotonic() - started) / 3
    seconds = 2.0 if subject.full else 0.4
    return int(min(max(seconds / max(pace, 1e-6), 10), 600))


@conformance_check(
    "undeclared-mode-refused",
    purpose="A render mode that is not declared is refused by the constructor.",
    severity="advice",
    harm="A misspelt mode gives None instead of pictures, and nobody notices until the video is empty.",
    remedy="Raise ValueError in the constructor unless the mode is None or in `metadata['render_modes']`.",
)
def undeclared_mode_refused(subject: Subject) -> Iterator[Problem]:
    """Asks for a mode that no environment has."""
    modes(subject)
    make = maker_for(subject, "no_such_mode")
    try:
        with subject.fresh(make):
            pass
    except CrashError:
        return
    yield Problem("render_mode='no_such_mode' is accepted")


@conformance_check(
    "render-metadata",
    purpose="`metadata` declares the render modes, and `render_fps` as a positive int.",
    severity="advice",
    harm="`gymnasium.utils.play` fails with a float, and videos run at a guessed speed.",
    remedy='Write `metadata = {"render_modes": […], "render_fps": 30}`.',
)
def render_metadata(subject: Subject) -> Iterator[Problem]:
    """Looks at the metadata."""
    declared = subject.metadata.get("render_modes")
    if not isinstance(declared, list | tuple):
        yield Problem(f"`metadata['render_modes']` must be a list, got {short(declared)}")
        return
    mode = getattr(subject.env, "render_mode", None)
    if mode is not None and mode not in declared:
        yield Problem(f"`render_mode` is {mode!r}, which `metadata['render_modes']` does not declare")
    rate = subject.metadata.get("render_fps")
    moving = [mode for mode in declared if mode in ("human", "rgb_array", "rgb_array_list")]
    if moving and (not isinstance(rate, int) or isinstance(rate, bool) or rate <= 0):
        yield Problem(f"`metadata['render_fps']` must be a positive int, got {short(rate)}")
