"""The algorithms by name, as data: where each is found, with which settings, and what has to be installed."""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from rlenvs_agents.configs import from_plain

_NONE: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Algorithm:
    """One row of the table."""

    name: str
    summary: str
    agent: str  # "module:class"
    settings: Mapping[str, Any] = field(default_factory=dict)  # what makes this one of its family
    needs: tuple[str, ...] = ()  # modules that are imported when the agent is made
    extra: str = ""  # the extra of rlenvs that installs them
    cost: float = 1.0  # about how long a step takes, for the time that is left

    @property
    def missing(self) -> str:
        """How to install what is missing; empty where nothing is."""
        absent = [module for module in self.needs if not _installed(module)]
        return f'not installed: pip install "rlenvs[{self.extra}]"' if absent else ""

    def agent_class(self) -> type[Any]:
        """The class of the agent.

        Raises:
            ImportError: if what it needs is not installed; says how to install it.
        """
        if self.missing:
            raise ImportError(f"{self.name} needs {', '.join(self.needs)}, {self.missing}")
        module, _, name = self.agent.partition(":")
        found: type[Any] = getattr(importlib.import_module(module), name)
        return found

    def load(self) -> type[Any]:
        """The class of the agent, with its framework imported, which is no part of training.

        Raises:
            ImportError: as :meth:`agent_class`.
        """
        found = self.agent_class()
        if "tensorflow" in self.needs:
            quieten_tensorflow()
            importlib.import_module("rlenvs_agents.framework")
        return found

    def config(self, settings: Mapping[str, Any] = _NONE) -> Any:
        """The config with plain settings over those of the table.

        Raises:
            ValueError: if there is no such setting, or a value is not allowed.
        """
        return from_plain(self.agent_class().config_class, {**self.settings, **settings})


def quieten_tensorflow() -> None:
    """Before it is imported: what its compiled part says of processors and graphics cards goes unsaid.

    What is wrong becomes an exception all the same. A level that the user has set stays.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def _installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False


_Q = "rlenvs_agents.tabular.q_learning:QLearning"
_SARSA = "rlenvs_agents.tabular.sarsa"
_PREDICTION = "rlenvs_agents.tabular.prediction:Prediction"
_SEARCH = "rlenvs_agents.policy_search.agent:PolicySearch"
_PLANNERS = "rlenvs_agents.planners"
_DQN = "rlenvs_agents.dqn.agent:DQN"
_GRADIENTS = "rlenvs_agents.policy_gradients.agent"
_SB3 = "rlenvs_agents.sb3.agents"
_TF: dict[str, Any] = {"needs": ("tensorflow",), "extra": "agents", "cost": 120.0}
_TORCH: dict[str, Any] = {"needs": ("stable_baselines3",), "extra": "sb3", "cost": 250.0}
_CONTRIB: dict[str, Any] = {"needs": ("stable_baselines3", "sb3_contrib"), "extra": "sb3", "cost": 250.0}

ALGORITHMS: Mapping[str, Algorithm] = {
    row.name: row
    for row in (
        Algorithm(
            name="random", summary="uniform over the possible actions", agent="rlenvs_agents.random_agent:RandomAgent"
        ),
        Algorithm(name="value-iteration", summary="planning by sweeps", agent=f"{_PLANNERS}:ValueIteration"),
        Algorithm(name="policy-iteration", summary="planning by policies", agent=f"{_PLANNERS}:PolicyIteration"),
        Algorithm(name="q-learning", summary="a table (Watkins, 1989)", agent=_Q),
        Algorithm(
            name="double-q-learning",
            summary="two tables, one choosing, one valuing (van Hasselt, 2010)",
            agent="rlenvs_agents.tabular.q_learning:DoubleQLearning",
        ),
        Algorithm(
            name="sarsa",
            summary="a table of what its own behaviour is worth (Rummery and Niranjan, 1994)",
            agent=f"{_SARSA}:Sarsa",
        ),
        Algorithm(
            name="expected-sarsa",
            summary="SARSA without the noise of the next action (van Seijen et al., 2009)",
            agent=f"{_SARSA}:ExpectedSarsa",
        ),
        Algorithm(
            name="td-prediction",
            summary="values of the random policy or a given one, by TD(λ) (Sutton, 1988)",
            agent=_PREDICTION,
            settings={"method": {"kind": "td"}},
        ),
        Algorithm(
            name="monte-carlo-prediction",
            summary="the same, by means of returns",
            agent=_PREDICTION,
            settings={"method": {"kind": "monte-carlo"}},
        ),
        Algorithm(
            name="genetic",
            summary="policy search: 100 policies, 80 dropped, 4 varied offspring each",
            agent=_SEARCH,
            settings={"strategy": {"kind": "genetic"}},
        ),
        Algorithm(
            name="hill-climbing",
            summary="policy search: change the best one",
            agent=_SEARCH,
            settings={"strategy": {"kind": "hill-climbing"}, "episodes_per_policy": 3},
        ),
        Algorithm(
            name="random-search",
            summary="policy search: draw one after the other",
            agent=_SEARCH,
            settings={"strategy": {"kind": "random-search"}, "episodes_per_policy": 3},
        ),
        Algorithm(
            name="reinforce",
            summary="policy gradient from whole episodes (Williams, 1992)",
            agent=f"{_GRADIENTS}:Reinforce",
            **_TF,
        ),
        Algorithm(
            name="a2c",
            summary="advantage actor-critic in many lanes (Mnih et al., 2016)",
            agent=f"{_GRADIENTS}:A2C",
            **_TF,
        ),
        Algorithm(
            name="imitation",
            summary="a network that learns to do what a teacher does (Ross et al., 2011)",
            agent="rlenvs_agents.imitation.agent:Imitation",
            settings={"teacher": "optimal"},
            **_TF,
        ),
        Algorithm(name="dqn", summary="deep Q-network in TensorFlow (Mnih et al., 2015)", agent=_DQN, **_TF),
        Algorithm(
            name="double-dqn",
            summary="DQN, the online network choosing the target's action (van Hasselt et al., 2016)",
            agent=_DQN,
            settings={"bootstrap": "double"},
            **_TF,
        ),
        Algorithm(
            name="dueling-dqn",
            summary="double DQN with value and advantage apart (Wang et al., 2016)",
            agent=_DQN,
            settings={"bootstrap": "double", "head": "dueling"},
            **_TF,
        ),
        Algorithm(name="sb3-dqn", summary="DQN of Stable-Baselines3", agent=f"{_SB3}:SB3DQN", **_TORCH),
        Algorithm(name="sb3-ppo", summary="PPO of Stable-Baselines3", agent=f"{_SB3}:SB3PPO", **_TORCH),
        Algorithm(name="sb3-a2c", summary="A2C of Stable-Baselines3", agent=f"{_SB3}:SB3A2C", **_TORCH),
        Algorithm(name="sb3-qrdqn", summary="QR-DQN of sb3-contrib", agent=f"{_SB3}:SB3QRDQN", **_CONTRIB),
        Algorithm(
            name="sb3-maskable-ppo",
            summary="PPO with action masks, of sb3-contrib",
            agent=f"{_SB3}:SB3MaskablePPO",
            **_CONTRIB,
        ),
    )
}


def algorithm(name: str) -> Algorithm:
    """The algorithm of a name.

    Raises:
        ValueError: if there is none; suggests the nearest.
    """
    if name not in ALGORITHMS:
        near = difflib.get_close_matches(name, ALGORITHMS, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"There are {', '.join(ALGORITHMS)}."
        raise ValueError(f"There is no algorithm {name!r}. {hint}")
    return ALGORITHMS[name]
