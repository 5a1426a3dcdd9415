"""Pearl Dive: importing this package registers the environment, and does nothing else."""

import gymnasium as gym

if "pearl_dive/PearlDive-v0" not in gym.registry:
    gym.register(
        "pearl_dive/PearlDive-v0",
        entry_point="pearl_dive.environment:PearlDive",
        vector_entry_point="pearl_dive.vector:PearlDiveVector",
        max_episode_steps=50,
    )
