"""Does a native vector environment return proper batches, and do what its autoreset mode says?"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from gymnasium.vector import AutoresetMode
from gymnasium.vector.utils import iterate

from rlenvs.conformance.catalogue import Problem, Undecided, conformance_check
from rlenvs.conformance.checks.entry_points import builder, open_vector, sampler, vector_steps
from rlenvs.conformance.handle import Handle
from rlenvs.conformance.membership import type_fault, value_fault
from rlenvs.conformance.nested import difference, remember
from rlenvs.conformance.subject import Subject


@conformance_check(
    "vector-contract",
    purpose="The native vector environment returns batches of the declared types and shapes.",
    cost="moderate",
    harm="Learners broadcast rewards and flags wrongly, or fail.",
    remedy="Return observations in `observation_space`, rewards as float (n,), flags as bool (n,), infos as a dict.",
)
def vector_contract(subject: Subject) -> Iterator[Problem]:
    """Looks at every answer of some hundred steps."""
    handle = open_vector(subject)
    lanes = handle.env.num_envs
    sample = sampler(handle, 4)
    observations, infos = handle.reset(seed=subject.seed)
    result: tuple[Any, ...] = (observations, np.zeros(lanes), np.zeros(lanes, bool), np.zeros(lanes, bool), infos)
    for step in range(vector_steps(subject)):
        fault = _batch_fault(result, handle.env)
        if fault:
            yield Problem(f"step {step}: {fault}")
            return
        result = handle.step(sample())


def _batch_fault(result: tuple[Any, ...], env: Any) -> str | None:
    fault = type_fault(result[0], env.observation_space) or value_fault(result[0], env.observation_space)
    if fault:
        return fault
    rewards = result[1]
    if not isinstance(rewards, np.ndarray) or rewards.shape != (env.num_envs,) or rewards.dtype.kind not in "fiu":
        return f"rewards must be a number array of shape ({env.num_envs},), got {type(rewards).__name__}"
    if not np.isfinite(rewards).all():
        return "a reward is not finite"
    for name, flags in (("terminated", result[2]), ("truncated", result[3])):
        if not isinstance(flags, np.ndarray) or flags.shape != (env.num_envs,) or flags.dtype != np.bool_:
            return f"`{name}` must be a bool array of shape ({env.num_envs},)"
    return None if isinstance(result[4], dict) else "infos must be a dict"


@conformance_check(
    "vector-autoreset",
    purpose="The native vector environment does in each autoreset mode what the mode says.",
    cost="moderate",
    harm="Transitions across episode borders enter the buffer, or final observations are lost.",
    remedy="NEXT_STEP: the step after the end resets, with reward 0 and no flag. SAME_STEP: `final_obs` holds the "
    "last observation. DISABLED: only the lanes of `reset_mask` are reset.",
)
def vector_autoreset(subject: Subject) -> Iterator[Problem]:
    """Plays on over the ends of episodes in each mode."""
    builder(subject)
    undecided: list[str] = []
    for mode in AutoresetMode:
        try:
            handle = open_vector(subject, mode)
        except Undecided as reason:
            undecided.append(str(reason))
            continue
        fault = _mode_fault(subject, handle, mode)
        if fault:
            yield Problem(f"mode {mode.name}: {fault}")
    if len(undecided) == len(AutoresetMode):
        raise Undecided("; ".join(undecided))


def _mode_fault(subject: Subject, handle: Handle, mode: AutoresetMode) -> str | None:
    sample = sampler(handle, 5)
    observations, _ = handle.reset(seed=subject.seed)
    before = np.zeros(handle.env.num_envs, bool)
    for step in range(1, vector_steps(subject) + 1):
        if mode is AutoresetMode.DISABLED and before.any():
            fault = _partial_reset_fault(handle, remember(observations), before)
            if fault:
                return f"before step {step}: {fault}"
            before = np.zeros_like(before)
        observations, rewards, terminated, truncated, infos = handle.step(sample())
        over = np.asarray(terminated) | np.asarray(truncated)
        fault = None
        if mode is AutoresetMode.NEXT_STEP and before.any():
            fault = _next_step_fault(before, np.asarray(rewards), over)
        elif mode is AutoresetMode.SAME_STEP:
            fault = _final_fault(handle.env, over, infos)
        if fault:
            return f"step {step}: {fault}"
        before = over & ~before if mode is AutoresetMode.NEXT_STEP else over
    return None


def _next_step_fault(before: Any, rewards: Any, over: Any) -> str | None:
    if rewards[before].any():
        return f"the step that resets a lane paid {rewards[before][0]} instead of 0"
    return "the step that resets a lane set a flag" if over[before].any() else None


def _final_fault(env: Any, over: Any, infos: dict[str, Any]) -> str | None:
    if not over.any():
        return None
    missing = [key for key in ("final_obs", "_final_obs", "final_info") if key not in infos]
    if missing:
        return f"an episode ended and infos has no {', '.join(missing)}"
    mask = infos.get("_final_obs")
    if mask is None or not np.array_equal(np.asarray(mask, bool), over):
        return "infos['_final_obs'] does not mark the lanes that ended"
    for lane in np.flatnonzero(over):
        final = infos["final_obs"][lane]
        fault = value_fault(final, env.single_observation_space) if final is not None else "it is None"
        if fault:
            return f"final_obs of lane {lane}: {fault}"
    return None


def _partial_reset_fault(handle: Handle, before: Any, mask: Any) -> str | None:
    space = handle.env.observation_space
    after, _ = handle.reset(options={"reset_mask": mask.copy()})
    if isinstance(before, np.ndarray):
        lanes = zip(iterate(space, before), iterate(space, after), strict=True)
        for lane, (old, new) in enumerate(lanes):
            if not mask[lane] and difference(remember(old), remember(new)):
                return f"a partial reset changed lane {lane}, which was not in `reset_mask`"
    return None
