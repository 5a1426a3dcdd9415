"""Train an agent on Pearl Dive, and say how good it has become.

Usage: python train.py [--algo q-learning] [-n 100000] [--seed 0]
"""

import argparse
from typing import Any

from rlenvs_agents import ALGORITHMS, train

ENV = "pearl_dive:pearl_dive/PearlDive-v0"

# Settings over those that rlenvs has for every environment. The more often an action was tried, the less one more
# outcome counts: in a game of chance a fixed rate would follow the last ones for ever.
SETTINGS: dict[str, dict[str, Any]] = {
    "q-learning": {
        "discount": 0.95,
        "learning_rate": {"kind": "inverse", "start": 1.0, "decay": 0.05, "end": 0.002},
        "learning_rate_clock": "visits",
        "exploration": 0.5,
    },
    "dqn": {"discount": 0.95},
}


def main() -> None:
    """Read the command line, train, and print the result; the folder of the run comes last."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--algo", default="q-learning", choices=sorted(ALGORITHMS), metavar="NAME")
    parser.add_argument("-n", "--steps", type=int, default=100_000, help="environment steps (default 100000)")
    parser.add_argument("--seed", type=int, default=0, help="everything random follows from it (default 0)")
    words = parser.parse_args()

    run = train(words.algo, ENV, words.steps, seed=words.seed, settings=SETTINGS.get(words.algo))
    found = run.evaluation
    print(f"mean return {found.mean_return:.3f} over {found.episodes} episodes")
    if found.exact is not None:
        print(f"short of the best policy by {found.exact.distance:.4f} at discount {found.exact.discount:g}, exactly")
    print(run.path)


if __name__ == "__main__":
    main()
