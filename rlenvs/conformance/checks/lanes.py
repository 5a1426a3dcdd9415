"""Do several of it, side by side in a vector environment, play what single ones play?"""

import multiprocessing
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from gymnasium import spaces
from gymnasium.vector import AsyncVectorEnv, AutoresetMode, SyncVectorEnv
from gymnasium.vector.utils import batch_space, iterate

from rlenvs.conformance.catalogue import Problem, Undecided, conformance_check
from rlenvs.conformance.checks.basics import parts
from rlenvs.conformance.episodes import own
from rlenvs.conformance.handle import CrashError, Handle
from rlenvs.conformance.nested import ROUNDING, difference, remember
from rlenvs.conformance.policies import ActionSource
from rlenvs.conformance.subject import Subject

LANES = 2
Row = dict[str, Any]


def _single_rows(subject: Subject, lane: int, mode: AutoresetMode, steps: int) -> tuple[list[Any], list[Row]]:
    """What one lane must show: its actions, and a row for the reset and for each step."""
    with subject.fresh() as handle:
        observation, info = handle.reset(seed=subject.seed + lane)
        source = ActionSource(handle.env.action_space, 600 + lane)
        rows: list[Row] = [{"obs": remember(observation)}]
        actions: list[Any] = []
        over = False
        for _ in range(steps):
            action = source.next(handle.mask(observation, info))
            actions.append(own(action))
            if over and mode is AutoresetMode.NEXT_STEP:
                observation, info = handle.reset()
                rows.append({"obs": remember(observation), "reward": 0.0, "flags": (False, False)})
                over = False
                continue
            observation, reward, terminated, truncated, info = handle.step(own(action))
            row: Row = {"reward": float(reward), "flags": (bool(terminated), bool(truncated))}
            over = bool(terminated) or bool(truncated)
            if over and mode is AutoresetMode.SAME_STEP:
                row["final"] = remember(observation)
                observation, info = handle.reset()
                over = False
            rows.append({**row, "obs": remember(observation)})
            if over and mode is AutoresetMode.DISABLED:
                break
    return actions, rows


def compare_lanes(
    subject: Subject, build: Callable[[AutoresetMode], Any], mode: AutoresetMode, steps: int
) -> str | None:
    """Plays a vector environment beside single ones and describes the first difference, or None."""
    expected = [_single_rows(subject, lane, mode, steps) for lane in range(LANES)]
    space = subject.env.observation_space
    maker = Handle(None, subject.watch)
    vector = maker.call("making the vector environment", build, mode)
    handle = Handle(vector, subject.watch)
    try:
        observations, _ = handle.raw_reset(seed=subject.seed)
        rows_now = list(iterate(batch_space(space, LANES), observations))
        for step in range(min(len(actions) for actions, _ in expected) + 1):
            for lane, (_, rows) in enumerate(expected):
                found = difference(rows[step]["obs"], remember(_cast(rows_now[lane])), ROUNDING)
                if found:
                    return f"lane {lane}, step {step}: observation {found.lstrip(': ')}"
            if step == min(len(actions) for actions, _ in expected):
                return None
            result = handle.raw_step(_batch([actions[step] for actions, _ in expected], vector))
            rows_now = list(iterate(batch_space(space, LANES), result[0]))
            found = _scalars(result, [rows[step + 1] for _, rows in expected])
            if found:
                return f"step {step + 1}: {found}"
    finally:
        handle.close_quietly()
    return None


def _cast(part: Any) -> Any:
    """A lane's observation as the single environment would return it: scalars instead of NumPy ones."""
    return part.item() if isinstance(part, np.generic | np.ndarray) and np.ndim(part) == 0 else part


def _batch(actions: list[Any], vector: Any) -> Any:
    if isinstance(actions[0], dict | tuple):
        from gymnasium.vector.utils import concatenate, create_empty_array

        empty: Any = create_empty_array(vector.single_action_space, len(actions))
        return concatenate(vector.single_action_space, actions, empty)
    return np.stack([np.asarray(action) for action in actions])


