"""Teachers by name, so that a run can say in its settings whom it imitated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import gymnasium as gym

from rlenvs_agents.configs import check_choice
from rlenvs_agents.imitation.demonstrations import Demonstrations
from rlenvs_agents.planners import PlannerConfig, ValueIteration
from rlenvs_agents.policy_search.hand_written import cart_pole_lean, mountain_car_momentum

OPTIMAL = "optimal"
RUN, MINARI = "run:", "minari:"


class _HandWritten(NamedTuple):
    policy: Callable[[Any], int]
    shape: tuple[int, ...]  # of the observations that it reads
    n_actions: int
    home: str


HAND_WRITTEN: Mapping[str, _HandWritten] = {
    "lean": _HandWritten(cart_pole_lean, (4,), 2, "CartPole-v1"),
    "momentum": _HandWritten(mountain_car_momentum, (2,), 3, "MountainCar-v0"),
}


def check_teacher(name: str) -> str:
    """Return the name of a teacher.

    Raises:
        ValueError: if there is no such teacher.
    """
    known = ("", OPTIMAL, *HAND_WRITTEN, f"{RUN}<folder>", f"{MINARI}<id of a dataset>")
    if isinstance(name, str) and any(name.startswith(prefix) and name != prefix for prefix in (RUN, MINARI)):
        return name
    return check_choice("teacher", name, known)


def teacher_of(name: str, env: gym.Env[Any, Any], discount: float) -> Any:
    """The teacher of a name, for one environment.

    Args:
        name: "optimal" (the exact optimum of a finite environment), "lean", "momentum", "run:" and a folder that
            ``rlenvs train`` or ``agent.save`` wrote, or "minari:" and the id of a dataset on this computer.
        env: what it is to be done in.
        discount: for which the optimum is one.

    Raises:
        ValueError: if the teacher does not know such an environment.
        FileNotFoundError: if there is no such folder.
        ImportError: if a dataset is asked for and Minari is missing.
    """
    if name == OPTIMAL:
        try:
            return ValueIteration(env, PlannerConfig(discount=discount)).learn(1)
        except TypeError as error:
            others = ", ".join((*HAND_WRITTEN, f"{RUN}<folder>", f"{MINARI}<id>"))
            raise ValueError(f"`teacher` 'optimal' needs a finite environment, got {env}; or take {others}.") from error
    if name.startswith(RUN):
        from rlenvs_agents.run_folder import load_policy

        return load_policy(name.removeprefix(RUN), env)
    if name.startswith(MINARI):
        return Demonstrations.from_minari(name.removeprefix(MINARI))
    row = HAND_WRITTEN[name]
    spaces = env.observation_space.shape, getattr(env.action_space, "n", None)
    if spaces != (row.shape, row.n_actions):
        raise ValueError(
            f"`teacher` {name!r} plays {row.home}, with observations of shape {row.shape} and {row.n_actions} actions; "
            f"got an environment with shape {spaces[0]} and {spaces[1]}."
        )
    return row.policy
