"""Where an environment states its own probabilities: are they probabilities, and are they true?"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np

from rlenvs.conformance.catalogue import NotApplicable, Problem, Undecided, conformance_check
from rlenvs.conformance.explore import wander
from rlenvs.conformance.handle import Handle
from rlenvs.conformance.subject import Subject

FALSE_ALARM = 1e-6
"""Chance that a true model is accused by the χ² test, over all rows together."""

Row = list[tuple[float, int, float, bool]]


def table(subject: Subject) -> dict[int, dict[int, Row]]:
    """The model in toy-text form: state, action, list of (probability, next state, reward, terminated).

    Raises:
        NotApplicable: The environment exposes no model.
    """
    env = getattr(subject.env, "unwrapped", subject.env)
    found = getattr(env, "P", None)
    if not isinstance(found, dict) or not found or not isinstance(next(iter(found.values())), dict):
        raise NotApplicable("it exposes no model `P`")
    return found


@conformance_check(
    "model-rows-sum",
    purpose="The probabilities of every state and action are not negative and sum to 1.",
    harm="Planning on the model gives values of another world.",
    remedy="Normalise each row when it is built, and check it there.",
)
def model_rows_sum(subject: Subject) -> Iterator[Problem]:
    """Adds up every row."""
    for state, actions in table(subject).items():
        for action, row in actions.items():
            chances = [float(entry[0]) for entry in row]
            if row and (abs(sum(chances) - 1) > 1e-6 or min(chances) < 0):
                yield Problem(f"P[{state}][{action}] has probabilities {chances[:8]}, their sum is {sum(chances):.6f}")
                return
            strange = next((entry for entry in row if entry[1] not in table(subject)), None)
            if strange is not None:
                yield Problem(f"P[{state}][{action}] leads to {strange[1]}, which is no state of the model")
                return


@conformance_check(
    "model-terminals-absorb",
    purpose="States that can only be entered with the end of an episode lead to themselves, with reward 0.",
    severity="advice",
    harm="A planner that does not look at the flag lets episodes go on after their end.",
    remedy="Write `P[s][a] = [(1.0, s, 0, True)]` for every terminal state s.",
)
def model_terminals_absorb(subject: Subject) -> Iterator[Problem]:
    """Finds the terminal states and looks at their rows."""
    model = table(subject)
    entries = [entry for actions in model.values() for row in actions.values() for entry in row if entry[0] > 0]
    ends = {entry[1] for entry in entries if entry[3]} - {entry[1] for entry in entries if not entry[3]}
    # A terminal state's own rows may carry no flag; it counts when every way in from elsewhere ends the episode.
    outside = [(s, e) for s, acts in model.items() for row in acts.values() for e in row if e[0] > 0 and e[1] != s]
    closed = {e[1] for _, e in outside if e[3]} - {e[1] for _, e in outside if not e[3]}
    for state in sorted(ends | closed):
        for action, row in model[state].items():
            if any(entry[0] > 0 and (entry[1] != state or entry[2] != 0) for entry in row):
                yield Problem(f"state {state} ends the episode, but P[{state}][{action}] = {row[:3]}")
                return


Transition = tuple[int, int, int, float, bool]


def _state_of(handle: Handle, observation: Any, states: int) -> int | None:
    """The model's state: the attribute `s` or `state`, or the observation where that is an index."""
    for name in ("s", "state"):
        inner = getattr(handle.env.unwrapped, name, None)
        if isinstance(inner, int | np.integer):
            return int(inner)
    if isinstance(observation, int | np.integer) and int(getattr(handle.env.observation_space, "n", -1)) == states:
        return int(observation)
    return None


def _sample(subject: Subject, model: dict[int, dict[int, Row]]) -> list[Transition]:
    """Transitions (state, action, next state, reward, terminated) as the environment really makes them."""
    # The survey looks at everything and is about four times slower than plain steps.
    count = max(subject.affordable(60_000 if subject.full else 12_000, steps=1, seconds=2.4), 200)
    found: list[Transition] = []
    # The model is the innermost environment's; wrappers may well change observations and rewards.
    with subject.fresh(lambda: subject.maker.make().unwrapped) as handle:
        before: int | None = None
        first, _ = handle.reset(seed=subject.seed + 31)
        if _state_of(handle, first, len(model)) is None:
            raise Undecided("it is not known which state of the model an observation stands for")
        for action, result in wander(handle, subject.seed + 31):
            after = _state_of(handle, result[0], len(model))
            if before is not None and after is not None:
                found.append((before, int(action), after, float(result[1]), bool(result[2])))
            before = None if result[2] or result[3] else after
            if len(found) >= count or (subject.out_of_time(0.7) and len(found) >= 200):
                return found
    return found


