"""Advice: is it an environment that an agent can learn in? Thresholds are stated in each check."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from gymnasium import spaces

from rlenvs.conformance.catalogue import Problem, Undecided, conformance_check
from rlenvs.conformance.checks.basics import parts
from rlenvs.conformance.checks.limits import declared_limits
from rlenvs.conformance.explore import wander
from rlenvs.conformance.nested import difference, leaves
from rlenvs.conformance.subject import Subject

BIG_REWARD = 100.0
ENDLESS = 1000
LONGEST = 100_000
EPISODES = 1000


def _rewards(subject: Subject) -> list[float]:
    return [
        float(moment.reward)
        for trace in subject.survey.traces
        for moment in trace[1:]
        if isinstance(moment.reward, int | float | np.number)
    ]


@conformance_check(
    "reward-scale",
    purpose="No reward of a random policy is larger than 100 in size.",
    severity="advice",
    harm="Squared errors of that size make the first updates destroy the network; value losses never settle.",
    remedy="Scale rewards to about -1 … 1; a penalty need not be larger than the sum of what it forbids.",
)
def reward_scale(subject: Subject) -> Iterator[Problem]:
    """Looks for the largest reward of the survey."""
    subject.usable()
    rewards = [reward for reward in _rewards(subject) if np.isfinite(reward)]
    largest = max(rewards, key=abs, default=0.0)
    if abs(largest) > BIG_REWARD:
        yield Problem(f"a reward of {largest:g} was paid")


@conformance_check(
    "observation-bounded",
    purpose="Observations are bounded, or at least small: no unbounded component went beyond 1000.",
    severity="advice",
    harm="Inputs of very different size slow learning down, and normalising by the bounds is impossible.",
    remedy="State finite bounds, or scale the component.",
)
def observation_bounded(subject: Subject) -> Iterator[Problem]:
    """Looks at the bounds, and at what unbounded components were worth."""
    subject.usable()
    boxes = [part for part in parts(subject.env.observation_space) if isinstance(part, spaces.Box)]
    free = [box for box in boxes if not box.is_bounded("both")]
    if not free:
        return
    largest = max((float(np.max(np.abs(leaf))) for leaf in _float_leaves(subject) if leaf.size), default=0.0)
    if largest > 1000:
        yield Problem(f"the observation space is unbounded, and a component reached {largest:g}")


def _float_leaves(subject: Subject) -> Iterator[Any]:
    for trace in subject.survey.traces:
        for moment in trace:
            for _, leaf in leaves(moment.observation):
                if isinstance(leaf, np.ndarray) and leaf.dtype.kind == "f" and np.isfinite(leaf).all():
                    yield leaf


@conformance_check(
    "observation-varies",
    purpose="The observation changes in the course of the survey.",
    severity="advice",
    harm="There is nothing to learn from: the agent is blind.",
    remedy="Compute the observation from the state after each transition.",
)
def observation_varies(subject: Subject) -> Iterator[Problem]:
    """Compares all observations of the survey; one state and one-step episodes are left aside."""
    record = subject.usable()
    first = record.traces[0][0].observation
    answers = (moment.observation for trace in record.traces for moment in trace)
    constant = all(difference(first, answer) is None for answer in answers)
    trivial = isinstance(subject.env.observation_space, spaces.Discrete) and subject.env.observation_space.n == 1
    if constant and record.calls > 50 and not trivial and max(map(len, record.traces)) > 2:
        yield Problem(f"all {record.calls} observations of the survey were the same")


@conformance_check(
    "observation-components-vary",
    purpose="No component of a small vector observation is constant over 500 calls and more.",
    severity="advice",
    harm="A dead input: often a feature that was meant to be filled in.",
    remedy="Fill it in, or leave it out.",
)
def observation_components_vary(subject: Subject) -> Iterator[Problem]:
    """Looks for components of vectors of at most 64 numbers that never change."""
    record = subject.usable()
    if record.calls < 500 or len(record.traces) < 5:
        raise Undecided("fewer than 500 calls in 5 episodes were observed")
    columns: dict[str, list[Any]] = {}
    for trace in record.traces:
        for moment in trace:
            for path, leaf in leaves(moment.observation):
                if isinstance(leaf, np.ndarray) and leaf.ndim == 1 and leaf.size <= 64 and leaf.dtype.kind == "f":
                    columns.setdefault(path, []).append(leaf)
    for path, rows in columns.items():
        if len({row.shape for row in rows}) == 1:
            table = np.stack(rows)
            dead = np.flatnonzero((table == table[0]).all(axis=0))
            if 0 < len(dead) < table.shape[1]:
                yield Problem(f"observation{path}: components {dead.tolist()} were always {table[0][dead].tolist()}")


@conformance_check(
    "states-reachable",
    purpose="At least a tenth of a small Discrete observation space is met in 2000 calls and more.",
    severity="advice",
    harm="Tables and one-hot inputs are mostly empty; an index is probably computed wrongly.",
    remedy="Check the index, or make the space as large as the number of states.",
)
def states_reachable(subject: Subject) -> Iterator[Problem]:
    """Counts the different observations of the survey."""
    record = subject.usable()
    space = subject.env.observation_space
    if not isinstance(space, spaces.Discrete) or not 10 <= space.n <= 200 or record.calls < 2000:
        return
    answers = [m.observation for trace in record.traces for m in trace]
    seen = {int(answer) for answer in answers if isinstance(answer, int | np.integer)}
    if len(seen) < space.n / 10:
        yield Problem(f"only {len(seen)} of {space.n} observations were met in {record.calls} calls")


@conformance_check(
    "episodes-end",
    purpose="Episodes end within 1000 steps, or a time limit of at most 100 000 steps is declared.",
    severity="advice",
    cost="moderate",
    harm="The first episode never ends: no return is ever logged, and resets never come.",
    remedy="Register with `max_episode_steps`, or truncate after a number of steps without progress.",
)
def episodes_end(subject: Subject) -> Iterator[Problem]:
    """Plays on when no episode of the survey ended."""
    record = subject.usable()
    limited = any(limit <= LONGEST for limit in declared_limits(subject).values())
    if limited or any(trace and trace[-1].over for trace in record.traces):
        return
    longest = max(len(trace) - 1 for trace in record.traces)
    with subject.fresh() as handle:
        for number, (_, result) in enumerate(wander(handle, subject.seed), start=1):
            if result[2] or result[3]:
                return
            if number >= ENDLESS:
                longest = max(longest, number)
                break
            if subject.out_of_time(0.8):
                raise Undecided(f"no episode ended in {number} steps; there was no time for more")
    yield Problem(f"no episode ended, the longest was stopped after {longest} steps, and no time limit is declared")


@conformance_check(
    "termination-at-a-fixed-step",
    purpose="Episodes do not all terminate at one and the same step.",
    severity="advice",
    harm="It looks like a time limit reported as termination: the agent learns that late states are worth nothing.",
    remedy="If it is a time limit, return truncated=True; if the task has a fixed length, show the step in the "
    "observation and waive this check.",
)
def termination_at_a_fixed_step(subject: Subject) -> Iterator[Problem]:
    """Compares the lengths of the terminated episodes of the survey."""
    record = subject.usable()
    ended = [t for t in record.traces if len(t) > 1 and t[-1].over]
    longest = max((len(t) - 1 for t in ended), default=0)
    at_limit = [t for t in ended if len(t) - 1 == longest]
    actions = {repr(e.actions[:longest]) for e in record.episodes if len(e.actions) >= longest}
    distinct = len(at_limit) >= 4 and len(actions) >= 4 and longest >= 5
    if distinct and all(t[-1].terminated for t in at_limit):
        share = len(at_limit) / len(ended)
        yield Problem(f"{share:.0%} of the episodes terminated at step {longest} exactly, none went on longer")


@conformance_check(
    "reward-reachable",
    purpose="The return of a random policy is not the same in all of 1000 episodes.",
    severity="advice",
    cost="dear",
    full_only=True,
    harm="Exploration by chance finds nothing: the agent sees one reward for ever.",
    remedy="Start nearer to the goal, shape the reward by a potential, or expect to need directed exploration.",
)
def reward_reachable(subject: Subject) -> Iterator[Problem]:
    """Plays up to 1000 episodes with a random policy."""
    subject.usable()
    returns: list[float] = [0.0]
    with subject.fresh() as handle:
        for _, result in wander(handle, subject.seed + 61):
            returns[-1] += float(result[1])
            if result[2] or result[3]:
                if abs(returns[-1] - returns[0]) > 1e-9 * max(1.0, abs(returns[0])):
                    return
                if len(returns) >= EPISODES:
                    break
                returns.append(0.0)
            if subject.out_of_time(0.9):
                raise Undecided(f"only {len(returns) - 1} episodes ended in the time there was")
    yield Problem(f"in {len(returns)} episodes of a random policy the return was always {returns[0]:g}")
