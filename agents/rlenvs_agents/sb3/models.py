"""Models that Stable-Baselines3 itself has saved: ``model.save("model.zip")``."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np

from rlenvs_agents.sb3.globals import OwnGlobals
from rlenvs_agents.sb3.loading import library

_BY_POLICY = {
    "stable_baselines3.dqn.": ("stable_baselines3", "DQN"),
    "stable_baselines3.sac.": ("stable_baselines3", "SAC"),
    "stable_baselines3.td3.": ("stable_baselines3", "TD3"),  # DDPG's too, which is a TD3 with other settings
    "sb3_contrib.qrdqn.": ("sb3_contrib", "QRDQN"),
    "sb3_contrib.tqc.": ("sb3_contrib", "TQC"),
    "sb3_contrib.ars.": ("sb3_contrib", "ARS"),
    "sb3_contrib.crossq.": ("sb3_contrib", "CrossQ"),
    "sb3_contrib.common.maskable.": ("sb3_contrib", "MaskablePPO"),
    "sb3_contrib.common.recurrent.": ("sb3_contrib", "RecurrentPPO"),
}
_BY_SETTING = {"clip_range": ("stable_baselines3", "PPO"), "cg_max_steps": ("sb3_contrib", "TRPO")}
"""Of those that share the actor-critic policies; without any of these it is A2C."""
_FOR_TRAINING = ("learning_rate", "lr_schedule", "clip_range", "exploration_schedule")
"""Functions in the file that only training needs. They are pickled, and another Python could not read them."""


def policy_of(source: str, env: gym.Env[Any, Any]) -> Any | None:
    """The policy loader for files of SB3 in the entry-point group ``rlenvs.policies``.

    Returns:
        The model; None if ``source``, with or without ``.zip``, is no such file.

    Raises:
        ImportError: if Stable-Baselines3 is missing.
        ValueError: if it is one, but cannot be loaded, or belongs to an environment with other spaces.
    """
    path = next((path for path in (Path(source), Path(f"{source}.zip")) if zipfile.is_zipfile(path)), None)
    data = None if path is None else _data(path)
    return None if path is None or data is None else load_model(path, env)


def load_model(path: str | Path, env: gym.Env[Any, Any]) -> Any:
    """Load a model, to play with.

    Such a file holds pickled objects, which can do anything when they are read: load only what you trust.

    Args:
        path: the file.
        env: the environment to play in.

    Returns:
        SB3's own object, on the CPU.

    Raises:
        ImportError: if Stable-Baselines3 or sb3-contrib is missing.
        ValueError: if the file cannot be loaded, or belongs to an environment with other spaces.
    """
    data = _data(Path(path)) if zipfile.is_zipfile(path) else None
    if data is None:
        raise ValueError(f"{path} holds no model that Stable-Baselines3 saved.")
    module, name = _algorithm(path, data)
    try:
        kind = library(module, name)
    except ImportError as error:
        raise ImportError(f'{path} needs {module}, which is not installed: pip install "rlenvs[sb3]"') from error
    unneeded = dict.fromkeys((key for key in _FOR_TRAINING if key in data), 0.0)
    with OwnGlobals().lent():  # SB3 seeds the global generators when it loads
        try:
            model = kind.load(path, device="cpu", custom_objects=unneeded)
        except Exception as error:  # whatever unpickling raises
            raise ValueError(f"{path} cannot be loaded: {error}") from error
    _check(path, model, env)
    return model


def _data(path: Path) -> Mapping[str, Any] | None:
    """The description in a file of SB3; None if it is another kind of zip file."""
    with zipfile.ZipFile(path) as archive:
        if not {"data", "policy.pth"} <= set(archive.namelist()):
            return None
        try:
            found = json.loads(archive.read("data"))
        except ValueError:
            return None
    return found if isinstance(found, dict) else None


def _algorithm(path: str | Path, data: Mapping[str, Any]) -> tuple[str, str]:
    policy = str(data.get("policy_class", {}).get("__module__", ""))
    for start, found in _BY_POLICY.items():
        if policy.startswith(start):
            return found
    if policy.startswith("stable_baselines3.common."):
        fitting = (found for setting, found in _BY_SETTING.items() if setting in data)
        return next(fitting, ("stable_baselines3", "A2C"))
    raise ValueError(
        f"{path} has a policy of its own ({policy or 'unknown'}): load the model in Python, and give it as `agent`."
    )


def _check(path: str | Path, model: Any, env: gym.Env[Any, Any]) -> None:
    """Compare spaces; SB3 turns images round so that channels come first."""
    seen, wanted = env.observation_space, model.observation_space
    turned = None
    if isinstance(seen, gym.spaces.Box) and len(seen.shape) == 3:
        low, high = (np.moveaxis(bound, -1, 0) for bound in (seen.low, seen.high))
        turned = gym.spaces.Box(low, high, dtype=seen.dtype.type)
    if wanted not in (seen, turned):
        raise ValueError(f"{path} was trained on observations {wanted}, and this environment has {seen}.")
    if model.action_space != env.action_space:
        raise ValueError(
            f"{path} was trained on actions {model.action_space}, and this environment has {env.action_space}."
        )
