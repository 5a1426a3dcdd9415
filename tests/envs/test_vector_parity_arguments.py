"""Vector environments equal SyncVectorEnv whatever the arguments of the environment, and on the corner cases."""

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode
from hypothesis import given, settings
from hypothesis import strategies as st
from vector_pair import MODES, assert_same, pair, walk_together

SETTINGS = settings(max_examples=60)
LANES = st.integers(1, 4)
LIMITS = st.one_of(st.none(), st.integers(1, 12))
SEEDS = st.integers(0, 2**40)
CHANCES = st.sampled_from([0.0, 0.1, 0.25, 1 / 3, 0.7, 1.0])


def walk(env_id, n, mode, limit, seed, **kwargs):
    limits = {} if limit is None else {"max_episode_steps": limit}
    native, sync = pair(env_id, n, mode, **limits, **kwargs)
    walk_together(native, sync, 40, seed=seed, action_seed=seed)


@SETTINGS
@given(
    n=LANES,
    mode=st.sampled_from(MODES),
    limit=LIMITS,
    seed=SEEDS,
    rows=st.integers(2, 5),
    columns=st.integers(2, 5),
    observation=st.sampled_from(["board", "planes", "features", "image"]),
    starvation_limit=st.one_of(st.none(), st.just("board"), st.integers(1, 9), st.just(10**20)),
    cell_pixels=st.integers(1, 5),
    rewards=st.tuples(*[st.floats(-3, 3)] * 4),
)
def test_snake(n, mode, limit, seed, rewards, **kwargs):
    names = ("food_reward", "death_reward", "step_reward", "win_reward")
    walk("rlenvs/Snake-v0", n, mode, limit, seed, **kwargs, **dict(zip(names, rewards, strict=True)))


@st.composite
def layouts(draw):
    columns = draw(st.integers(2, 4))
    rows = draw(st.lists(st.text("S.#GHC", min_size=columns, max_size=columns), min_size=2, max_size=4))
    return ["S." + rows[0][2:], *rows[1:]]


@SETTINGS
@given(
    n=LANES,
    mode=st.sampled_from(MODES),
    limit=LIMITS,
    seed=SEEDS,
    layout=layouts(),
    slip=CHANCES,
    step_cost=st.floats(-1, 1),
    edges=st.sampled_from(["end", "block"]),
    start=st.sampled_from(["S", "random"]),
    observation=st.sampled_from(["picture", "index", "coordinates"]),
)
def test_grid_world(n, mode, limit, seed, **kwargs):
    walk("rlenvs/GridWorld-v0", n, mode, limit, seed, legend={"C": {"cost": 0.3}}, **kwargs)


def distributions(size):
    weights = st.lists(st.sampled_from([0.0, 0.0, 1.0, 2.0, 0.1, 7.0]), min_size=size, max_size=size)
    return weights.filter(any).map(lambda w: [x / sum(w) for x in w])


@st.composite
def models(draw):
    n_states, n_actions = draw(st.integers(2, 4)), draw(st.integers(1, 3))
    row = distributions(n_states)
    transition = [[draw(row) for _ in range(n_actions)] for _ in range(n_states)]
    reward = draw(st.lists(st.floats(-9, 9), min_size=n_actions, max_size=n_actions))
    mask = [[1, *(draw(st.integers(0, 1)) for _ in range(n_actions - 1))] for _ in range(n_states)]
    return {
        "transition": transition,
        "reward": [reward] * n_states,
        "action_mask": mask,
        "terminal": draw(st.sampled_from([(), (n_states - 1,)])),
        "start": [*draw(distributions(n_states - 1)), 0.0],
    }


@SETTINGS
@given(n=LANES, mode=st.sampled_from(MODES), limit=LIMITS, seed=SEEDS, model=models())
def test_mdp(n, mode, limit, seed, model):
    walk("rlenvs/MDP-v0", n, mode, limit, seed, **model)


