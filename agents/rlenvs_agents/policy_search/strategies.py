"""Three ways of searching: propose policies as rows of numbers, then learn from how well each did."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rlenvs_agents.configs import check_number, check_whole, part

Weights = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Standing:
    """Where a search stands."""

    best: Weights  # (P,) the policy to play
    best_score: float  # its mean return when it was judged; minus infinity before the first judgement
    survivors: Weights  # (k, P) what the next proposals come from; k may be 0
    spread: float  # standard deviation of the next changes


class Strategy(Protocol):
    """A way of searching; it holds settings and no state."""

    @property
    def spread(self) -> float:
        """Standard deviation of the first changes."""

    def propose(self, standing: Standing, generator: np.random.Generator) -> Weights:
        """Policies to be judged, (n, P)."""

    def learn(self, standing: Standing, proposals: Weights, scores: Weights) -> Standing:
        """Where the search stands after its proposals (n, P) have got their scores (n,)."""


@part("random-search")
@dataclass(frozen=True)
class RandomSearch:
    """Draws policies that have nothing to do with each other, and keeps the best.

    Args:
        spread: standard deviation of the weights.
    """

    spread: float = 1.0

    def __post_init__(self) -> None:
        check_number("spread", self.spread, 1e-12)

    def propose(self, standing: Standing, generator: np.random.Generator) -> Weights:
        """One policy."""
        return self.spread * generator.standard_normal((1, standing.best.size))

    def learn(self, standing: Standing, proposals: Weights, scores: Weights) -> Standing:
        """The better of the old one and the new one."""
        if scores[0] <= standing.best_score:
            return standing
        return replace(standing, best=proposals[0], best_score=float(scores[0]))


@part("hill-climbing")
@dataclass(frozen=True)
class HillClimbing:
    """Changes the best policy, less and less while that helps, more and more while it does not.

    Args:
        spread: standard deviation of the first change.
        least: the smallest one.
        most: the largest one.
    """

    spread: float = 1.0
    least: float = 1e-3
    most: float = 2.0

    def __post_init__(self) -> None:
        check_number("least", self.least, 1e-12)
        check_number("spread", self.spread, self.least)
        check_number("most", self.most, self.spread)

    def propose(self, standing: Standing, generator: np.random.Generator) -> Weights:
        """The best policy, changed."""
        return standing.best + standing.spread * generator.standard_normal((1, standing.best.size))

    def learn(self, standing: Standing, proposals: Weights, scores: Weights) -> Standing:
        """Equally good is taken: a plain is crossed that way."""
        if scores[0] < standing.best_score:
            return replace(standing, spread=min(2 * standing.spread, self.most))
        spread = max(standing.spread / 2, self.least)
        return replace(standing, best=proposals[0], best_score=float(scores[0]), spread=spread)


@part("genetic")
@dataclass(frozen=True)
class Genetic:
    """A population of which the worst are dropped and the others have varied offspring.

    Args:
        population: policies in a generation.
        dropped: how many of them have no place in the next one.
        offspring: of each survivor; survivors and offspring together are a population.
        spread: standard deviation of the weights of the first generation, and of the changes.

    Raises:
        ValueError: if survivors and offspring do not make up a population.
    """

    population: int = 100
    dropped: int = 80
    offspring: int = 4
    spread: float = 0.5

    def __post_init__(self) -> None:
        check_whole("population", self.population, 2)
        check_whole("dropped", self.dropped)
        check_whole("offspring", self.offspring)
        check_number("spread", self.spread, 1e-12)
        kept = self.population - self.dropped
        if kept * (1 + self.offspring) != self.population:
            raise ValueError(
                f"`population` must be (population − dropped) · (1 + offspring), got {self.population}, "
                f"{self.dropped} and {self.offspring}: {kept} survivors with {self.offspring} offspring each "
                f"are {kept * (1 + self.offspring)}."
            )

    def propose(self, standing: Standing, generator: np.random.Generator) -> Weights:
        """A generation: the survivors first, then their offspring."""
        if not len(standing.survivors):
            return self.spread * generator.standard_normal((self.population, standing.best.size))
        offspring = np.repeat(standing.survivors, self.offspring, axis=0)
        changes = self.spread * generator.standard_normal(offspring.shape)
        return np.concatenate([standing.survivors, offspring + changes])

    def learn(self, standing: Standing, proposals: Weights, scores: Weights) -> Standing:
        """The best survive; of equally good ones the older."""
        order = np.argsort(-scores, kind="stable")[: self.population - self.dropped]
        survivors = proposals[order]
        return replace(standing, survivors=survivors, best=survivors[0], best_score=float(scores[order[0]]))
