"""Chance that repeats itself: each draw has a name, so that no draw depends on how many were made before. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from dispatch.simulation.rules_figures import Span

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Dice:
    """One seed's chances; the same name gives the same numbers in every process."""

    seed: int

    def of(self, *name: object) -> Random:
        """Return the numbers of a name."""
        return Random("/".join(map(str, (self.seed, *name))))

    def seconds(self, span: Span, *name: object) -> float:
        """Return a number of seconds between the least and the most, as likely as any other."""
        return self.of(*name).uniform(*span)

    def happens(self, share: float, *name: object) -> bool:
        """Tell whether something happens that does in this share of cases."""
        return self.of(*name).random() < share


def pick(random: Random, weights: Mapping[Key, float]) -> Key:
    """Return one of the keys by weight."""
    return random.choices(list(weights), list(weights.values()))[0]


def count(random: Random, weights: Sequence[float]) -> int:
    """Return 1, 2, … by weight."""
    return random.choices(range(1, len(weights) + 1), list(weights))[0]


def poisson(random: Random, mean: float) -> int:
    """Return how often something happens that happens `mean` times on average; the mean is less than some hundreds."""
    # Gaps between events are exponential; those that fit into the unit of time are counted.
    found, gone = 0, random.expovariate(1.0)
    while gone < mean:
        found += 1
        gone += random.expovariate(1.0)
    return found
