"""Stable-Baselines3's algorithms as agents of this package."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from rlenvs_agents.agent import Agent, IntArray
from rlenvs_agents.configs import check_convolutions, check_number, check_whole, settle
from rlenvs_agents.lanes import not_again, spec_of
from rlenvs_agents.networks.convolutional import fits_nature
from rlenvs_agents.observations import BoolArray
from rlenvs_agents.reporting import Reporter
from rlenvs_agents.saving import Saved
from rlenvs_agents.sb3.globals import OwnGlobals
from rlenvs_agents.sb3.loading import library

MODEL = "model.zip"

SCHEDULED = ("learning_rate", "clip_range", "clip_range_vf")
"""Settings of SB3 that may change as the run goes on."""


@dataclass(frozen=True, kw_only=True)
class SB3Config:
    """Settings of an algorithm of Stable-Baselines3.

    Args:
        discount: γ in [0, 1]; SB3's ``gamma``.
        policy: SB3's name of the network; "auto": ``CnnPolicy`` for images of at least 36 pixels a side, which its
            convolutions ask for, else ``MlpPolicy``.
        convolutions: filters, size and stride of each convolution that images of bytes go through, in place of
            those of ``CnnPolicy``, which ask for 36 pixels; (): the policy's own.
        lanes: copies of the environment that are stepped together, as SB3's ``make_vec_env`` makes them. Steps count
            over all of them, and learning ends after a whole round.
        settings: any other keyword arguments of the algorithm, by SB3's names.
    """

    discount: float = 0.99
    policy: str = "auto"
    convolutions: Sequence[Sequence[int]] = ()
    lanes: int = 1
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_whole("lanes", self.lanes)
        settle(
            self,
            discount=check_number("discount", self.discount, 0, 1),
            settings=dict(self.settings),
            convolutions=check_convolutions(self.convolutions),
        )
        taken = {"gamma": "discount", "policy": "policy", "env": "env", "seed": "seed"}
        for name in taken.keys() & self.settings.keys():
            raise ValueError(f"`settings` must not hold {name!r}: it is set by `{taken[name]}`.")


def _schedule(name: str, value: Any) -> Any:
    """A schedule as SB3 knows it, a function of the part of the run that is left; numbers stay."""
    if not isinstance(value, Mapping):
        return value
    if set(value) != {"kind", "start", "end"} or value["kind"] != "linear":
        raise ValueError(
            f'`settings` must hold a number or {{"kind": "linear", "start": …, "end": …}} as {name!r}, '
            f"got {dict(value)!r}."
        )
    start, end = (check_number(f"settings.{name}.{part}", value[part], 0) for part in ("start", "end"))
    return lambda left: end + (start - end) * max(left, 0.0)  # less than nothing is left of a run that was prolonged


class SB3Agent(Agent[SB3Config]):
    """One algorithm of Stable-Baselines3.

    Attributes:
        model: SB3's own object.
    """

    config_class = SB3Config
    inexact = (
        "Stable-Baselines3 goes on with the same weights and optimiser, but not bit for bit: its replay memory, "
        "rollout and generators are not saved, and a new episode begins."
    )
    source: ClassVar[tuple[str, str]]  # module and class

    def __init__(self, env: gym.Env[Any, Any], config: SB3Config | None = None, *, seed: int | None = None) -> None:
        super().__init__(env, config, seed=seed)
        self._globals = OwnGlobals()
        self.logged: dict[str, float] = {}  # SB3's own figures, when they were last looked at
        self.unfinished: dict[int, tuple[float, int]] = {}  # return and length so far of each lane's game
        self.schedule_steps: int | None = None  # what schedules were fixed for by the first call of `learn`
        with self._globals.lent():
            self.model: Any = self._made(library(*self.source))

    def _made(self, library_class: Any) -> Any:
        # A copy: QR-DQN writes into what it is given, and the config is saved.
        settings = {"device": "cpu", **copy.deepcopy(dict(self.config.settings))}
        if isinstance(settings.get("train_freq"), list):  # JSON knows no tuples, such as (1, "episode")
            settings["train_freq"] = tuple(settings["train_freq"])
        settings |= {name: _schedule(name, settings[name]) for name in SCHEDULED if name in settings}
        policy = self._policy() if self.config.policy == "auto" else self.config.policy
        if self.config.convolutions:
            from rlenvs_agents.sb3.convolutions import policy_kwargs

            own = policy_kwargs(self.env.observation_space, self.config.convolutions)
            settings["policy_kwargs"] = {**(settings.get("policy_kwargs") or {}), **own}
        seed = self.streams.number("framework")
        try:
            return library_class(policy, self._lanes(), gamma=self.config.discount, seed=seed, **settings)
        except TypeError as error:
            raise ValueError(f"{self.algorithm} does not take these `settings`: {error}.") from error

    def _policy(self) -> str:
        from stable_baselines3.common.preprocessing import is_image_space

        space = self.env.observation_space
        # The convolutions of its CnnPolicy are those of Mnih et al., too.
        large = is_image_space(space) and fits_nature(space.shape or ())
        return "CnnPolicy" if large else "MlpPolicy"

    def _lanes(self) -> Any:
        """What SB3 steps: the environment itself, or several made like it."""
        if self.config.lanes == 1:
            return self.env
        spec = spec_of(self.env, self.config.lanes)
        from stable_baselines3.common.env_util import make_vec_env

        try:
            return make_vec_env(partial(gym.make, spec), n_envs=self.config.lanes)
        except (ValueError, gym.error.Error) as error:
            raise not_again(error) from error

    @property
    def metrics(self) -> dict[str, float]:
        """What SB3 has logged since it last wrote its log, by its own names."""
        return self.logged

    def _learn(self, reporter: Reporter) -> None:
        from rlenvs_agents.sb3.bridge import Bridge

        if reporter.end <= self.num_timesteps:
            reporter.conclude()
            return
        self.schedule_steps = self.schedule_steps or reporter.schedule_steps
        with self._globals.lent():
            steps = reporter.end - self.num_timesteps
            self.model.learn(steps, callback=Bridge(self, reporter), reset_num_timesteps=self.num_timesteps == 0)

    def _best(self, observations: NDArray[Any], masks: BoolArray | None) -> IntArray:
        return self._predicted(observations, masks, deterministic=True)

    def _sampled(self, observations: NDArray[Any], masks: BoolArray | None) -> IntArray:
        with self._globals.lent():
            return self._predicted(observations, masks, deterministic=False)

    def _predicted(self, observations: NDArray[Any], masks: BoolArray | None, *, deterministic: bool) -> IntArray:  # noqa: ARG002  # MaskablePPO reads them
        actions, _ = self.model.predict(observations, deterministic=deterministic)
        return np.asarray(actions, dtype=np.int64)

    def _saved(self) -> Saved:
        saved = super()._saved()
        saved.progress["schedule_steps"] = self.schedule_steps
        return saved

    def _write_more(self, folder: Path) -> None:
        from stable_baselines3.common.save_util import save_to_zip_file

        # Weights and optimiser alone: what `model.save` adds are pickled objects.
        save_to_zip_file(folder / MODEL, params=self.model.get_parameters())

    def _restore(self, saved: Saved) -> None:
        super()._restore(saved)
        self.schedule_steps = saved.progress["schedule_steps"]
        if saved.folder is None or not (saved.folder / MODEL).is_file():
            raise ValueError(f"{saved.folder} is damaged: it lacks {MODEL}.")
        with self._globals.lent():
            self.model.set_parameters(str(saved.folder / MODEL), device="cpu")
            self.model.num_timesteps = self.num_timesteps


class SB3DQN(SB3Agent):
    """DQN (Mnih et al., 2015)."""

    algorithm = "sb3-dqn"
    source = ("stable_baselines3", "DQN")


class SB3PPO(SB3Agent):
    """PPO (Schulman et al., 2017)."""

    algorithm = "sb3-ppo"
    source = ("stable_baselines3", "PPO")


class SB3A2C(SB3Agent):
    """A2C (Mnih et al., 2016)."""

    algorithm = "sb3-a2c"
    source = ("stable_baselines3", "A2C")


class SB3QRDQN(SB3Agent):
    """QR-DQN (Dabney et al., 2018)."""

    algorithm = "sb3-qrdqn"
    source = ("sb3_contrib", "QRDQN")


class SB3MaskablePPO(SB3Agent):
    """PPO that draws among the possible actions alone (Huang and Ontañón, 2022)."""

    algorithm = "sb3-maskable-ppo"
    source = ("sb3_contrib", "MaskablePPO")

    def _made(self, library_class: Any) -> Any:
        if not hasattr(self.env.unwrapped, "action_masks"):
            raise TypeError("`env` must have `action_masks()` for sb3-maskable-ppo; sb3-ppo does without.")
        return super()._made(library_class)

    def _predicted(self, observations: NDArray[Any], masks: BoolArray | None, *, deterministic: bool) -> IntArray:
        actions, _ = self.model.predict(observations, deterministic=deterministic, action_masks=masks)
        return np.asarray(actions, dtype=np.int64)
