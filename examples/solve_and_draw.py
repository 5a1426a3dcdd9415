"""Solve a grid world exactly and draw its values and its best moves into a picture.

Usage: python solve_and_draw.py [FILE.png]
"""

import sys

import gymnasium as gym
from PIL import Image

import rlenvs  # noqa: F401  # registers the environments
from rlenvs.planning import solve

file = sys.argv[1] if len(sys.argv) > 1 else "grid_world.png"

# S start, G goal (+10), H hole, # wall, p a puddle: it costs 2 instead of the usual 0.1. One move in five slips.
env = gym.make(
    "rlenvs/GridWorld-v0",
    layout=["S..p.", ".#.p.", ".#...", "...#H", "H...G"],
    legend={"p": {"cost": 2.0}},
    slip=0.2,
    step_cost=0.1,
    hole_reward=-5.0,
    edges="block",
    render_mode="rgb_array",
    overlay="both",
    overlay_discount=0.95,
)
solution = solve(env, discount=0.95)
print(f"Value of the start: {solution.start_value:.6f}")
print("Values:")
print(solution.values.reshape(5, 5).round(2))

env.reset(seed=0)
Image.fromarray(env.render()).save(file)
print(f"Drawn into {file}")
