"""How an agent's score is measured."""

from __future__ import annotations

from dataclasses import dataclass

from rlenvs_agents.configs import check_number, check_whole, settle

EPISODES = 100


@dataclass(frozen=True, kw_only=True)
class Scoring:
    """The protocol of an evaluation; episode i begins with seed i.

    Args:
        episodes: how many are played.
        epsilon: the probability of a uniformly random action instead of the best one, at each step. Where nothing else
            is random, 0 would play the same episode again and again (Machado et al., 2018, section 4).
    """

    episodes: int = EPISODES
    epsilon: float = 0.0

    def __post_init__(self) -> None:
        check_whole("episodes", self.episodes)
        settle(self, epsilon=check_number("epsilon", self.epsilon, 0, 1))
