"""Two plays that are the same by chance do not hide that seed 0 counts as none."""

from typing import Any

import gymnasium as gym
import pytest
from gymnasium import spaces

from rlenvs.conformance.catalogue import CATALOGUE
from rlenvs.conformance.runner import Session

HEEDED = (3,)
IGNORED = (3, 3, 3, 5)


class Stay(gym.Env[int, int]):
    """Episodes of one step; with seed 0 they start in the given cells in turn."""

    observation_space = spaces.Discrete(9)
    action_space = spaces.Discrete(2)
    starts = HEEDED
    played = 0

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        super().reset(seed=seed)
        self.place = int(self.np_random.integers(9))
        if seed == 0:
            self.place = self.starts[type(self).played % len(self.starts)]
            type(self).played += 1
        return self.place, {}

    def step(self, action: int) -> tuple[int, float, bool, bool, dict[str, Any]]:
        return self.place, 0.0, True, False, {}


class Unseeded(Stay):
    """Of four starts three are the same."""

    starts = IGNORED


@pytest.mark.parametrize(("kind", "accused"), [(Stay, []), (Unseeded, ["seed-zero"])])
@pytest.mark.parametrize("before", range(len(IGNORED)))
def test_wherever_in_its_row_of_starts_it_is_met(
    monkeypatch: pytest.MonkeyPatch, kind: type[Stay], accused: list[str], before: int
) -> None:
    monkeypatch.setattr(kind, "played", before)
    session = Session(kind)
    try:
        found = [finding.check for finding in session.run(CATALOGUE["seed-zero"]).findings]
    finally:
        session.close()
    assert found == accused
