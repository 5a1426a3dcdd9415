"""Reading Gymnasium's toy-text environments."""

from __future__ import annotations

from types import SimpleNamespace

import gymnasium as gym
import numpy as np
import pytest

from rlenvs.core import FiniteMDP


def table_env(table, start) -> SimpleNamespace:
    return SimpleNamespace(P=table, initial_state_distrib=np.array(start, dtype=float))


@pytest.mark.parametrize("env_id", ["FrozenLake-v1", "FrozenLake8x8-v1", "CliffWalking-v1", "Taxi-v4"])
def test_every_living_row_is_the_rows_of_the_environment(env_id: str) -> None:
    env = gym.make(env_id).unwrapped
    mdp = FiniteMDP.from_env(env)
    assert mdp.n_states >= len(env.P)
    np.testing.assert_array_equal(mdp.start[: len(env.P)], env.initial_state_distrib)
    for state in np.flatnonzero(~mdp.terminal):
        for action, row in env.P[int(state)].items():
            ours: dict[tuple[int, float, bool], float] = {}
            for p, successor, reward, over in mdp.row(int(state), action):
                # A twin stands for the state it was split from.
                origin = successor if successor < len(env.P) else None
                key = (-1 if over and origin is None else successor, reward, over)
                ours[key] = ours.get(key, 0) + p
            theirs: dict[tuple[int, float, bool], float] = {}
            for p, successor, reward, over in row:
                split = over and not mdp.terminal[successor]
                key = (-1 if split else successor, reward, bool(over))
                theirs[key] = theirs.get(key, 0) + p
            assert ours == {key: p for key, p in theirs.items() if p > 0}


def test_frozen_lake_ends_in_holes_and_goal() -> None:
    mdp = FiniteMDP.from_env(gym.make("FrozenLake-v1"))
    assert (mdp.n_states, np.flatnonzero(mdp.terminal).tolist()) == (16, [5, 7, 11, 12, 15])


def test_taxi_splits_the_states_it_can_end_in() -> None:
    mdp = FiniteMDP.from_env(gym.make("Taxi-v4"))
    twins = np.flatnonzero(mdp.terminal)
    assert mdp.n_states == 500 + twins.size
    assert (twins >= 500).all()
    # Dropping off ends; standing at the same place with the passenger outside does not.
    table = mdp.P
    entered = {s for state in range(500) for row in table[state].values() for _, s, _, over in row if over}
    assert entered == set(twins.tolist())


def test_a_state_entered_both_ways_is_split() -> None:
    table = {
        0: {0: [(0.5, 1, 1.0, False), (0.5, 1, 2.0, True)]},
        1: {0: [(1.0, 0, 3.0, False)]},
    }
    mdp = FiniteMDP.from_env(table_env(table, [1, 0]))
    assert (mdp.n_states, mdp.terminal.tolist()) == (3, [False, False, True])
    assert mdp.row(0, 0) == [(0.5, 1, 1.0, False), (0.5, 2, 2.0, True)]
    assert mdp.row(1, 0) == [(1.0, 0, 3.0, False)]


def test_a_start_state_that_can_also_end_is_split() -> None:
    mdp = FiniteMDP.from_env(table_env({0: {0: [(1.0, 0, 1.0, True)]}}, [1]))
    assert (mdp.n_states, mdp.row(0, 0)) == (2, [(1.0, 1, 1.0, True)])


def test_rows_after_the_end_are_ignored() -> None:
    table = {0: {0: [(1.0, 1, 1.0, True)]}, 1: {0: [(1.0, 0, 99.0, False)]}}
    mdp = FiniteMDP.from_env(table_env(table, [1, 0]))
    assert (mdp.n_states, mdp.row(1, 0)) == (2, [(1.0, 1, 0.0, True)])


def test_an_end_that_cannot_happen_is_no_end() -> None:
    table = {0: {0: [(1.0, 1, 1.0, False), (0.0, 1, 5.0, True)]}, 1: {0: [(1.0, 0, 0.0, False)]}}
    mdp = FiniteMDP.from_env(table_env(table, [1, 0]))
    assert (mdp.n_states, int(mdp.terminal.sum()), mdp.row(0, 0)) == (2, 0, [(1.0, 1, 1.0, False)])


def test_reading_its_own_table_back_changes_nothing() -> None:
    mdp = FiniteMDP.from_env(gym.make("FrozenLake-v1"))
    again = FiniteMDP.from_env(SimpleNamespace(P=mdp.P, initial_state_distrib=mdp.start))
    for ours, theirs in zip(mdp.outcomes, again.outcomes, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert FiniteMDP.from_env(SimpleNamespace(model=mdp)) is mdp


@pytest.mark.parametrize(
    ("env", "error", "message"),
    [
        (SimpleNamespace(), TypeError, r"`env` must have a toy-text table `P` or a `model`"),
        (SimpleNamespace(P={0: {0: [(1.0, 0, 0.0, False)]}}), ValueError, r"no `initial_state_distrib`"),
        (table_env({0: {0: [(0.9, 0, 0.0, False)]}}, [1]), ValueError, r"state 0, action 0 sums to 0.9"),
        (
            table_env({0: {0: [(1.0, 0, 0.0, False)]}, 1: {}}, [1, 0]),
            ValueError,
            r"same actions in every state, got 1 in state 0 and 0 in state 1",
        ),
    ],
)
def test_what_cannot_be_read(env, error, message: str) -> None:
    with pytest.raises(error, match=message):
        FiniteMDP.from_env(env)
