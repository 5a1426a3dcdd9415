"""Sound environments are not accused."""

import gymnasium as gym
import pytest

from rlenvs.conformance import check
from tests.conformance.mutants import SOUND

SAMPLE = ["masked"]


@pytest.mark.parametrize("name", SAMPLE)
def test_a_sound_environment_is_not_accused(name: str) -> None:
    report = check(SOUND[name])
    assert report.ok, str(report)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(SOUND) - set(SAMPLE)))
def test_no_other_sound_environment_is_accused(name: str) -> None:
    report = check(SOUND[name])
    assert report.ok, str(report)


def test_a_declared_nondeterministic_environment_is_left_alone_by_the_seeding_checks() -> None:
    report = check(SOUND["declared nondeterministic"])
    assert report.ok, str(report)
    assert "same-seed-second-instance" in report.not_applicable


def test_frozenlake_has_one_error_and_it_is_real() -> None:
    vector = gym.vector.SyncVectorEnv([lambda: gym.make("FrozenLake-v1")] * 2)
    vector.reset(seed=0)
    vector.action_space.seed(0)
    cut = False
    for _ in range(200):
        *_, infos = vector.step(vector.action_space.sample())
        cut = cut or bool((infos["prob"] == 0).any())
    assert cut, "a lane that is reset gives prob as an int, and its neighbour's 1/3 becomes 0"
