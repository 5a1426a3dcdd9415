"""Between SB3's callbacks and ours."""

from __future__ import annotations

from typing import Any

from stable_baselines3.common.callbacks import BaseCallback

from rlenvs_agents.reporting import Reporter


class Bridge(BaseCallback):
    """Keeps a reporter's appointments from within ``model.learn``.

    It ends learning at the very step that was asked for, of several lanes with that round: SB3 alone would finish the
    rollout that it has begun, and use more steps than the others have.

    Args:
        agent: the agent around the model.
        reporter: of this call of ``learn``.
    """

    def __init__(self, agent: Any, reporter: Reporter) -> None:
        super().__init__()
        self._agent = agent
        self._reporter = reporter
        self._next_stop = reporter.next_stop
        self._games: dict[int, tuple[float, int]] = {}  # return and length so far, by lane

    def _on_step(self) -> bool:
        agent, made = self._agent, self.model.num_timesteps
        for lane, info in enumerate(self.locals.get("infos", ())):
            self._hear(lane, info)
        over = False
        if made >= self._next_stop:
            agent.logged = self._logged()
        # A round of several lanes may pass appointments: they are kept one by one, each at its own step.
        while made >= self._next_stop and not over:
            agent.num_timesteps = self._next_stop
            over = self._reporter.report()
            self._next_stop = self._reporter.next_stop
        agent.num_timesteps = made
        return not over

    def _logged(self) -> dict[str, float]:
        figures = self.model.logger.name_to_value
        return {name: float(value) for name, value in figures.items() if isinstance(value, (int, float))}

    def _hear(self, lane: int, info: dict[str, Any]) -> None:
        """Count the episodes that end; of a game that goes on after a lost life, only its end.

        SB3's Monitor is the outermost wrapper, and knows neither the game nor rewards before they were clipped.
        """
        if "game_over" not in info:
            if "episode" in info:
                self._agent.episodes.add(float(info["episode"]["r"]), int(info["episode"]["l"]))
            return
        total, length = self._games.get(lane, (0.0, 0))
        total, length = total + float(info.get("raw_reward", 0.0)), length + 1
        self._games[lane] = (total, length)
        if info["game_over"]:
            self._agent.episodes.add(total, length)
            del self._games[lane]
