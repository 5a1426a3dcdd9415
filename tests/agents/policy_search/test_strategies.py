"""Searching: proposals and what is learned from them, by hand."""

import numpy as np
import pytest

from rlenvs_agents.policy_search.strategies import Genetic, HillClimbing, RandomSearch, Standing


def standing(best=(0.0, 0.0), score=-np.inf, survivors=None, spread=1.0):
    kept = np.empty((0, len(best))) if survivors is None else np.array(survivors, dtype=float)
    return Standing(best=np.array(best), best_score=score, survivors=kept, spread=spread)


def generator():
    return np.random.default_rng(0)


def test_random_search_keeps_the_better():
    before = standing(score=3.0)
    worse = RandomSearch().learn(before, np.array([[5.0, 6.0]]), np.array([3.0]))
    assert worse is before
    better = RandomSearch().learn(before, np.array([[5.0, 6.0]]), np.array([3.5]))
    assert better.best.tolist() == [5.0, 6.0]
    assert better.best_score == 3.5


def test_random_search_ignores_the_best():
    far = standing(best=(1e9, 1e9))
    assert np.abs(RandomSearch(2.0).propose(far, generator())).max() < 100


def test_hill_climbing_narrows_when_it_helps_and_widens_when_not():
    strategy = HillClimbing(spread=1.0, least=0.4, most=1.5)
    up = strategy.learn(standing(score=3.0), np.array([[5.0, 6.0]]), np.array([3.0]))
    assert (up.best.tolist(), up.spread) == ([5.0, 6.0], 0.5)
    assert strategy.learn(up, np.array([[7.0, 7.0]]), np.array([9.0])).spread == 0.4
    down = strategy.learn(standing(score=3.0), np.array([[5.0, 6.0]]), np.array([2.0]))
    assert (down.best.tolist(), down.best_score, down.spread) == ([0.0, 0.0], 3.0, 1.5)


def test_hill_climbing_stays_near_the_best():
    proposal = HillClimbing(spread=0.01).propose(standing(best=(7.0, -7.0), spread=0.01), generator())
    np.testing.assert_allclose(proposal, [[7.0, -7.0]], atol=0.1)


def test_genetic_generation_is_survivors_then_their_offspring():
    strategy = Genetic(population=6, dropped=4, offspring=2, spread=0.01)
    generation = strategy.propose(standing(survivors=[[1.0, 1.0], [5.0, 5.0]]), generator())
    assert generation.shape == (6, 2)
    assert generation[:2].tolist() == [[1.0, 1.0], [5.0, 5.0]]
    np.testing.assert_allclose(generation[2:], [[1, 1], [1, 1], [5, 5], [5, 5]], atol=0.1)
    assert (generation[2:] != [[1, 1], [1, 1], [5, 5], [5, 5]]).all()


def test_genetic_drops_the_worst_and_prefers_the_older_of_equals():
    strategy = Genetic(population=6, dropped=4, offspring=2)
    proposals = np.arange(12.0).reshape(6, 2)
    after = strategy.learn(standing(), proposals, np.array([1.0, 9.0, 4.0, 9.0, 2.0, 3.0]))
    assert after.survivors.tolist() == [[2.0, 3.0], [6.0, 7.0]]
    assert after.best.tolist() == [2.0, 3.0]
    assert after.best_score == 9.0


def test_genetic_first_generation_and_the_published_numbers():
    strategy = Genetic()
    assert (strategy.population, strategy.dropped, strategy.offspring) == (100, 80, 4)
    assert strategy.propose(standing(), generator()).shape == (100, 2)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Genetic(population=100, dropped=70, offspring=4), "30 survivors with 4 offspring each are 150"),
        (lambda: Genetic(dropped=100), "`population` must be"),
        (lambda: HillClimbing(spread=5.0), "`most`"),
        (lambda: HillClimbing(spread=1e-4), "`spread`"),
        (lambda: RandomSearch(spread=0.0), "`spread`"),
    ],
)
def test_refuses(make, words):
    with pytest.raises(ValueError, match=words):
        make()
