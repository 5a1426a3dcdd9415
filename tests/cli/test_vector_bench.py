"""`rlenvs bench`: the sections on vector environments."""

import pytest
from gymnasium.vector import AutoresetMode

from rlenvs.cli.vector_speed import VECTOR_SECTIONS, lanes, seeding


@pytest.mark.parametrize("section", VECTOR_SECTIONS, ids=lambda section: section.title)
def test_every_reference_is_there(section):
    names = [contestant.name for contestant in section.contestants]
    assert len(set(names)) == len(names)
    assert {contestant.reference for contestant in section.contestants} - {None} <= set(names)


@pytest.mark.parametrize("mode", list(AutoresetMode))
@pytest.mark.parametrize("sync", [False, True])
def test_runners_make_the_steps_they_say(mode, sync):
    assert lanes("rlenvs/GridWorld-v0", 3, mode, sync=sync)(100) == 192
    assert lanes("CartPole-v1", 3)(100) == 192
    assert seeding("rlenvs/GridWorld-v0", 3)(100) == 102


def test_targets_are_those_of_the_project():
    beside_cartpole, beside_frozen_lake, beside_sync, by_size = VECTOR_SECTIONS
    assert {c.target for c in beside_cartpole.contestants if c.reference} == {1.0}
    assert len(beside_cartpole.contestants) == 13
    assert {c.target for c in beside_frozen_lake.contestants if c.reference} == {100.0}
    assert {c.target for c in beside_sync.contestants if c.reference} == {4.0}
    assert [c.target for c in by_size.contestants if "×4096 N" in c.name or "×65536 N" in c.name] == [0.5] * 4


def test_peers_stand_in_the_table_where_they_are_installed(monkeypatch):
    from rlenvs.cli import peer_speed

    monkeypatch.setattr(peer_speed, "find_spec", lambda name: None)
    assert peer_speed.peer_sections() == ()
    monkeypatch.setattr(peer_speed, "find_spec", lambda name: name if name == "jumanji" else None)
    (section,) = peer_speed.peer_sections()
    peer, ours = section.contestants
    assert peer.name == ours.reference == "Jumanji Snake-v1 ×1024"
    assert ours.target == 10
    assert ours.prepare()(10) >= 10