@conformance_check(
    "model-matches-steps",
    purpose="`step` does what the model says: next states, rewards and ends, in the stated frequencies.",
    cost="moderate",
    harm="What planning calls optimal is not optimal in the environment.",
    remedy="Let `step` draw from the same table that is exposed.",
)
def model_matches_steps(subject: Subject) -> Iterator[Problem]:
    """Samples transitions; each must be possible, and their counts must pass a χ² test (false alarms: 1e-6)."""
    model = table(subject)
    subject.usable()
    transitions = _sample(subject, model)
    if not transitions:
        raise Undecided("no transition could be observed")
    counts: dict[tuple[int, int], Counter[tuple[int, float, bool]]] = defaultdict(Counter)
    for state, action, after, reward, ended in transitions:
        counts[state, action][after, round(reward, 5), ended] += 1
    for (state, action), seen in counts.items():
        row = model.get(state, {}).get(action)
        if row is None:
            yield Problem(f"the model has no row for state {state}, action {action}, which was taken")
            return
        fault = _impossible(seen, row)
        if fault:
            yield Problem(f"state {state}, action {action}: {fault}; P[{state}][{action}] = {row[:4]}")
            return
    yield from _frequencies(counts, model)


def _expected(row: Row) -> dict[tuple[int, float, bool], float]:
    total: dict[tuple[int, float, bool], float] = defaultdict(float)
    for chance, after, reward, ended in row:
        total[int(after), round(float(reward), 5), bool(ended)] += float(chance)
    return total


def _impossible(seen: Counter[tuple[int, float, bool]], row: Row) -> str | None:
    expected = _expected(row)
    for after, reward, ended in seen:
        if expected.get((after, reward, ended), 0.0) > 0:
            continue
        if any(e[0] == after and e[1] == reward for e in expected):
            return f"`step` went to {after} with terminated={ended}, the model says {not ended}"
        if any(e[0] == after for e in expected):
            return f"`step` went to {after} with reward {reward}, the model has another reward"
        return f"`step` went to {after}, which the model calls impossible"
    return None


def _frequencies(
    counts: dict[tuple[int, int], Counter[tuple[int, float, bool]]], model: dict[int, dict[int, Row]]
) -> Iterator[Problem]:
    from scipy.stats import chisquare

    tests = []
    for (state, action), seen in counts.items():
        expected = {k: p for k, p in _expected(model[state][action]).items() if p > 0}
        total = sum(seen.values())
        # The χ² law holds where at least five of each outcome are expected.
        if len(expected) > 1 and min(expected.values()) * total >= 5:
            chances = np.array(list(expected.values()))
            observed = np.array([seen.get(key, 0) for key in expected])
            value = chisquare(observed, chances / chances.sum() * total).pvalue
            tests.append((float(value), state, action, observed.tolist(), chances.tolist()))
    if not tests:
        return
    value, state, action, observed, chances = min(tests)
    if value < FALSE_ALARM / len(tests):
        yield Problem(
            f"state {state}, action {action}: outcomes came {observed} times, the model gives them the "
            f"probabilities {[round(c, 4) for c in chances]} (χ² p = {value:.1e})"
        )


@conformance_check(
    "model-start-matches",
    purpose="Episodes start where the stated start distribution says.",
    cost="moderate",
    harm="Exact values of the start are those of another start.",
    remedy="Draw the start from the distribution that is exposed.",
)
def model_start_matches(subject: Subject) -> Iterator[Problem]:
    """Resets many times; every start must be possible, the frequencies pass a χ² test (false alarms: 1e-6)."""
    model = table(subject)
    env = getattr(subject.env, "unwrapped", subject.env)
    start = getattr(env, "initial_state_distrib", getattr(env, "isd", None))
    if start is None:
        raise NotApplicable("it exposes no start distribution")
    subject.usable()
    chances = np.asarray(start, float).ravel()
    seen: Counter[int] = Counter()
    with subject.fresh(lambda: subject.maker.make().unwrapped) as handle:
        handle.reset(seed=subject.seed + 41)
        for _ in range(2000 if subject.full else 500):
            observation, _ = handle.reset()
            state = _state_of(handle, observation, len(model))
            if state is None:
                raise Undecided("it is not known which state of the model an observation stands for")
            seen[state] += 1
    strange = next((s for s in seen if s >= len(chances) or chances[s] <= 0), None)
    if strange is not None:
        yield Problem(f"an episode started in state {strange}, which has start probability 0")
        return
    yield from _start_frequencies(seen, chances)


def _start_frequencies(seen: Counter[int], chances: Any) -> Iterator[Problem]:
    from scipy.stats import chisquare

    likely = np.flatnonzero(chances > 0)
    total = sum(seen.values())
    if len(likely) < 2 or chances[likely].min() * total < 1:
        return
    observed = np.array([seen.get(int(s), 0) for s in likely])
    value = float(chisquare(observed, chances[likely] / chances[likely].sum() * total).pvalue)
    if value < FALSE_ALARM:
        yield Problem(f"the frequencies of the starts do not fit the stated ones (χ² p = {value:.1e})")
