"""Random MDPs for property tests, with masks, terminal states and sparse rows."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from rlenvs.core import FiniteMDP


def random_mdp(seed: int, n_states: int, n_actions: int, *, terminals: int = 0, least_end: float = 0.0) -> FiniteMDP:
    """An MDP from a seed; with ``least_end`` every row ends with at least this probability."""
    rng = np.random.default_rng(seed)
    weights = rng.exponential(size=(n_states, n_actions, n_states))
    weights *= rng.random(weights.shape) < 0.6
    weights[..., 0] += weights.sum(axis=-1) == 0
    transition = weights / weights.sum(axis=-1, keepdims=True)
    terminal = np.arange(n_states - terminals, n_states)
    if least_end:
        transition *= 1 - least_end
        transition[..., -1] += least_end
    reward = rng.normal(size=transition.shape) * rng.choice([1.0, 30.0])
    mask = rng.random((n_states, n_actions)) < 0.7
    mask[np.arange(n_states), rng.integers(n_actions, size=n_states)] = True
    return FiniteMDP(transition, reward, terminal=terminal, action_mask=mask)


SEEDS = st.integers(0, 2**32 - 1)


@st.composite
def mdps(draw: st.DrawFn) -> FiniteMDP:
    """Any MDP of up to 9 states and 4 actions, with up to 2 terminal states."""
    n_states = draw(st.integers(2, 9))
    terminals = draw(st.integers(0, min(2, n_states - 1)))
    return random_mdp(draw(SEEDS), n_states, draw(st.integers(1, 4)), terminals=terminals)


@st.composite
def ending_mdps(draw: st.DrawFn) -> FiniteMDP:
    """An MDP that ends under every policy."""
    n_states = draw(st.integers(2, 9))
    return random_mdp(draw(SEEDS), n_states, draw(st.integers(1, 4)), terminals=1, least_end=draw(st.floats(0.02, 0.5)))
