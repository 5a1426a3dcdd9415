"""Searches for weights of a linear policy by nothing but the returns of episodes."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from rlenvs_agents.agent import IntArray
from rlenvs_agents.configs import check_number, check_whole, settle
from rlenvs_agents.interaction import InteractingAgent
from rlenvs_agents.memory.limits import require
from rlenvs_agents.observations import BoolArray, outside
from rlenvs_agents.policy_search.strategies import Genetic, Standing, Strategy
from rlenvs_agents.saving import Saved
from rlenvs_agents.seeding import generator_state


@dataclass(frozen=True, kw_only=True)
class PolicySearchConfig:
    """Settings of :class:`PolicySearch`.

    Args:
        strategy: :class:`RandomSearch`, :class:`HillClimbing` or :class:`Genetic`.
        episodes_per_policy: episodes over which the return of a policy is averaged.
        discount: only for what is measured: episodes are judged by their undiscounted return.
    """

    strategy: Strategy = field(default_factory=Genetic)
    episodes_per_policy: int = 1
    discount: float = 0.99

    def __post_init__(self) -> None:
        if not hasattr(self.strategy, "propose"):
            raise TypeError(f"`strategy` must be RandomSearch(), HillClimbing() or Genetic(), got {self.strategy!r}.")
        check_whole("episodes_per_policy", self.episodes_per_policy)
        settle(self, discount=check_number("discount", self.discount, 0, 1))


class PolicySearch(InteractingAgent[PolicySearchConfig]):
    """Plays the action with the largest score; scores are linear in the observation, or one number per Discrete one.

    Raises:
        ValueError: if policies would not fit into memory; from ``learn``, if the return of an episode is not finite.
    """

    algorithm = "policy-search"
    config_class = PolicySearchConfig

    def __init__(self, env: Any, config: PolicySearchConfig | None = None, *, seed: int | None = None) -> None:
        super().__init__(env, config, seed=seed)
        space = env.observation_space
        self._one_hot = int(space.n) if isinstance(space, gym.spaces.Discrete) else 0
        self._first = int(space.start) if isinstance(space, gym.spaces.Discrete) else 0
        n_features = self._one_hot or math.prod(self.reader.shape) + 1
        self._shape = (self.n_actions, n_features)
        n_weights = self.n_actions * n_features
        kept = 8 * n_weights * 2 * getattr(self.config.strategy, "population", 1)  # a generation and the one before
        require(kept, f"policy search keeps {n_weights} weights of each policy, which", "use bins for `env`")
        self._generator = self.streams.generator("exploration")
        self._standing = Standing(
            best=np.zeros(n_weights),
            best_score=-math.inf,
            survivors=np.empty((0, n_weights)),
            spread=self.config.strategy.spread,
        )
        self._proposals = np.empty((0, n_weights))
        self._returns: list[float] = []  # of the proposals, episode by episode
        self._judged = 0  # episodes
        self._weights = np.zeros(self._shape)  # of the policy that is being judged
        self._features = np.ones(n_features)
        self._mask: Any = None

    @property
    def weights(self) -> NDArray[np.float64]:
        """The best policy so far: one row of weights per action, (A, F); the last column is a constant's."""
        return self._standing.best.reshape(self._shape).copy()

    @property
    def best_score(self) -> float:
        """Mean return of the best policy when it was judged."""
        return self._standing.best_score

    @property
    def metrics(self) -> dict[str, float]:
        """The score of the best policy, once there is one."""
        return {"search/best_score": self.best_score} if math.isfinite(self.best_score) else {}

    def _fix(self, total: int) -> None:
        """Nothing goes by the number of steps."""

    def _begin(self, observation: Any, info: dict[str, Any]) -> None:
        if self.episodes.count > self._judged:
            self._judge(self.episodes.returns[-1])
        if not len(self._proposals):
            self._proposals = self.config.strategy.propose(self._standing, self._generator)
        place = len(self._returns) // self.config.episodes_per_policy
        self._weights = self._proposals[place].reshape(self._shape)
        self._see(observation, info)

    def _judge(self, total_reward: float) -> None:
        if not math.isfinite(total_reward):
            raise ValueError(f"`env` must give finite rewards, got an episode with the return {total_reward!r}.")
        self._judged = self.episodes.count
        self._returns.append(total_reward)
        if len(self._returns) == len(self._proposals) * self.config.episodes_per_policy:
            scores = np.array(self._returns).reshape(len(self._proposals), -1).mean(axis=1)
            self._standing = self.config.strategy.learn(self._standing, self._proposals, scores)
            self._proposals, self._returns = self._proposals[:0], []

    def _see(self, observation: Any, info: dict[str, Any]) -> None:
        self._mask = info.get("action_mask")
        if self._one_hot:
            place = int(self.reader.one(observation)) - self._first
            if not 0 <= place < self._one_hot:
                raise outside(observation, self.env.observation_space)
            self._scores = self._weights[:, place]
        else:
            self._features[:-1] = self.reader.one(observation).ravel()
            self._scores = self._weights @ self._features

    def _act(self) -> int:
        scores = self._scores if self._mask is None else np.where(self._mask, self._scores, -np.inf)
        return int(scores.argmax())

    def _observe(
        self,
        action: int,  # noqa: ARG002  # only the return of the episode counts
        reward: Any,  # noqa: ARG002  # likewise
        observation: Any,
        info: dict[str, Any],
        terminated: bool,  # noqa: ARG002, FBT001  # likewise
    ) -> None:
        self._see(observation, info)

    def _best(self, observations: NDArray[Any], masks: BoolArray | None) -> IntArray:
        weights = self._standing.best.reshape(self._shape)
        if self._one_hot:
            scores = weights[:, observations.astype(np.int64) - self._first].T
        else:
            flat = observations.reshape(len(observations), -1).astype(np.float64)
            scores = flat @ weights[:, :-1].T + weights[:, -1]
        return np.asarray((scores if masks is None else np.where(masks, scores, -np.inf)).argmax(axis=1))

    def _sampled(self, observations: NDArray[Any], masks: BoolArray | None) -> IntArray:
        return self._best(observations, masks)

    def _saved(self) -> Saved:
        saved = super()._saved()
        standing = self._standing
        saved.progress["exploration"] = generator_state(self._generator)
        saved.progress["search"] = {"judged": self._judged, "returns": self._returns, "spread": standing.spread}
        saved.arrays = {
            "best": standing.best,
            "best_score": np.array(standing.best_score),
            "survivors": standing.survivors,
            "proposals": self._proposals,
        }
        return saved

    def _restore(self, saved: Saved) -> None:
        super()._restore(saved)
        self._generator.bit_generator.state = saved.progress["exploration"]
        search = saved.progress["search"]
        self._judged, self._returns = int(search["judged"]), list(search["returns"])
        self._proposals = saved.arrays["proposals"]
        self._standing = Standing(
            best=saved.arrays["best"],
            best_score=float(saved.arrays["best_score"]),
            survivors=saved.arrays["survivors"],
            spread=float(search["spread"]),
        )
