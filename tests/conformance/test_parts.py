"""The small parts: nested data, membership, targets, policies, snippets, the report."""

import functools
import json
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium import spaces
from hypothesis import given
from hypothesis import strategies as st

from rlenvs.conformance import all_checks, check
from rlenvs.conformance.membership import type_fault, value_fault
from rlenvs.conformance.nested import LARGE, Digest, Tolerance, difference, imprint, mutable_parts, remember
from rlenvs.conformance.policies import ActionSource, allowed, corner, every_action
from rlenvs.conformance.report import Finding, Report
from rlenvs.conformance.runner import waivers
from rlenvs.conformance.snippets import action_list
from rlenvs.conformance.target import Maker

SPACES = [
    spaces.Box(-1, 1, (3,), np.float32),
    spaces.Box(0, 255, (4, 4, 3), np.uint8),
    spaces.Discrete(5, start=2),
    spaces.MultiDiscrete([3, 4]),
    spaces.MultiBinary(6),
    spaces.Dict({"a": spaces.Discrete(3), "b": spaces.Tuple((spaces.Box(0, 1, (2,)), spaces.Text(5)))}),
    spaces.Sequence(spaces.Discrete(4)),
]


@pytest.mark.parametrize("space", SPACES, ids=str)
@given(seed=st.integers(0, 2**31 - 1))
def test_samples_are_members(space: Any, seed: int) -> None:
    space.seed(seed)
    value = space.sample()
    assert type_fault(value, space) is None
    assert value_fault(value, space) is None


@pytest.mark.parametrize(
    ("value", "space", "text"),
    [
        (np.zeros(3), SPACES[0], "dtype float32, got float64"),
        (np.zeros(2, np.float32), SPACES[0], r"shape (3,), got (2,)"),
        ([0.0, 0.0, 0.0], SPACES[0], "must be an array"),
        (1.0, SPACES[2], "must be an integer"),
        (True, SPACES[2], "must be an integer"),
        ({"a": 1}, SPACES[5], "missing ['b']"),
        ([0, 0], spaces.Tuple((spaces.Discrete(1), spaces.Discrete(1))), "must be a tuple"),
    ],
)
def test_wrong_types_are_named(value: Any, space: Any, text: str) -> None:
    assert text in str(type_fault(value, space))


@pytest.mark.parametrize(
    ("value", "space", "text"),
    [
        (np.array([0, 2, 0], np.float32), SPACES[0], "at [1]: got 2.0"),
        (np.array([0, np.nan, 0], np.float32), SPACES[0], "NaN at [1]"),
        (7, SPACES[2], "got 7"),
        (np.array([3, 0]), SPACES[3], "not in MultiDiscrete"),
        ((0, np.array([9])), spaces.Tuple((spaces.Discrete(1), spaces.Box(0, 1, (1,)))), "observation[1]"),
    ],
)
def test_wrong_values_are_named(value: Any, space: Any, text: str) -> None:
    assert text in str(value_fault(value, space))


def test_what_is_remembered_does_not_change() -> None:
    data = {"a": np.zeros(3), "b": [np.ones(2), {"c": 1}]}
    kept = remember(data)
    data["a"][0] = 5
    data["b"][1]["c"] = 2  # type: ignore[index]
    assert difference(kept, {"a": np.zeros(3), "b": [np.ones(2), {"c": 1}]}) is None
    assert "['a'][0]" in str(difference(kept, remember(data)))


def test_large_arrays_are_remembered_by_digest_and_still_compared() -> None:
    picture = np.zeros((100, 100, 3), np.uint8)
    kept = remember(picture)
    assert picture.nbytes > LARGE
    assert isinstance(kept, Digest)
    assert difference(kept, remember(picture)) is None
    picture[0, 0, 0] = 1
    assert difference(kept, remember(picture)) is not None


def test_nan_equals_nan_and_tolerance_is_respected() -> None:
    one, other = np.array([np.nan, 1.0]), np.array([np.nan, 1.0 + 1e-7])
    assert difference(one, one.copy()) is None
    assert difference(one, other) is not None
    assert difference(one, other, Tolerance(relative=1e-6)) is None


def test_objects_without_an_equality_of_their_own_are_not_called_changed() -> None:
    thing = object()
    assert difference(remember({"env": thing}), remember({"env": thing})) is None


