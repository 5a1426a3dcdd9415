"""What the four environments look like, as pixels and as text."""

import copy
import pickle

import numpy as np
import pytest

from rlenvs.envs.grid_world import GridWorld
from rlenvs.envs.markov_chain import MarkovChain
from rlenvs.envs.mdp import MDP
from rlenvs.envs.snake import Snake
from rlenvs.rendering import Label

MAKERS = {
    "grid": GridWorld,
    "grid with overlay": lambda **kwargs: GridWorld("6x6", overlay="both", **kwargs),
    "cliff": lambda **kwargs: GridWorld("cliff", **kwargs),
    "mdp": MDP,
    "mdp with overlay": lambda **kwargs: MDP(overlay="both", **kwargs),
    "chain": MarkovChain,
    "chain with overlay": lambda **kwargs: MarkovChain(overlay="values", **kwargs),
    "snake": Snake,
}


@pytest.fixture(params=MAKERS)
def env(request):
    env = MAKERS[request.param](render_mode="rgb_array")
    env.reset(seed=3)
    env.action = 1 if request.param == "grid" else 3 if request.param == "grid with overlay" else 0
    return env


def test_frames_keep_their_shape_and_follow_the_state(env):
    first = env.render()
    assert first.dtype == np.uint8
    assert max(first.shape) <= 950
    frames = {first.tobytes()}
    for _ in range(200):
        _, _, terminated, truncated, _ = env.step(env.action)
        frame = env.render()
        assert frame.shape == first.shape
        frames.add(frame.tobytes())
        if terminated or truncated:
            break
    # In 200 steps the toy stays in state 0 with probability 0.7 ** 200, the others move for sure.
    assert len(frames) > 1


def test_copies_draw_the_same_and_carry_no_drawing(env):
    frame = env.render()
    for twin in (copy.deepcopy(env), pickle.loads(pickle.dumps(env))):
        np.testing.assert_array_equal(twin.render(), frame)
    size = len(pickle.dumps(env))
    env.render()
    assert len(pickle.dumps(env)) == size


def text_after(env, actions):
    env.reset(seed=0)
    for action in actions:
        env.step(action)
    return env.render()


def test_the_grid_as_text():
    assert text_after(GridWorld(render_mode="ansi"), [1, 3]) == "S . . .\n. A . .\n. . . .\n. . . G"
    assert text_after(GridWorld(render_mode="ansi"), [0]).endswith("G\noff the grid")


def test_the_optimum_as_text():
    text = text_after(
        GridWorld("sutton-barto", render_mode="ansi", overlay="both", overlay_discount=1.0, start="random"), []
    )
    _, values, policy = text.split("\n\n")
    assert values.splitlines()[0].split() == ["T", "-1", "-2", "-3"]
    assert policy.splitlines()[0] == "T ← ← ┐"


def test_rewards_of_the_map_are_written():
    env = GridWorld("6x6", render_mode="rgb_array")
    env.reset(seed=0)
    texts = [shape.text for shape in env.rules.scene(0).backdrop if isinstance(shape, Label)]
    assert {"+5", "-2", "+10"} <= set(texts)


def test_the_toy_as_text():
    assert text_after(MDP(render_mode="ansi"), []) == (
        "state s0\n  a0 -> s0 0.7 (+10), s1 0.3\n  a1 -> s0 1\n  a2 -> s0 0.8, s1 0.2"
    )
    best = text_after(MDP(render_mode="ansi", overlay="both", overlay_discount=0.9), [])
    assert best.startswith("state s0, value 18.9189\n* a0 ->")


def test_the_chain_as_text():
    assert text_after(MarkovChain(render_mode="ansi"), []) == "state s0\n  -> s0 0.7 (-1), s1 0.2 (-1), s3 0.1 (-1)"


def test_a_shared_reward_is_noted_once():
    env = MarkovChain(render_mode="rgb_array")
    env.reset(seed=0)
    texts = [shape.text for shape in env.rules.scene(0).backdrop if isinstance(shape, Label)]
    assert texts.count("reward -1 per step") == 1
    assert "-1" not in texts


def test_many_states_are_drawn_as_a_table():
    n_states = 70
    transition = np.roll(np.eye(n_states), 1, axis=1)[:, None, :]
    env = MDP(transition, np.zeros((n_states, 1)), render_mode="rgb_array")
    env.reset(seed=0)
    first = env.render()
    env.step(0)
    assert (env.render() != first).any()


def test_the_snake_as_text():
    env = Snake(rows=3, columns=4, render_mode="ansi")
    env.reset(seed=0)
    lines = env.render().splitlines()
    assert len(lines) == 4
    assert lines[1][2] == ">"
    assert "".join(lines[:3]).count("*") == 1
    assert lines[3] == "score 0"
