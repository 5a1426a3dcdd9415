"""Between SB3's callbacks and ours."""

from __future__ import annotations

from typing import Any

from stable_baselines3.common.callbacks import BaseCallback

from rlenvs_agents.reporting import Reporter


class Bridge(BaseCallback):
    """Keeps a reporter's appointments from within ``model.learn``.

    It ends learning at the very step that was asked for: SB3 alone would finish the rollout that it has begun, and use
    more steps than the others have.

    Args:
        agent: the agent around the model.
        reporter: of this call of ``learn``.
    """

    def __init__(self, agent: Any, reporter: Reporter) -> None:
        super().__init__()
        self._agent = agent
        self._reporter = reporter
        self._next_stop = reporter.next_stop

    def _on_step(self) -> bool:
        agent = self._agent
        agent.num_timesteps = self.model.num_timesteps
        for info in self.locals.get("infos", ()):
            if "episode" in info:
                agent.episodes.add(float(info["episode"]["r"]), int(info["episode"]["l"]))
        if agent.num_timesteps < self._next_stop:
            return True
        agent.logged = {
            name: float(value)
            for name, value in self.model.logger.name_to_value.items()
            if isinstance(value, (int, float))
        }
        over = self._reporter.report()
        if not over:
            self._next_stop = self._reporter.next_stop
        return not over
