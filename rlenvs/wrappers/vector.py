"""Vector versions of wrappers, for environments made by ``gym.make_vec``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.vector.utils import batch_space
from numpy.typing import ArrayLike, NDArray

from rlenvs.wrappers.bins import Outside
from rlenvs.wrappers.discretize_observation import Edges, Output, Range, discrete_space, make_bins
from rlenvs.wrappers.plain_data import plain

__all__ = ["DiscretizeObservation"]


class DiscretizeObservation(gym.vector.VectorWrapper, gym.utils.RecordConstructorArgs):
    """The vector version of :class:`rlenvs.wrappers.DiscretizeObservation`; same arguments, same cells in every lane.

    Works in every autoreset mode: the last observation of an episode in ``infos["final_obs"]`` is discretised as well.

    Shapes: observations (n, D) become (n,), or (n, D) with ``output="cells"``; int64.

    Args:
        env: the vector environment to wrap; its single observation space is a Box.
        bins: see :class:`rlenvs.wrappers.DiscretizeObservation`, as for the others.
        ranges: per dimension ``[low, high]`` or None.
        edges: per dimension the borders or None.
        outside: "clamp" or "separate".
        output: "index" or "cells".

    Raises:
        TypeError: as the single version.
        ValueError: as the single version.

    Change logs:
     * v0.1.0 - added
    """

    def __init__(
        self,
        env: gym.vector.VectorEnv[Any, Any, Any],
        bins: int | Sequence[int] | None = None,
        *,
        ranges: Sequence[Range] | None = None,
        edges: Sequence[Edges] | None = None,
        outside: Outside = "clamp",
        output: Output = "index",
    ) -> None:
        gym.utils.RecordConstructorArgs.__init__(
            self, bins=plain(bins), ranges=plain(ranges), edges=plain(edges), outside=outside, output=output
        )
        gym.vector.VectorWrapper.__init__(self, env)
        self.bins = make_bins(env.single_observation_space, bins, ranges=ranges, edges=edges, outside=outside)
        self.single_observation_space = discrete_space(self.bins, output)
        self.observation_space = batch_space(self.single_observation_space, env.num_envs)
        self._as_index = output == "index"

    def observations(self, observations: ArrayLike) -> NDArray[np.int64]:
        """The cells of a batch of observations."""
        array = np.asarray(observations)
        cells = self.bins.cells(array.reshape(len(array), -1))
        return self.bins.index(cells) if self._as_index else cells

    def reset(self, *, seed: Any = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Reset; the observations are cells."""
        observations, infos = self.env.reset(seed=seed, options=options)
        return self.observations(observations), infos

    def step(self, actions: Any) -> tuple[Any, Any, Any, Any, dict[str, Any]]:
        """Step all lanes; the observations are cells, those in ``final_obs`` too."""
        observations, rewards, terminations, truncations, infos = self.env.step(actions)
        if "final_obs" in infos:
            infos = {**infos, "final_obs": self._final(infos["final_obs"])}
        return self.observations(observations), rewards, terminations, truncations, infos

    def _final(self, observations: NDArray[Any]) -> NDArray[Any]:
        final = np.empty(len(observations), dtype=object)
        for lane, observation in enumerate(observations):
            if observation is not None:
                cell = self.observations(np.asarray(observation)[None])[0]
                final[lane] = int(cell) if self._as_index else cell
        return final
