"""Who plays instead of the person: ready policies, and those that other packages load.

A policy is an object with ``predict(observation, state=None, episode_start=None, deterministic=False)`` that returns
``(action, state)``, as Stable-Baselines3 has it; if its ``predict`` has a parameter ``action_masks``, it gets the mask.

Other packages offer loaders through the entry-point group ``rlenvs.policies``. A loader is called as
``loader(source, env)``, where ``source`` is the word behind ``--agent``; it returns a policy, or None if the word
means nothing to it, and raises ValueError if it does but cannot be loaded.
"""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import gymnasium as gym
import numpy as np

from rlenvs_play.cycle import cycle_moves
from rlenvs_play.episodes import Episode
from rlenvs_play.truth import Truth

GROUP = "rlenvs.policies"


class Policy(Protocol):
    """Chooses actions."""

    def predict(
        self,
        observation: Any,
        state: Any = None,
        episode_start: Any = None,
        deterministic: bool = False,  # noqa: FBT001, FBT002  # SB3's signature
    ) -> tuple[Any, Any]:
        """The action for one observation, and the state to hand in with the next."""


@runtime_checkable
class AgentPlayer(Protocol):
    """Whoever plays instead of the person.

    Attributes:
        name: what to call it on the screen.
        seeds: of the episodes that it can play; empty: any.
    """

    name: str
    seeds: tuple[int, ...]

    def begin(self) -> None:
        """An episode begins."""

    def forget(self) -> None:
        """A step was taken back."""

    def action(self, observation: Any, info: dict[str, Any], episode: Episode) -> Any | None:
        """The action; None if it has nothing more to play."""


class Player:
    """Asks a policy for actions, and keeps its state.

    Args:
        name: what to call it on the screen.
        policy: the policy.
        env: the environment that is played.
    """

    def __init__(self, name: str, policy: Policy, env: gym.Env[Any, Any]) -> None:
        self.name = name
        self.seeds: tuple[int, ...] = ()
        self._policy = policy
        self._env = env
        self._state: Any = None
        self._begins = True
        self._takes_masks = "action_masks" in inspect.signature(policy.predict).parameters
        self._chooses_one = isinstance(env.action_space, gym.spaces.Discrete)

    def begin(self) -> None:
        """An episode begins."""
        self._state, self._begins = None, True

    def forget(self) -> None:
        """A step was taken back: what the policy remembers is not true any more."""
        self._state = None

    def action(self, observation: Any, info: dict[str, Any], episode: Episode) -> Any | None:
        """The policy's action."""
        del episode
        more: dict[str, Any] = {}
        if self._takes_masks:
            more["action_masks"] = action_mask(self._env, info)
        action, self._state = self._policy.predict(
            observation, self._state, np.array([self._begins]), deterministic=True, **more
        )
        self._begins = False
        return int(np.asarray(action).item()) if self._chooses_one else action


def action_mask(env: gym.Env[Any, Any], info: dict[str, Any]) -> Any | None:
    """Which actions are possible, (A,) of bool; None where nothing is said about it."""
    mask = info.get("action_mask")
    if mask is None:
        return None
    mask = np.asarray(mask).astype(bool)
    return mask if mask.shape == (getattr(env.action_space, "n", None),) else None


class RandomPolicy:
    """Chooses uniformly among the possible actions.

    Args:
        env: the environment.
        seed: of its generator.
    """

    def __init__(self, env: gym.Env[Any, Any], seed: int | None = None) -> None:
        self._space = env.action_space
        self._generator = np.random.default_rng(seed)

    def predict(
        self,
        observation: Any,
        state: Any = None,
        episode_start: Any = None,
        deterministic: bool = False,  # noqa: FBT001, FBT002  # SB3's signature
        *,
        action_masks: Any = None,
    ) -> tuple[Any, Any]:
        """See :class:`Policy`."""
        del observation, episode_start, deterministic
        space = self._space
        if isinstance(space, gym.spaces.Discrete):
            possible = np.arange(space.n) if action_masks is None else np.flatnonzero(action_masks)
            return int(space.start) + int(self._generator.choice(possible)), state
        space.seed(int(self._generator.integers(2**31)))
        return space.sample(), state


