"""Trials are paid for: never more steps than the task has, whatever the episodes turn out to be."""

from types import SimpleNamespace

import pytest

from rlenvs_agents.reproduce import trials
from rlenvs_agents.reproduce.trials import CART_POLE, LUNAR_LANDER, Trials


class Judge:
    """Plays as many steps, and finds as good, as it is told."""

    def __init__(self, lengths, score) -> None:
        self.lengths, self.score, self.steps, self.asked = iter(lengths), score, 0, 0

    def __call__(self, agent) -> float:
        self.asked += 1
        self.steps += next(self.lengths)
        return self.score(self.asked)


def lived(task, length, score, monkeypatch):
    """Training until the trials say stop, or until it has all steps it may have."""
    judge = Judge([length] * 100, score)
    monkeypatch.setattr(trials, "GreedyEpisodes", lambda env, episodes: judge)
    watch = Trials(task, None)
    for step in range(0, (task.training or task.steps) + 1, task.look):
        over = watch(SimpleNamespace(step=step, policy=SimpleNamespace(weights=step), mean_return=None))
        assert step + judge.steps <= task.steps
        if over:
            break
    return step, judge, watch


@pytest.mark.parametrize("task", [CART_POLE, LUNAR_LANDER])
@pytest.mark.parametrize("part", [0.01, 0.3, 1.0])
def test_the_budget_is_kept(task, part, monkeypatch) -> None:
    longest = task.trials * task.longest
    step, judge, watch = lived(task, int(part * longest), lambda n: float(n), monkeypatch)
    assert judge.asked >= 2
    assert step >= task.training
    if task.training:
        assert step == task.training
    else:
        assert task.steps - step - judge.steps < task.look
    assert watch.best.best_return == judge.asked  # the scores rise, so the last row is the best


def test_the_rows_begin_where_the_task_says(monkeypatch) -> None:
    seen = []
    lived(LUNAR_LANDER, 10, lambda n: seen.append(n) or 0.0, monkeypatch)
    assert len(seen) == 6  # at 60, 65, 70, 75, 80 and 85 thousand
    step, judge, watch = lived(CART_POLE, 3000, lambda n: 500.0 if n == 3 else 9.0, monkeypatch)
    assert (step, judge.asked, watch.best.step) == (7500, 3, 7500)
