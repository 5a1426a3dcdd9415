"""Stable-Baselines3's algorithms under the protocol of the others. PyTorch is imported when an agent is made."""

from typing import TYPE_CHECKING, Any

from rlenvs_agents.sb3.agents import SB3A2C, SB3DQN, SB3PPO, SB3QRDQN, SB3Config, SB3MaskablePPO

if TYPE_CHECKING:
    from rlenvs_agents.sb3.vec_env import sb3_vec_env

__all__ = ["SB3A2C", "SB3DQN", "SB3PPO", "SB3QRDQN", "SB3Config", "SB3MaskablePPO", "sb3_vec_env"]


def __getattr__(name: str) -> Any:
    if name == "sb3_vec_env":  # its module imports PyTorch
        from rlenvs_agents.sb3.vec_env import sb3_vec_env

        return sb3_vec_env
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
