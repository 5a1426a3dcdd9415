"""The vector environments are as fast as the project asks for, beside others in the same run."""

import pytest

from rlenvs.cli.peer_speed import peer_sections
from rlenvs.cli.speed import Effort, measure
from rlenvs.cli.vector_speed import VECTOR_SECTIONS

pytestmark = pytest.mark.benchmark


@pytest.mark.parametrize("section", [*VECTOR_SECTIONS, *peer_sections()], ids=lambda section: section.title)
def test_every_target_is_reached(section):
    rows = measure(section.contestants, Effort(rounds=9, seconds=0.1))
    missed = [f"{row.name}: {row.ratio:.2f} of {row.target}" for row in rows if row.reached is False]
    assert not missed
