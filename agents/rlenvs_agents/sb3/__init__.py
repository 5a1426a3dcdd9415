"""Stable-Baselines3's algorithms under the protocol of the others. PyTorch is imported when an agent is made."""

from rlenvs_agents.sb3.agents import SB3A2C, SB3DQN, SB3PPO, SB3QRDQN, SB3Config, SB3MaskablePPO

__all__ = ["SB3A2C", "SB3DQN", "SB3PPO", "SB3QRDQN", "SB3Config", "SB3MaskablePPO"]
