"""A Gymnasium vector environment as SB3 wants to see it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from numpy.typing import NDArray
from stable_baselines3.common.monitor import Monitor
from stable_baselines3.common.vec_env import VecEnv

Infos = list[dict[str, Any]]


def sb3_vec_env(
    env: str | VectorEnv[Any, Any, Any], n_envs: int = 1, *, seed: int | None = None, **arguments: Any
) -> VecEnv:
    """An SB3 ``VecEnv`` over a Gymnasium vector environment.

    Step for step it gives what SB3's ``make_vec_env`` gives over single environments, monitors included: lane ``i`` is
    seeded with ``seed + i``, ``terminal_observation``, ``TimeLimit.truncated`` (truncated and not terminated) and
    ``episode`` (return, length, seconds) stand in the infos.

    Args:
        env: an id, or a vector environment whose autoreset mode is SAME_STEP.
        n_envs: the number of lanes, for an id.
        seed: of the first reset.
        arguments: for ``gym.make_vec``, for an id.

    Raises:
        ValueError: if the autoreset mode is another one.
        TypeError: if it is no vector environment.
    """
    if isinstance(env, str):
        env = gym.make_vec(env, num_envs=n_envs, autoreset_mode=AutoresetMode.SAME_STEP, **arguments)
    venv = LanesVecEnv(env)
    if seed is not None:
        venv.seed(seed)
    return venv


class LanesVecEnv(VecEnv):
    """See :func:`sb3_vec_env`."""

    def __init__(self, env: VectorEnv[Any, Any, Any]) -> None:
        if not isinstance(env, VectorEnv):
            raise TypeError(f"`env` must be an id or a gymnasium.vector.VectorEnv, got {env!r}.")
        mode = env.metadata.get("autoreset_mode")
        if mode is not AutoresetMode.SAME_STEP:
            raise ValueError(
                "`env` must reset in the step in which an episode ends, as SB3 expects; make it with "
                f"autoreset_mode=AutoresetMode.SAME_STEP, got {mode!r}."
            )
        self.env = env
        super().__init__(env.num_envs, env.single_observation_space, env.single_action_space)
        self.metadata = env.metadata
        self._actions: NDArray[Any] = np.zeros(env.num_envs, dtype=np.int64)
        self._returns = np.zeros(env.num_envs)
        self._lengths = np.zeros(env.num_envs, dtype=np.int64)
        self._began = time.time()

    def reset(self) -> Any:
        """Start all episodes, with the seeds given to :meth:`seed` the first time."""
        observations, infos = self.env.reset(seed=list(self._seeds), options=self._options[0] or None)  # type: ignore[arg-type]
        self.reset_infos = _by_lane(infos, self.num_envs)
        self._reset_seeds()
        self._reset_options()
        self._returns[:] = 0.0
        self._lengths[:] = 0
        return observations

    def step_async(self, actions: NDArray[Any]) -> None:
        """Note the actions."""
        self._actions = actions

    def step_wait(self) -> tuple[Any, NDArray[np.float32], NDArray[np.bool_], Infos]:
        """Take them."""
        observations, rewards, terminated, truncated, infos = self.env.step(self._actions)
        self._returns += rewards
        self._lengths += 1
        done = terminated | truncated
        lanes = _by_lane(infos, self.num_envs)
        for info, cut in zip(lanes, (truncated & ~terminated).tolist(), strict=True):
            info["TimeLimit.truncated"] = cut
        if done.any():
            self._end(np.flatnonzero(done).tolist(), lanes, infos)
        return observations, rewards.astype(np.float32), done, lanes

    def _end(self, ended: list[int], lanes: Infos, infos: dict[str, Any]) -> None:
        """Put what is known of the ended episodes into the infos; what was there belongs to the next ones."""
        last = _by_lane(infos["final_info"], self.num_envs)
        seconds = round(time.time() - self._began, 6)
        for lane in ended:
            cut = lanes[lane].pop("TimeLimit.truncated")
            self.reset_infos[lane] = lanes[lane]
            lanes[lane] = {
                **last[lane],
                "TimeLimit.truncated": cut,
                "terminal_observation": infos["final_obs"][lane],
                "episode": {"r": round(float(self._returns[lane]), 6), "l": int(self._lengths[lane]), "t": seconds},
            }
        self._returns[ended] = 0.0
        self._lengths[ended] = 0

    def close(self) -> None:
        """Close the environment."""
        self.env.close()

    def get_images(self) -> Sequence[NDArray[np.uint8] | None]:
        """The picture of every lane."""
        frames: Any = self.env.render()
        return list(frames or ())

    def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:
        """An attribute of the lanes."""
        if attr_name == "render_mode":
            return [self.env.render_mode] * self.num_envs
        return self._of(self.env.get_attr(attr_name), indices)  # type: ignore[attr-defined]  # all but the base class

    def set_attr(self, attr_name: str, value: Any, indices: Any = None) -> None:  # noqa: ARG002
        """Set an attribute of all lanes, where the vector environment allows it."""
        self.env.set_attr(attr_name, value)  # type: ignore[attr-defined]

    def env_method(self, method_name: str, *method_args: Any, indices: Any = None, **method_kwargs: Any) -> list[Any]:
        """Call a method for each lane."""
        if method_name == "action_masks" and hasattr(self.env.unwrapped, "action_masks"):
            return self._of(self.env.unwrapped.action_masks(), indices)
        return self._of(self.env.call(method_name, *method_args, **method_kwargs), indices)  # type: ignore[attr-defined]

    def _of(self, values: Any, indices: Any) -> list[Any]:
        return [values[lane] for lane in self._get_indices(indices)]

    def env_is_wrapped(self, wrapper_class: type[gym.Wrapper[Any, Any, Any, Any]], indices: Any = None) -> list[bool]:
        """The episodes stand in the infos as a ``Monitor`` puts them there; there is no other wrapper."""
        return [issubclass(wrapper_class, Monitor) for _ in self._get_indices(indices)]


def _by_lane(infos: dict[str, Any], n: int) -> Infos:
    """Gymnasium's infos, an array for each key, as one dictionary per lane."""
    lanes: Infos = [{} for _ in range(n)]
    for key, values in infos.items():
        if key in ("final_obs", "final_info") or key.startswith("_"):
            continue
        rows = values.tolist() if values.ndim == 1 else list(values)
        for info, row, present in zip(lanes, rows, infos[f"_{key}"].tolist(), strict=True):
            if present:
                info[key] = row
    return lanes