@SETTINGS
@given(
    n=LANES,
    mode=st.sampled_from(MODES),
    limit=LIMITS,
    seed=SEEDS,
    chain=st.lists(distributions(3), min_size=2, max_size=2),
)
def test_markov_chain(n, mode, limit, seed, chain):
    model = {"transition": [*chain, [0.0, 0.0, 1.0]], "reward": [-1.0, -0.1, 0.0], "terminal": (2,)}
    walk("rlenvs/MarkovChain-v0", n, mode, limit, seed, **model)


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.name)
def test_a_last_step_that_terminates_too_sets_both_flags(mode):
    native, sync = pair("rlenvs/GridWorld-v0", 2, mode, max_episode_steps=1)
    for env in (native, sync):
        env.reset(seed=0)
    ours, theirs = native.step([0, 1]), sync.step([0, 1])  # lane 0 leaves the grid in its last step
    assert_same(ours, theirs)
    assert (ours[2].tolist(), ours[3].tolist()) == ([True, False], [True, True])


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.name)
@pytest.mark.parametrize("env_id", ["rlenvs/MDP-v0", "rlenvs/GridWorld-v0", "rlenvs/Snake6x6-v0"])
def test_partial_resets_with_and_without_seeds(env_id, mode):
    native, sync = pair(env_id, 6, mode)
    seeds = [5, 5, 2**40, 0, 77, 1]
    assert_same(native.reset(seed=list(seeds)), sync.reset(seed=list(seeds)))
    rng = np.random.default_rng(1)
    for t in range(150):
        actions = rng.integers(int(native.single_action_space.n), size=6)
        ours, theirs = native.step(actions), sync.step(actions)
        assert_same(ours, theirs, f"step {t}")
        over = ours[2] | ours[3] if mode is AutoresetMode.DISABLED else np.zeros(6, dtype=bool)
        chosen = over | (rng.random(6) < 0.1)
        if not chosen.any():
            continue
        for_reset = [None, int(rng.integers(99)), [None, 3, None, 4, 5, None]][t % 3]
        again = [env.reset(seed=for_reset, options={"reset_mask": chosen.copy()}) for env in (native, sync)]
        assert_same(*again, f"reset {t}")
        assert_same(native.np_random_seed, sync.np_random_seed)
    states = [[generator.bit_generator.state for generator in env.np_random] for env in (native, sync)]
    assert states[0] == states[1]


def test_a_full_board_is_reached_in_every_lane():
    """A walk along a cycle through all cells fills the board; the lanes do so at different times."""
    from rlenvs.envs.snake.kernel import BODY, DOWN, HEAD, LEFT, RIGHT, UP

    cycle = {(0, 0): RIGHT, (0, 1): DOWN, (1, 1): DOWN, (2, 1): DOWN, (3, 1): LEFT, (3, 0): UP, (2, 0): UP, (1, 0): UP}
    native, sync = pair("rlenvs/Snake-v0", 5, AutoresetMode.SAME_STEP, rows=4, columns=2, starvation_limit=None)
    observations, _ = native.reset(seed=0)
    sync.reset(seed=0)
    wins = np.zeros(5, dtype=int)
    for t in range(250):
        heads = [tuple(int(x) for x in np.argwhere(board == HEAD)[0]) for board in observations]
        ours, theirs = native.step([cycle[head] for head in heads]), sync.step([cycle[head] for head in heads])
        assert_same(ours, theirs, f"step {t}")
        observations = ours[0]
        for lane in np.flatnonzero(ours[2]):
            final = ours[4]["final_obs"][lane]
            wins[lane] += (final == HEAD).sum() == 1 and (final == BODY).sum() == 7
    assert wins.min() >= 3


def test_the_native_one_is_the_default():
    """`vectorization_mode` chooses between the two; the native one is the default."""
    assert type(gym.make_vec("rlenvs/Snake-v0", num_envs=2)).__name__ == "SnakeVector"
    assert type(gym.make_vec("rlenvs/Snake-v0", num_envs=2, vectorization_mode="sync")).__name__ == "SyncVectorEnv"
