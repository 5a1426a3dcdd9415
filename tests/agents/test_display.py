"""Progress where there is no terminal; with one, rich draws it."""

from rlenvs_agents.comparison.plan import Job
from rlenvs_agents.comparison.run import Run
from rlenvs_agents.display import ComparisonDisplay, TrainingDisplay


def test_a_line_now_and_then_with_the_time_left_and_the_latest_figures(capsys) -> None:
    now = [0.0]
    with TrainingDisplay("dqn on Snake", clock=lambda: now[0]) as display:
        for second in range(1, 41):
            now[0] = float(second)
            display.write(second, {"rollout/ep_rew_mean": 1.23456, "train/loss": None, "time/fps": 3.0})
            display(second * 100, 10_000)
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [
        "dqn on Snake: 1,000 of 10,000 steps, return 1.235",
        "dqn on Snake: 2,000 of 10,000 steps, about 80 s left, return 1.235",
        "dqn on Snake: 3,000 of 10,000 steps, about 70 s left, return 1.235",
        "dqn on Snake: 4,000 of 10,000 steps, about 60 s left, return 1.235",
    ]


def test_figures_that_are_not_written_every_time_stay(capsys) -> None:
    now = [0.0]
    with TrainingDisplay("dqn on Pong", clock=lambda: now[0]) as display:
        display.write(1, {"rollout/ep_rew_mean": -20.0, "train/loss": 0.5})
        display.write(1, {"eval/mean_reward": -15.0, "eval/mean_ep_length": 9.0})
        display.write(2, {"rollout/ep_rew_mean": -19.0, "train/loss": None})
        now[0] = 11.0
        display(500, 10_000)
    assert capsys.readouterr().err == "dqn on Pong: 500 of 10,000 steps, return -19, loss 0.5, evaluated -15\n"


def test_a_short_run_is_silent(capsys) -> None:
    with TrainingDisplay("q-learning") as display:
        display(10, 10)
    assert capsys.readouterr() == ("", "")


def test_a_comparison_tells_of_each_run_and_counts_the_good_ones(capsys) -> None:
    jobs = [Job("Grid", "q-learning", 0), Job("Grid", "dqn", 0)]
    with ComparisonDisplay() as display:
        display.planned(jobs, 100)
        display.progressed(jobs[0], 50)
        display.finished(Run(job=jobs[0], seconds=1.25))
        display.finished(Run(job=jobs[1], error="RuntimeError: broke"))
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("q-learning on Grid, seed 0: 1.2 s (1 of 2 runs, ")
    assert lines[1].startswith("dqn on Grid, seed 0: failed: RuntimeError: broke (2 of 2 runs, ")
