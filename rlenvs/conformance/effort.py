"""How much to do in a quick run and in a full one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    """How much to do: calls and seconds of the survey, calls and seconds of one replay, child processes."""

    survey_calls: int
    survey_seconds: float
    replay_calls: int
    replay_seconds: float
    processes: int
    total_seconds: float


QUICK = Effort(3000, 1.0, 1500, 0.4, 3, 25.0)
FULL = Effort(20_000, 6.0, 4000, 1.5, 6, 80.0)