def _scalars(result: tuple[Any, ...], rows: list[Row]) -> str | None:
    _, rewards, terminated, truncated, infos = result
    for lane, row in enumerate(rows):
        if not np.isclose(float(rewards[lane]), row["reward"], rtol=1e-4, atol=1e-6, equal_nan=True):
            return f"lane {lane}: reward {rewards[lane]} instead of {row['reward']}"
        flags = bool(terminated[lane]), bool(truncated[lane])
        if flags != row["flags"]:
            return f"lane {lane}: flags {flags} instead of {row['flags']}"
        if "final" in row:
            if "final_obs" not in infos or infos["final_obs"][lane] is None:
                return f"lane {lane}: infos['final_obs'] is missing"
            found = difference(row["final"], remember(infos["final_obs"][lane]), ROUNDING)
            if found:
                return f"lane {lane}: final_obs {found.lstrip(': ')}"
    return None


def steps_affordable(subject: Subject, most: int) -> int:
    """Steps that a second of this environment pays for, at most `most`."""
    return max(subject.affordable(most, steps=1, seconds=0.15), 12)


def _judge(subject: Subject, build: Callable[[AutoresetMode], Any], name: str, steps: int) -> Iterator[Problem]:
    subject.require_reproducible()
    subject.require_clean("observation-type", "observation-not-shared", "returned-data-stays", "info-dict")
    for mode in (AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP, AutoresetMode.DISABLED):
        try:
            found = compare_lanes(subject, build, mode, steps)
        except CrashError as crash:
            if "Space" in crash.text or "pickle" in crash.text.lower():
                raise Undecided(f"{name} cannot hold it: {crash.text}") from crash
            yield Problem(f"{name}, {mode.name}: {crash.text}", None, _code(subject, name, mode))
            return
        if found:
            text = f"{name} in mode {mode.name} plays otherwise than single environments: {found}"
            yield Problem(text, None, _code(subject, name, mode))
            return


def _code(subject: Subject, name: str, mode: AutoresetMode) -> str:
    making = subject.maker.code
    return (
        f"from gymnasium.vector import AutoresetMode, {name}\n"
        f"def make():\n    {making.replace(chr(10), chr(10) + '    ')}\n    return env\n"
        f"vector = {name}([make] * {LANES}, autoreset_mode=AutoresetMode.{mode.name})\n"
        f"print(vector.reset(seed={subject.seed}))"
    )


@conformance_check(
    "sync-vector-agrees",
    purpose="Lanes of a SyncVectorEnv play what single environments with the same seeds play, in every autoreset mode.",
    cost="moderate",
    harm="The agent trains on other episodes, rewards or final observations than it is evaluated on.",
    remedy="Keep no state outside of the instance, and return spaces, flags and infos exactly as declared.",
)
def sync_vector_agrees(subject: Subject) -> Iterator[Problem]:
    """Plays two lanes beside two single instances."""
    subject.usable()

    def build(mode: AutoresetMode) -> Any:
        return SyncVectorEnv([subject.maker.make] * LANES, autoreset_mode=mode)

    yield from _judge(subject, build, "SyncVectorEnv", steps_affordable(subject, 250))


@conformance_check(
    "async-vector-agrees",
    purpose="Lanes of an AsyncVectorEnv play what single environments with the same seeds play.",
    cost="dear",
    harm="What works in one process fails or differs in workers.",
    remedy="Make everything the environment needs in its constructor; depend on nothing of the parent process.",
)
def async_vector_agrees(subject: Subject) -> Iterator[Problem]:
    """Plays two worker processes beside two single instances."""
    subject.usable()
    if "fork" not in multiprocessing.get_all_start_methods():
        raise Undecided("worker processes cannot be forked on this system")

    kinds = (spaces.Box, spaces.Discrete, spaces.MultiDiscrete, spaces.MultiBinary, spaces.Dict, spaces.Tuple)
    plain = all(isinstance(part, kinds) for part in parts(subject.env.observation_space))

    def build(mode: AutoresetMode) -> Any:
        makers = [subject.maker.make] * LANES
        return AsyncVectorEnv(makers, context="fork", autoreset_mode=mode, shared_memory=plain)

    yield from _judge(subject, build, "AsyncVectorEnv", steps_affordable(subject, 400 if subject.full else 60))
