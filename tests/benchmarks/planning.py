# ruff: noqa: T201 - a script whose result is what it prints
"""How long planning takes: grids of growing size, QuantEcon's methods beside ours where it is installed.

Run ``python tests/benchmarks/planning.py --sides 100 316 1000``. The first row includes compiling on a new machine.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "planning"))

from grids import Grid

from rlenvs.core import FiniteMDP
from rlenvs.planning import solve

CASES = {
    "goal +10, edges block": {},
    "goal +10, leaving -1": {"edge_reward": -1.0},
    "cost 1 per step": {"goal_reward": 0.0, "step_reward": -1.0},
}
LINE = "{:>9}  {:<24}{:>5}{:>7}  {:<26}{:>9}{:>9}{:>7}{:>12}"


def quantecon_seconds(mdp: FiniteMDP, discount: float, method: str) -> float:
    from quantecon.markov import DiscreteDP

    states, actions = np.divmod(np.arange(mdp.n_states * mdp.n_actions), mdp.n_actions)
    problem = DiscreteDP(mdp.expected_reward.ravel(), mdp.transition_matrix, discount, states, actions)
    begun = time.perf_counter()
    problem.solve(method=method, epsilon=1e-6, max_iter=100_000)
    return time.perf_counter() - begun


def report(grid: Grid, name: str, discount: float, arguments: argparse.Namespace) -> None:
    begun = time.perf_counter()
    mdp = grid.build()
    built = time.perf_counter()
    busy = time.process_time()
    best = solve(mdp, discount, tolerance=arguments.tolerance)
    busy, seconds = time.process_time() - busy, time.perf_counter() - built
    row = (mdp.n_states, name, grid.slip, discount)
    print(
        LINE.format(*row, best.method, f"{seconds:.2f}", f"{busy:.2f}", best.rounds, f"{best.error_bound:.1e}"),
        f"(built in {built - begun:.1f} s)",
        flush=True,
    )
    for method in arguments.quantecon if discount < 1 else ():
        print(LINE.format(*row, f"quantecon {method}", f"{quantecon_seconds(mdp, discount, method):.2f}", "", "", ""))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sides", type=int, nargs="+", default=[100, 316, 1000])
    parser.add_argument("--slips", type=float, nargs="+", default=[0.0, 0.1])
    parser.add_argument("--discounts", type=float, nargs="+", default=[0.99, 0.999, 1.0])
    parser.add_argument("--tolerance", type=float, default=1e-6)
    parser.add_argument(
        "--quantecon", nargs="*", default=[], help="methods to run beside ours, for example value_iteration"
    )
    arguments = parser.parse_args()
    print(LINE.format("states", "case", "slip", "gamma", "method", "seconds", "cpu s", "rounds", "error bound"))
    for side in arguments.sides:
        for slip in arguments.slips:
            for name, options in CASES.items():
                for discount in arguments.discounts:
                    report(Grid(rows=side, columns=side, slip=slip, **options), name, discount, arguments)


if __name__ == "__main__":
    main()
