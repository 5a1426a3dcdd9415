"""Intervals, interquartile means, chances to be better, and the scores that they are made of."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlenvs_agents.comparison.plan import Plan
from rlenvs_agents.comparison.run import Checkpoint, Run
from rlenvs_agents.comparison.scores import checkpoint_score, has_score, score_of, standings_of
from rlenvs_agents.comparison.statistics import improvement_of, interval, iqm, iqm_curve, iqm_of, mean_of
from rlenvs_agents.comparison.summary import scale_of

# Six runs of two algorithms in three environments, and what rliable 1.2.0 (arch 7.2.0, numpy 2.4.6, scipy 1.17.1) makes
# of them, as (value, low, high): aggregate_iqm with 50 000, probability_of_improvement with 20 000 resamples.
A = np.array(
    [
        [0.8, 0.545, 0.859],
        [0.666, 0.432, 0.751],
        [0.809, 0.701, 0.826],
        [0.707, 0.573, 0.954],
        [0.816, 0.36, 0.896],
        [0.904, 0.298, 0.831],
    ]
)
B = np.array(
    [
        [0.666, 0.292, 0.232],
        [0.653, 0.297, 0.654],
        [0.731, 0.573, 0.097],
        [0.592, 0.54, 0.623],
        [0.394, 0.454, 0.404],
        [0.538, 0.762, 0.438],
    ]
)
RLIABLE = {
    "A": [0.748, 0.7009000000000001, 0.7910999999999999],
    "B": [0.5208999999999999, 0.42110000000000003, 0.6007025000000003],
    "A better than B": [0.8240740740740741, 0.6944444444444445, 0.9444444444444445],
}


def parts(table):
    """One array per environment."""
    return list(table.T)


def close(mean, reference) -> None:
    """The value to the last digit; ends of intervals within the noise of two bootstraps (seeds are fixed)."""
    value, low, high = reference
    assert mean.mean == pytest.approx(value, abs=1e-12)
    assert mean.low == pytest.approx(low, abs=0.012)
    assert mean.high == pytest.approx(high, abs=0.012)


def test_figures_are_those_of_rliable() -> None:
    close(iqm_of(parts(A), resamples=50_000), RLIABLE["A"])
    close(iqm_of(parts(B), resamples=50_000), RLIABLE["B"])
    close(improvement_of(parts(A), parts(B), resamples=20_000), RLIABLE["A better than B"])


def test_figures_are_those_of_the_rliable_that_is_installed() -> None:
    pytest.importorskip("rliable")
    from rliable import library, metrics

    values, ends = library.get_interval_estimates(
        {"A": A, "B": B}, lambda scores: np.array([metrics.aggregate_iqm(scores)]), reps=5000
    )
    for name, table in (("A", A), ("B", B)):
        close(iqm_of(parts(table), resamples=50_000), (values[name][0], *ends[name].ravel()))
    chance = metrics.probability_of_improvement(A, B)
    assert improvement_of(parts(A), parts(B)).mean == pytest.approx(chance, abs=1e-12)


def test_the_interquartile_mean_leaves_out_a_quarter_at_either_end() -> None:
    assert iqm([0, 1, 2, 3, 4, 5, 6, 100]) == 3.5
    assert iqm([100, 1, 2]) == pytest.approx(103 / 3)  # a quarter of three is less than one: nothing is left out
    assert iqm(np.array([[1.0, 5], [2, 5], [3, 5], [400, 5]])).tolist() == [2.5, 5]


scores = st.lists(st.floats(-5, 5).map(lambda x: round(x, 2)), min_size=2, max_size=6)


@given(st.lists(st.tuples(scores, scores), min_size=1, max_size=3))
def test_chances_of_two_algorithms_add_up_to_one(pairs) -> None:
    ours, theirs = zip(*pairs, strict=True)
    there, back = improvement_of(ours, theirs, resamples=50), improvement_of(theirs, ours, resamples=50)
    assert there.mean + back.mean == pytest.approx(1)
    assert 0 <= there.low <= there.high <= 1
    assert improvement_of(ours, ours, resamples=50).mean == pytest.approx(0.5)
    counted = [np.mean([(x > y) + 0.5 * (x == y) for x in a for y in b]) for a, b in pairs]
    assert there.mean == pytest.approx(np.mean(counted))


@given(scores)
def test_intervals_hold_the_figure_and_stay_among_the_scores(one) -> None:
    found = iqm_of([one], resamples=200)
    assert min(one) - 1e-9 <= found.low <= found.high <= max(one) + 1e-9
    assert found.n == len(one)


def test_resampling_is_stratified() -> None:
    # Within each environment all runs agree: whatever is drawn anew within them is the same.
    found = iqm_of([[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]])
    assert (found.mean, found.low, found.high) == (0.5, 0.5, 0.5)


def test_missing_runs() -> None:
    assert iqm_of([]) is None
    assert iqm_of([[1.0], []]) is None
    assert improvement_of([[1.0]], [[]]) is None
    one = iqm_of([[1.0], [2.0, 3.0]])
    assert (one.mean, one.low, one.high, one.n) == (2, None, None, 3)
    assert improvement_of([[1.0]], [[0.0, 2.0]]).low is None


def test_curves_have_a_mean_and_a_band_at_every_step() -> None:
    rng = np.random.default_rng(0)
    tables = [rng.normal(size=(4, 5)), rng.normal(size=(6, 5))]
    middle, low, high = iqm_curve(tables)
    for place in range(5):
        alone = iqm_of([table[:, place] for table in tables])
        assert middle[place] == pytest.approx(alone.mean)
        assert low[place] < middle[place] < high[place]
    same = iqm_curve([tables[0][:1]])
    assert (same[0] == tables[0][0]).all()
    assert (same[1] == same[2]).all()


def test_intervals() -> None:
    assert mean_of([]) is None
    assert (mean_of([2.0]).mean, mean_of([2.0]).low, mean_of([2.0]).n) == (2, None, 1)
    same = mean_of([3.0, 3.0, 3.0])
    assert (same.low, same.high) == (3, 3)
    # Of two values the mean of a resample is either one with chance 1/4, so the 95 % interval spans both.
    two = mean_of([0.0, 1.0])
    assert (two.mean, two.low, two.high) == (0.5, 0, 1)
    low, high = interval(np.random.default_rng(0).normal(size=(100, 3)))
    assert high - low == pytest.approx(np.full(3, 2 * 1.96 / 10), rel=0.25)  # the seed is fixed: no false alarm


@pytest.mark.parametrize("env_id", ["rlenvs/GridWorld-v0", "rlenvs/MDP-v0", "rlenvs/Cliff-v0"])
def test_random_scores_nought_and_the_optimum_one(env_id) -> None:
    scale = scale_of(Plan(env_ids=(env_id,), algorithms=("q-learning",), episodes=2), env_id)
    assert has_score(scale)
    assert score_of(scale.random, scale) == 0
    assert score_of(scale.optimum, scale) == 1
    half = Checkpoint(0, None, scale.random.exact.distance / 2)
    assert checkpoint_score(half, scale) == pytest.approx(0.5)


def test_where_the_optimum_is_not_known_the_threshold_scores_one() -> None:
    scale = scale_of(Plan(env_ids=("CartPole-v1",), algorithms=("q-learning",), episodes=2), "CartPole-v1")
    assert score_of(scale.random, scale) == 0
    assert checkpoint_score(Checkpoint(0, 475.0, None), scale) == 1
    assert checkpoint_score(Checkpoint(0, None, None), scale) is None


def test_where_nothing_can_be_learned_there_is_no_score() -> None:
    plan = Plan(env_ids=("rlenvs/MarkovChain-v0",), algorithms=("q-learning", "sarsa"), episodes=2)
    scale = scale_of(plan, "rlenvs/MarkovChain-v0")
    assert not has_score(scale)
    runs = [Run(job=job, evaluation=scale.random) for job in plan.jobs]
    first, second = standings_of(plan, runs, {"rlenvs/MarkovChain-v0": scale})
    assert first.score is second.score is first.better is None
    assert (second.better.mean, second.better.low, second.better.high) == (0.5, 0.5, 0.5)
