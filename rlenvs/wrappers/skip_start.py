"""SkipStart: lets the phase pass in which nothing can be done."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any, TypeVar

import gymnasium as gym
import numpy as np

from rlenvs.wrappers.action_names import missing_action, resolve_action
from rlenvs.wrappers.opening_moves import OpeningMoves
from rlenvs.wrappers.plain_data import as_list, is_whole, plain

ObsT = TypeVar("ObsT")
ActT = TypeVar("ActT")

_STREAM = zlib.crc32(b"rlenvs.wrappers.SkipStart")


class SkipStart(OpeningMoves[ObsT, ActT]):
    """Plays a number of NOOPs after reset and after every lost life.

    Some games (Space Invaders) ignore the player for a while at the start of each life. A random number of steps makes
    starts differ in a deterministic game. Observation and action space stay as they are.

    What happens to reward, infos, seeds and episodes that end while skipping is told in
    :class:`~rlenvs.wrappers.opening_moves.OpeningMoves`. No vector version exists.

    Args:
        env: the environment to wrap.
        steps: how many steps of the wrapped environment to skip; or a pair ``[lowest, highest]``, from which a number
            is drawn each time, both ends possible. It comes from a generator of the wrapper's own, which
            ``reset(seed=…)`` seeds: the environment's own stream is not touched.
        action: the name of the action among ``get_action_meanings()``, or the action itself as plain data.
        after_reset: whether to skip after reset.
        after_life_loss: whether to skip after a lost life (``info["lives"]`` has fallen).
        max_tries: how many resets in a row may end while skipping.

    Raises:
        ValueError: if an argument is out of range, or the environment has no such action.
        RuntimeError: from ``reset``, if ``max_tries`` episodes in a row end while skipping.

    Example:
        >>> import gymnasium as gym
        >>> env = SkipStart(gym.make("CartPole-v1"), steps=[0, 5], action=0)
        >>> env.observation_space.shape  # as before
        (4,)

    Change logs:
     * v0.1.0 - added
    """

    def __init__(
        self,
        env: gym.Env[ObsT, ActT],
        steps: int | Sequence[int] = 40,
        *,
        action: Any = "NOOP",
        after_reset: bool = True,
        after_life_loss: bool = True,
        max_tries: int = 10,
    ) -> None:
        self._lowest, self._highest = _range(steps)
        gym.utils.RecordConstructorArgs.__init__(
            self,
            steps=plain(steps),
            action=plain(action),
            after_reset=after_reset,
            after_life_loss=after_life_loss,
            max_tries=max_tries,
        )
        super().__init__(env, after_reset=after_reset, after_life_loss=after_life_loss, max_tries=max_tries)
        move = resolve_action(env, action)
        if move is None:
            raise missing_action(env, "SkipStart", action)
        self._move: ActT = move
        self._generator = np.random.default_rng()

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[ObsT, dict[str, Any]]:
        """Reset, and skip; a seed also seeds the wrapper's own generator."""
        if seed is not None:
            self._generator = np.random.default_rng([seed, _STREAM])
        return super().reset(seed=seed, options=options)

    def opening(self) -> Sequence[ActT]:
        """The moves to skip now."""
        if self._lowest == self._highest:
            return [self._move] * self._lowest
        return [self._move] * int(self._generator.integers(self._lowest, self._highest + 1))


def _range(steps: int | Sequence[int]) -> tuple[int, int]:
    pair = as_list(steps, 2)
    if len(pair) != 2 or not all(is_whole(end) for end in pair) or not 0 <= pair[0] <= pair[1]:
        raise ValueError(
            f"`steps` must be a whole number of at least 0, or a pair [lowest, highest] of them, got {steps!r}."
        )
    return int(pair[0]), int(pair[1])