def test_imprints_tell_long_arrays_apart() -> None:
    one = np.zeros(5000)
    other = one.copy()
    other[2500] = 1
    assert imprint([one]) != imprint([other])
    assert imprint([one]) == imprint([one.copy()])


def test_mutable_parts_are_found_inside() -> None:
    paths = [path for path, _ in mutable_parts({"a": (1, np.zeros(2)), "b": "text"})]
    assert paths == ["", "['a'][1]"]


@pytest.mark.parametrize("space", SPACES[:5], ids=str)
def test_corners_and_enumerated_actions_are_members(space: Any) -> None:
    rng = np.random.default_rng(0)
    assert space.contains(corner(space, rng))
    assert all(space.contains(action) for action in every_action(space, 16))


def test_small_spaces_are_enumerated_completely() -> None:
    assert [int(a) for a in every_action(spaces.Discrete(3, start=4), 16)] == [4, 5, 6]
    assert len(every_action(spaces.MultiDiscrete([2, 3]), 16)) == 6


@given(bits=st.lists(st.integers(0, 1), min_size=4, max_size=4).filter(any), seed=st.integers(0, 1000))
def test_masked_actions_are_allowed_ones(bits: list[int], seed: int) -> None:
    mask = np.array(bits, np.int8)
    for style in ("random", "hold", "sticky", "extreme"):
        source = ActionSource(spaces.Discrete(4, start=10), seed, style)  # type: ignore[arg-type]
        assert all(allowed(source.next(mask), mask, start=10) for _ in range(5))


def test_an_action_source_leaves_the_space_alone() -> None:
    space = spaces.Discrete(100)
    space.seed(3)
    expected = space.sample()
    space.seed(3)
    ActionSource(space, 5).next()
    assert space.sample() == expected


@given(actions=st.lists(st.integers(0, 3), max_size=60))
def test_action_lists_are_python_that_gives_the_actions_back(actions: list[int]) -> None:
    assert eval(action_list(actions)) == actions


def test_targets_are_ids_callables_and_names_of_callables() -> None:
    assert Maker("CartPole-v1").id == "CartPole-v1"
    assert Maker(f"{__name__}:make_cartpole").make().spec.id == "CartPole-v1"
    assert Maker(functools.partial(gym.make, "CartPole-v1")).make().spec.id == "CartPole-v1"
    assert "make('CartPole-v1')" in Maker(functools.partial(gym.make, "CartPole-v1")).code


def make_cartpole() -> Any:
    return gym.make("CartPole-v1")


def test_an_environment_instead_of_a_function_is_refused() -> None:
    with pytest.raises(TypeError, match="pass a function that makes the environment"):
        check(gym.make("CartPole-v1"))  # type: ignore[arg-type]


def test_a_function_that_returns_one_object_is_found_out() -> None:
    env = gym.make("CartPole-v1")
    report = check(lambda: env)
    assert [finding.check for finding in report.errors] == ["can-be-made"]


@pytest.mark.parametrize("bad", [{"seed": -1}, {"time_limit": 0}, {"waive": ["reward-scal"]}])
def test_arguments_out_of_range_are_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="`"):
        check("CartPole-v1", **bad)


def test_waivers_suggest_the_nearest_name() -> None:
    with pytest.raises(ValueError, match="did you mean 'reward-scale'"):
        waivers(["reward-scal"])


def test_a_report_survives_json_and_errors_decide() -> None:
    advice = Finding(check="speed", severity="advice", message="slow", seed=0)
    error = Finding(check="reward-finite", severity="error", message="nan", seed=3, snippet="print(1)")
    assert Report(target="x", seed=0, findings=(advice,)).ok
    report = Report(target="x", seed=0, findings=(error, advice))
    assert not report.ok
    assert json.loads(report.to_json())["findings"][0]["snippet"] == "print(1)"
    assert "to see it again" in str(report)


def test_a_waived_check_does_not_run_and_its_reason_is_kept() -> None:
    reasons = {entry.name: "not now" for entry in all_checks() if entry.name != "spaces-valid"}
    report = check("CartPole-v1", waive={**reasons, "undeclared-mode-refused": "not ours"})
    assert report.waived["undeclared-mode-refused"] == "not ours"
    assert report.passed == ("spaces-valid",)
    assert "undeclared-mode-refused" not in {*report.passed, *(f.check for f in report.findings)}