class OptimalPolicy:
    """Plays a best action of a finite environment whose model is known; it looks at the state, not at what is seen.

    Args:
        env: the environment.
        discount: what "best" means.

    Raises:
        ValueError: if the environment shows no model.
    """

    def __init__(self, env: gym.Env[Any, Any], discount: float = 0.95) -> None:
        truth = Truth.of(env, discount)
        if truth is None:
            raise ValueError(
                f"The optimum of {_id_of(env)} is not known: only finite environments that show their model have one. "
                "Use 'random', or an agent that was trained."
            )
        self._truth = truth

    def predict(
        self,
        observation: Any,
        state: Any = None,
        episode_start: Any = None,
        deterministic: bool = False,  # noqa: FBT001, FBT002  # SB3's signature
    ) -> tuple[Any, Any]:
        """See :class:`Policy`."""
        del observation, episode_start, deterministic
        return self._truth.best_action, state


class CyclePolicy:
    """Plays a perfect game of Snake: it goes round on a cycle through all cells until the board is full.

    Args:
        env: a Snake board with an even side.

    Raises:
        ValueError: if it is no Snake, or has no such cycle.
    """

    def __init__(self, env: gym.Env[Any, Any]) -> None:
        game = getattr(getattr(env.unwrapped, "rules", None), "game", None)
        if game is None or not hasattr(game, "n_rows"):
            raise ValueError(f"'cycle' plays Snake only, not {_id_of(env)}; use 'random' or 'optimal'.")
        self._moves = cycle_moves(game.n_rows, game.n_columns).ravel()
        self._base: Any = env.unwrapped

    def predict(
        self,
        observation: Any,
        state: Any = None,
        episode_start: Any = None,
        deterministic: bool = False,  # noqa: FBT001, FBT002  # SB3's signature
    ) -> tuple[Any, Any]:
        """See :class:`Policy`."""
        del observation, episode_start, deterministic
        from rlenvs.envs.snake.kernel import SLOT

        board = self._base.get_state().state
        return int(self._moves[board.body[board.snake[SLOT]]]), state


Loader = Callable[[str, gym.Env[Any, Any]], Policy | None]


def load_player(
    source: str | Policy | AgentPlayer, env: gym.Env[Any, Any], *, seed: int, discount: float
) -> AgentPlayer:
    """The player behind a word: a ready policy, or whatever another package knows by it (a run folder, a file).

    Raises:
        ValueError: if nobody knows it, or it cannot play this environment.
    """
    if isinstance(source, AgentPlayer):
        return source
    if not isinstance(source, str):
        return Player(type(source).__name__, source, env)
    ready: dict[str, Callable[[], Policy]] = {
        "random": lambda: RandomPolicy(env, seed),
        "optimal": lambda: OptimalPolicy(env, discount),
        "cycle": lambda: CyclePolicy(env),
    }
    if source in ready:
        return Player(source, ready[source](), env)
    policy = _loaded(source, env)
    if policy is not None:
        return Player(source.rstrip("/\\").replace("\\", "/").rpartition("/")[2] or source, policy, env)
    near = difflib.get_close_matches(source, ready, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"it is none of {', '.join(ready)}, and no run that can be loaded."
    raise ValueError(f"`agent` names {source!r}, and {hint}")


def _loaded(source: str, env: gym.Env[Any, Any]) -> Policy | None:
    """What the first loader that knows the word makes of it."""
    missing: ImportError | None = None
    for point in entry_points(group=GROUP):
        try:
            loader: Loader = point.load()
            policy = loader(source, env)
        except ImportError as error:
            missing = error
            continue
        if policy is not None:
            return policy
    if missing is not None and Path(source).exists():
        raise missing  # the run is there, and what it was trained with is not
    return None


def _id_of(env: gym.Env[Any, Any]) -> str:
    return str(env) if env.spec is None else str(env.spec.id)
