"""Are action masks well formed, and do they say what `step` does?"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces

from rlenvs.conformance.catalogue import NotApplicable, Problem, Undecided, conformance_check
from rlenvs.conformance.episodes import Trace, own, play
from rlenvs.conformance.handle import CrashError, Handle
from rlenvs.conformance.nested import difference, remember
from rlenvs.conformance.subject import Subject


def _masked(subject: Subject) -> None:
    """Lets through environments whose infos hold a mask."""
    record = subject.usable()
    if not any(m.mask is not None for trace in record.traces for m in trace):
        raise NotApplicable("no info holds an action_mask")


@conformance_check(
    "mask-well-formed",
    purpose="`info['action_mask']` is there at reset and at every step: int8, of the right shape, 0 or 1, not empty.",
    harm="`action_space.sample(mask=…)` raises, or silently samples action 0 where nothing is allowed.",
    remedy="Build it in one function for `reset` and `step`: `np.array(…, dtype=np.int8)` of shape (n,).",
)
def mask_well_formed(subject: Subject) -> Iterator[Problem]:
    """Looks at the mask of every call of the survey."""
    _masked(subject)
    for number, trace in enumerate(subject.survey.traces):
        for step, moment in enumerate(trace):
            fault = _mask_fault(moment.mask, subject.env.action_space, over=moment.over)
            if fault:
                place = f"step {step}" if step else "`reset`"
                yield subject.problem_at(f"{fault}, at {place} of episode {number + 1}", number, step)
                return


def _mask_fault(mask: Any, space: Any, *, over: bool) -> str | None:
    if mask is None:
        return "`action_mask` is missing in info"
    if isinstance(space, spaces.MultiDiscrete | spaces.Tuple) and isinstance(mask, tuple | list):
        return next((f for part in mask if (f := _values_fault(part, over=over))), None)
    if isinstance(space, spaces.Discrete):
        if not isinstance(mask, np.ndarray):
            return f"`action_mask` must be an array, got {type(mask).__name__}"
        if mask.shape != (int(space.n),):
            return f"`action_mask` must have shape ({space.n},), got {mask.shape}"
        return _values_fault(mask, over=over)
    return None


def _values_fault(mask: Any, *, over: bool) -> str | None:
    if not isinstance(mask, np.ndarray):
        return None
    if mask.dtype != np.int8:
        return f"`action_mask` must be int8, got {mask.dtype}"
    if not np.all((mask == 0) | (mask == 1)):
        return f"`action_mask` must hold 0 and 1 only, got {mask.tolist()}"
    if not over and not mask.any():
        return "`action_mask` allows no action in a state from which the episode goes on"
    return None


@conformance_check(
    "mask-methods-agree",
    purpose="`action_masks()` and `info['action_mask']` say the same.",
    harm="A masked agent of one library learns other rules than that of another.",
    remedy="Let both come from one function.",
)
def mask_methods_agree(subject: Subject) -> Iterator[Problem]:
    """Asks the method after each call and compares."""
    _masked(subject)
    if not callable(getattr(getattr(subject.env, "unwrapped", None), "action_masks", None)):
        raise NotApplicable("there is no action_masks()")
    with subject.fresh() as handle:
        for episode in subject.script[:5]:
            _, info = handle.reset(seed=episode.seed)
            for step, action in enumerate([None, *episode.actions[:100]]):
                if action is not None:
                    result = handle.step(own(action))
                    info = result[4]
                    if result[2] or result[3]:
                        break
                said, asked = info.get("action_mask"), handle.env.unwrapped.action_masks()
                if said is None or np.asarray(said, bool).tolist() != np.asarray(asked, bool).tolist():
                    yield Problem(f"at step {step} info says {said}, action_masks() says {asked}", episode.seed)
                    return


_REFUSALS = (ValueError, AssertionError, IndexError, KeyError, gymnasium.error.Error)


@dataclass(slots=True)
class _Probes:
    """What happened when actions were tried in many states, by what the mask had said."""

    allowed_refused: str | None = None
    forbidden: dict[str, int] = field(default_factory=lambda: {"refused": 0, "same": 0, "moved": 0})
    example: str = ""
    masks: list[list[list[int]]] = field(default_factory=list)
    effects: list[list[list[int]]] = field(default_factory=list)


@conformance_check(
    "mask-tells-the-truth",
    purpose="What the mask allows can be done, what it forbids cannot: of the state that is, not of the last one.",
    cost="moderate",
    harm="A masked agent never tries the right action, or keeps being refused.",
    remedy="Compute the mask from the state after the transition, in the order of the actions.",
)
def mask_tells_the_truth(subject: Subject) -> Iterator[Problem]:
    """Tries every action in many states and compares what happens with the mask."""
    _masked(subject)
    space = subject.env.action_space
    if not isinstance(space, spaces.Discrete) or space.n > 40:
        raise NotApplicable("only masks of small Discrete spaces are tried out")
    subject.require_reproducible()
    probes = _probe(subject, space)
    if probes.allowed_refused:
        yield Problem(f"the mask allows what `step` refuses: {probes.allowed_refused}")
        return
    refused, same, moved = (probes.forbidden[key] for key in ("refused", "same", "moved"))
    if moved and refused >= moved:
        yield Problem(f"the mask forbids what `step` carries out: {probes.example}")
        return
    if not refused:
        if moved and same >= 4 * moved and not _idle(probes):
            yield Problem(f"the mask forbids what `step` carries out: {probes.example}")
        else:
            yield from _pattern(probes)
    if not refused + same + moved:
        raise Undecided("the mask forbade nothing in the states that were tried")


def _probe(subject: Subject, space: spaces.Discrete) -> _Probes:
    probes = _Probes()
    with subject.fresh() as handle:
        for episode, trace in list(zip(subject.script, subject.reference, strict=False))[:6]:
            masks: list[list[int]] = []
            effects: list[list[int]] = []
            for step in _worth_trying(trace, int(space.n)):
                mask = trace[step].mask
                masks.append([int(bool(bit)) for bit in mask])
                here, start = trace[step], episode.first(step)
                effects.append([_try(handle, probes, start, here, a, space) for a in range(int(space.n))])
            probes.masks.append(masks)
            probes.effects.append(effects)
    return probes


def _worth_trying(trace: Trace, size: int) -> range:
    """Some states in a row, beginning one before the first in which something is forbidden."""
    good = [isinstance(m.mask, np.ndarray) and m.mask.shape == (size,) and not m.over for m in trace[:60]]
    usable = good.index(False) if False in good else len(good)
    first = next((i for i in range(usable) if not trace[i].mask.all()), 0)
    # The last state counts too: there the environment may have refused what the mask allowed.
    first = max(0, min(first - 1, usable - 3))
    return range(first, min(usable, first + (8 if size <= 12 else 4)))


def _try(handle: Handle, probes: _Probes, episode: Any, here: Any, index: int, space: spaces.Discrete) -> int:
    """Takes one action in one state; 1 when it had an effect."""
    allowed = bool(here.mask[index])
    play(handle, episode)
    place = f"action {space.start + index} at step {len(episode.actions) + 1}, seed {episode.seed}"
    try:
        result = handle.step(np.int64(space.start + index))
    except CrashError as crash:
        if not isinstance(crash.error, _REFUSALS):
            raise Undecided(f"{place}: {crash.text}") from crash
        if allowed:
            probes.allowed_refused = probes.allowed_refused or f"{place}: {crash.text}"
        else:
            probes.forbidden["refused"] += 1
        return 0
    moved = bool(result[2]) or difference(here.observation, remember(result[0])) is not None
    if not allowed:
        probes.forbidden["moved" if moved else "same"] += 1
        if moved and not probes.example:
            probes.example = place
    return int(moved)


def _idle(probes: _Probes) -> bool:
    """Whether allowed actions too are often without effect, so that an effect says little."""
    pairs = [
        (bit, effect)
        for masks, effects in zip(probes.masks, probes.effects, strict=True)
        for mask, row in zip(masks, effects, strict=True)
        for bit, effect in zip(mask, row, strict=True)
    ]
    allowed = [effect for bit, effect in pairs if bit]
    return not allowed or sum(allowed) < 0.9 * len(allowed)


def _pattern(probes: _Probes) -> Iterator[Problem]:
    """Masks that are inverted, in another order of the actions, or those of the state before."""
    now, before, opposite, wrong = True, True, True, 0
    for masks, effects in zip(probes.masks, probes.effects, strict=True):
        for step, (mask, effect) in enumerate(zip(masks, effects, strict=True)):
            wrong += mask != effect
            now = now and mask == effect
            opposite = opposite and mask == [1 - bit for bit in effect]
            before = before and (step == 0 or mask == effects[step - 1])
    if now or wrong < 2:
        return
    if opposite:
        yield Problem("the mask is the wrong way round: it allows what has no effect and forbids what has one")
    elif before:
        yield Problem("the mask is the one of the state before: it is computed ahead of the transition")
    elif _reordered(probes):
        yield Problem("the entries of the mask are in another order than the actions: each fits another action")


def _reordered(probes: _Probes) -> bool:
    """Whether the columns of masks and effects are the same in another order, in three states and more."""
    masks = [mask for rows in probes.masks for mask in rows]
    effects = [effect for rows in probes.effects for effect in rows]
    wrong = sum(mask != effect for mask, effect in zip(masks, effects, strict=True))
    return wrong >= 3 and sorted(zip(*masks, strict=True)) == sorted(zip(*effects, strict=True))
