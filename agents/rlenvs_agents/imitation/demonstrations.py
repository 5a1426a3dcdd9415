"""What somebody did, and what was seen when it was done: recorded episodes to learn from."""

from __future__ import annotations

from typing import Any, NamedTuple, Self

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from rlenvs_agents.observations import REMEDY, BoolArray, ObservationReader, n_actions_of, read_masks

MASK = "action_mask"
"""The info of a dataset that says which actions were possible: one row per observation, 1 where possible."""


class _Part(NamedTuple):
    """One episode of a dataset."""

    observations: NDArray[Any]  # (T, *shape)
    actions: NDArray[np.int64]  # (T,)
    masks: BoolArray | None  # (T, A)
    total: float


class Demonstrations:
    """Pairs of an observation and the action that was taken then, in the order in which they were recorded.

    Args:
        observations: (N, *shape).
        actions: (N,), numbers from 0.
        masks: (N, A), true where an action was possible; None: all were.
        returns: of the episodes that the pairs come from, undiscounted; may be empty.

    Raises:
        ValueError: if there are no pairs, the arrays do not fit together, or an action was impossible.
        TypeError: if actions are no whole numbers.
    """

    def __init__(self, observations: Any, actions: Any, masks: Any = None, returns: Any = ()) -> None:
        self.observations: NDArray[Any] = np.asarray(observations)
        chosen = np.asarray(actions)
        if chosen.ndim != 1 or not np.issubdtype(chosen.dtype, np.integer):
            raise TypeError(
                "`actions` must be one whole number per observation: imitation chooses among finitely many actions, "
                f"got an array of shape {chosen.shape} and type {chosen.dtype}."
            )
        if not len(chosen) or len(self.observations) != len(chosen):
            raise ValueError(
                "`observations` and `actions` must be equally many, at least one, "
                f"got {len(self.observations)} and {len(chosen)}."
            )
        self.actions: NDArray[np.int64] = chosen.astype(np.int64)
        self.masks = None if masks is None else read_masks(masks, len(chosen), np.shape(masks)[-1])
        self.returns: NDArray[np.float64] = np.asarray(returns, np.float64)
        most = np.inf if self.masks is None else self.masks.shape[1]
        if self.actions.min() < 0 or self.actions.max() >= most:
            raise ValueError(f"`actions` must be numbers from 0 to below {most}, got {set(self.actions.tolist())}.")
        if self.masks is not None and not self.masks[np.arange(len(chosen)), self.actions].all():
            raise ValueError("`actions` must be possible by `masks`, got one that is not.")

    @classmethod
    def from_minari(cls, dataset: Any) -> Self:
        """The pairs of a Minari dataset, such as ``rlenvs record`` and ``rlenvs play --record`` write.

        Where the infos hold ``action_mask``, masks are kept, and steps with an impossible action are left out: they
        teach nothing.

        Args:
            dataset: a Minari dataset, or the id of one on this computer.

        Raises:
            ImportError: if an id is given and Minari is missing.
            ValueError: if it is empty, or there is no such dataset.
            TypeError: if its actions are not Discrete, or its observations are a Dict or a Tuple.
        """
        opened = _opened(dataset) if isinstance(dataset, str) else dataset
        parts = [_part(episode, opened.action_space) for episode in opened.iterate_episodes()]
        if not parts:
            raise ValueError("`dataset` must hold at least one episode.")
        masks = [part.masks for part in parts if part.masks is not None]
        observations = np.concatenate([part.observations for part in parts])
        actions = np.concatenate([part.actions for part in parts])
        returns = [part.total for part in parts]
        if len(masks) < len(parts):
            return cls(observations, actions, None, returns)
        allowed = np.concatenate(masks)
        possible = allowed[np.arange(len(actions)), actions]
        return cls(observations[possible], actions[possible], allowed[possible], returns)

    def __len__(self) -> int:
        return len(self.actions)

    def check(self, env: gym.Env[Any, Any]) -> None:
        """Make sure that they come from an environment like this one.

        Raises:
            ValueError: if shapes or actions do not fit its spaces.
        """
        shape, n_actions = ObservationReader(env.observation_space).shape, n_actions_of(env.action_space)
        if self.observations.shape[1:] != shape:
            raise ValueError(
                f"`teacher` must be demonstrations in this environment, whose observations have shape {shape}, "
                f"got shape {self.observations.shape[1:]}."
            )
        n_masked = n_actions if self.masks is None else self.masks.shape[1]
        if self.actions.max() >= n_actions or n_masked != n_actions:
            raise ValueError(
                f"`teacher` must be demonstrations in this environment, which has {n_actions} actions, "
                f"got action {self.actions.max()}" + ("." if self.masks is None else f" and masks of {n_masked}.")
            )

    def agreement(self, policy: Any) -> float:
        """The share of pairs, 0 … 1, in which a policy with ``predict`` does what was done."""
        known = {} if self.masks is None else {"action_masks": self.masks}
        actions, _ = policy.predict(self.observations, deterministic=True, **known)
        return float((np.asarray(actions) == self.actions).mean())


def _opened(dataset_id: str) -> Any:
    try:
        import minari
    except ImportError as error:
        raise ImportError('A dataset needs Minari, which is not installed: pip install "rlenvs[minari]"') from error
    known = sorted(minari.list_local_datasets())
    if dataset_id not in known:
        raise ValueError(f"`dataset` must be the id of a Minari dataset on this computer, {known}, got {dataset_id!r}.")
    return minari.load_dataset(dataset_id)


def _part(episode: Any, space: gym.Space[Any]) -> _Part:
    n_actions = n_actions_of(space)
    if isinstance(episode.observations, (dict, tuple)):
        kind = type(episode.observations).__name__
        raise TypeError(f"`dataset` must have observations that are arrays, got a {kind}; {REMEDY}.")
    actions = np.asarray(episode.actions, np.int64)
    n_steps = len(actions)
    found = (getattr(episode, "infos", None) or {}).get(MASK)
    masks = None if found is None else read_masks(np.asarray(found)[:n_steps], n_steps, n_actions)
    # The last observation of an episode is where nobody acted any more.
    return _Part(np.asarray(episode.observations)[:n_steps], actions, masks, float(np.sum(episode.rewards)))
