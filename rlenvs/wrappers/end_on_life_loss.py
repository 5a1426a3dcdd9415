"""EndOnLifeLoss: a lost life ends the episode, but not the game."""

from __future__ import annotations

import copy
from typing import Any, Generic, TypeVar

import gymnasium as gym

ObsT = TypeVar("ObsT")
ActT = TypeVar("ActT")


class EndOnLifeLoss(gym.Wrapper[ObsT, ActT, ObsT, ActT], gym.utils.RecordConstructorArgs, Generic[ObsT, ActT]):
    """Shows every lost life as a termination, and goes on with the remaining lives at the next reset.

    The agent learns that a life is worth something, and still sees the whole game. ``reset()`` after a mere lost life
    takes no step: it returns the picture at which the life was lost. It restarts the game after the true end (game
    over or a time limit), when it is called in the middle of a life, and whenever a seed or options are given, because
    only the game can obey those. ``info["game_over"]`` is True where the game itself has ended; the score of a game is
    the sum of rewards up to there.

    Put it below AutoFire or SkipStart, so that their moves belong to the life that they begin.
    Observation and action space stay as they are. No vector version exists.

    Args:
        env: the environment to wrap; its infos hold ``lives``.

    Raises:
        ValueError: from ``step``, if no info has held ``lives``.
        gymnasium.error.ResetNeeded: from ``step``, after a termination that has not been followed by a reset.

    Example:
        >>> import gymnasium as gym
        >>> env = EndOnLifeLoss(gym.make("ALE/Breakout-v5"))  # doctest: +SKIP

    Change logs:
     * v0.1.0 - added
    """

    def __init__(self, env: gym.Env[ObsT, ActT]) -> None:
        gym.utils.RecordConstructorArgs.__init__(self)
        gym.Wrapper.__init__(self, env)
        self._lives: int | None = None
        self._held: tuple[ObsT, dict[str, Any]] | None = None

    @property
    def game_goes_on(self) -> bool:
        """Whether the next ``reset()`` will go on with the game, because only a life was lost."""
        return self._held is not None

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[ObsT, dict[str, Any]]:
        """Continue after a lost life, else restart the game.

        Returns:
            The observation and the info, with ``game_over`` False.
        """
        held, self._held = self._held, None
        if held is not None and seed is None and not options:
            return held
        observation, info = self.env.reset(seed=seed, options=options)
        self._lives = info.get("lives")
        return observation, {**info, "game_over": False}

    def step(self, action: ActT) -> tuple[ObsT, Any, bool, bool, dict[str, Any]]:
        """Take the action; ``terminated`` is True if a life was lost."""
        if self._held is not None:
            raise gym.error.ResetNeeded("Call reset() first: a life was lost, which ends the episode.")
        observation, reward, terminated, truncated, info = self.env.step(action)
        over = terminated or truncated
        lost = self._life_lost(info)
        if lost and not over:
            # Copied now: what the caller does with the last observation must not reach the next first one.
            self._held = copy.deepcopy(observation), _as_reset_info(info)
        return observation, reward, terminated or lost, truncated, {**info, "game_over": over}

    def _life_lost(self, info: dict[str, Any]) -> bool:
        before, self._lives = self._lives, info.get("lives", self._lives)
        if self._lives is None:
            raise ValueError(
                f'EndOnLifeLoss needs `info["lives"]`, and {self.env} gives none (its keys: {sorted(info)}). '
                "Leave the wrapper out for this environment."
            )
        return before is not None and self._lives < before


def _as_reset_info(info: dict[str, Any]) -> dict[str, Any]:
    """The info of the last step as that of a reset: what it says about reward has been paid already."""
    paid: dict[str, Any] = {key: 0.0 for key in ("skipped_reward", "raw_reward") if key in info}
    return {**copy.deepcopy(info), **paid, "game_over": False}
