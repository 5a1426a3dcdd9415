"""DQN from pixels beside that of Stable-Baselines3, on Breakout: ``python tests/benchmarks/atari.py``.

Both play through the same wrappers and make one update of 32 transitions per 4 steps. They take turns; what is printed
is the median over the turns, of processor time and by the clock, and for ours where it goes.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from typing import Any

WARM_UP = 400
BUFFER = 5000
# Targets, lanes and precision; bfloat16 where the processor has it.
PLAIN = ("dqn:double:4:float32", "dqn:max:4:float32")
ROUNDED = ("dqn:double:4:bfloat16", "dqn:max:4:bfloat16")


def timed(work: Callable[[], Any], steps: int) -> tuple[float, float]:
    """Milliseconds per step: of the processor, and by the clock."""
    processor, wall = time.process_time(), time.perf_counter()
    work()
    return tuple(
        1e3 * (now - then) / steps for now, then in ((time.process_time(), processor), (time.perf_counter(), wall))
    )


class Watched:
    """Adds up the processor time of a function."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function, self.seconds = function, 0.0

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        since = time.process_time()
        try:
            return self.function(*arguments, **named)
        finally:
            self.seconds += time.process_time() - since


def watch(agent: Any) -> dict[str, Watched]:
    """Put watches around what our agent spends its time on."""
    single = agent.lanes == 1
    parts = {
        "environment": (agent.env, "step") if single else (agent._collector._lanes, "step"),
        "acting": (agent, "_act" if single else "_lane_actions"),
        "memory: remembering": (agent._replay, "add_one"),
        "memory: drawing": (agent._replay, "sample"),
        "update": (agent, "_update"),
        "reading weights": (agent._learner, "layers"),
    }
    watches = {}
    for name, (owner, attribute) in parts.items():
        watches[name] = Watched(getattr(owner, attribute))
        setattr(owner, attribute, watches[name])
    return watches


def agents(presets: list[str]) -> dict[str, Any]:
    from rlenvs_agents.algorithms import algorithm
    from rlenvs_agents.environments import make
    from rlenvs_agents.presets import whole_preset

    found = {}
    for word in presets:
        name, *rest = word.split(":")
        known = whole_preset(name, "ALE/Breakout-v5", "atari")
        row, settings = algorithm(name), dict(known.settings)
        if name == "dqn":
            bootstrap, lanes, precision = rest
            settings |= {"learning_starts": WARM_UP, "buffer_size": BUFFER, "bootstrap": bootstrap, "lanes": int(lanes)}
            settings["precision"] = precision
        else:
            settings["settings"] = {**settings["settings"], "learning_starts": WARM_UP, "buffer_size": BUFFER}
        agent = row.load()(make("ALE/Breakout-v5", known.env_kwargs), row.config(settings), seed=0)
        found[word] = agent.learn(WARM_UP + 60, schedule_steps=1000)  # the first updates compile
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=400, help="of a turn")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(arguments.threads)
    import torch

    from rlenvs_agents.framework import tf
    from rlenvs_agents.networks.precision import HALF, is_emulated

    torch.set_num_threads(arguments.threads)
    tf.config.threading.set_intra_op_parallelism_threads(arguments.threads)
    rounded = () if is_emulated(HALF) else ROUNDED
    there = agents([*PLAIN, *rounded, "sb3-dqn"])
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in there}
    watches = {name: watch(there[name]) for name in (*PLAIN[:1], *rounded[:1])}
    for _ in range(arguments.turns):
        for name, agent in there.items():
            times[name].append(timed(lambda agent=agent: agent.learn(arguments.steps), arguments.steps))
    for name, rows in times.items():
        processor, wall = (statistics.median(column) for column in zip(*rows, strict=True))
        print(f"{name:21} {processor:6.2f} ms per step, {wall:6.2f} ms by the clock")  # noqa: T201  # a script
    for name, parts in watches.items():
        for part, watched in parts.items():
            share = 1e3 * watched.seconds / (arguments.steps * arguments.turns)
            print(f"  {name:21} {part:22} {share:6.2f} ms per step")  # noqa: T201  # likewise


if __name__ == "__main__":
    main()
