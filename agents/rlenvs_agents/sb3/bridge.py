"""Between SB3's callbacks and ours."""

from __future__ import annotations

from typing import Any

from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.type_aliases import TrainFrequencyUnit

from rlenvs_agents.games import ended_in_reset, game_over, true_reward
from rlenvs_agents.reporting import Reporter


class Bridge(BaseCallback):
    """Keeps a reporter's appointments from within ``model.learn``.

    It ends learning at the very step that was asked for, of several lanes with that round: SB3 alone would finish the
    rollout that it has begun, and use more steps than the others have. Where the rollout is complete at that step, SB3
    makes the updates that belong to it before the last appointment.

    Args:
        agent: the agent around the model.
        reporter: of this call of ``learn``.
    """

    def __init__(self, agent: Any, reporter: Reporter) -> None:
        super().__init__()
        self._agent = agent
        self._reporter = reporter
        self._next_stop = reporter.next_stop
        self._rounds = self._ended = 0  # steps of all lanes, and episodes, since the rollout began
        self._over = False

    def _on_training_start(self) -> None:
        # By it SB3 knows which part of its schedules is left. It ends where the callback says so, whatever stands here.
        self.model._total_timesteps = self._agent.schedule_steps

    def _on_rollout_start(self) -> None:
        self._rounds = self._ended = 0

    def _on_step(self) -> bool:
        self._rounds += 1
        self._hear()
        self._report(wait=self._complete())
        return not self._over

    def _on_training_end(self) -> None:
        self._report(wait=False)

    def _report(self, *, wait: bool) -> None:
        """Keep what appointments are due; the last one only if it need not wait."""
        agent, made = self._agent, self.model.num_timesteps
        if made >= self._next_stop:
            agent.logged = self._logged()
        # A round of several lanes may pass appointments: they are kept one by one, each at its own step.
        while made >= self._next_stop and not self._over and not (wait and self._next_stop >= self._reporter.end):
            agent.num_timesteps = self._next_stop
            self._over = self._reporter.report()
            self._next_stop = self._reporter.next_stop
        agent.num_timesteps = made

    def _complete(self) -> bool:
        """Whether SB3 has all steps of its rollout, and learns from them now."""
        model: Any = self.model
        frequency = getattr(model, "train_freq", None)
        if frequency is None:
            return self._rounds >= int(model.n_steps)
        count = self._rounds if frequency.unit is TrainFrequencyUnit.STEP else self._ended
        return count >= int(frequency.frequency)

    def _logged(self) -> dict[str, float]:
        figures = self.model.logger.name_to_value
        return {name: float(value) for name, value in figures.items() if isinstance(value, (int, float))}

    def _hear(self) -> None:
        """Count the games that end.

        SB3's Monitor is the outermost wrapper, and knows neither games of several lives nor rewards before clipping.
        """
        unfinished: dict[int, tuple[float, int]] = self._agent.unfinished
        begun = self.training_env.unwrapped.reset_infos  # lanes that are over have been reset already
        told = zip(self.locals["infos"], self.locals["rewards"], self.locals["dones"], strict=True)
        for lane, (info, reward, over) in enumerate(told):
            self._ended += bool(over)
            total, length = unfinished.pop(lane, (0.0, 0))
            total, length = total + true_reward(info, float(reward)), length + 1
            if game_over(info, over) or (over and ended_in_reset(begun[lane])):
                self._agent.episodes.add(total, length)
            else:
                unfinished[lane] = (total, length)
