"""Scores from tables of points: the score, or the lowest and highest it can be while something is missing. Pure."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dispatch.ecmo.states import Mode, ScoreName
from dispatch.kernel.errors import Invalid
from dispatch.kernel.figures import shipped

Answer = float | bool | str | Sequence[str]
"""What is entered for an item: a number, yes or no, one option, or several."""


@dataclass(frozen=True, slots=True)
class Bands:
    """Points of a number. starts: of each band, the lowest number in it (or just above the end before it)."""

    starts: tuple[tuple[float, int, bool], ...]
    """(number, points, whether the number itself belongs to the band)."""
    unit: str
    low: float
    high: float

    def points(self, answer: Answer) -> int:
        """Points of a number. Raises Invalid (`ecmo.value`): no number, or one that cannot be."""
        if isinstance(answer, bool) or not isinstance(answer, int | float) or not self.low <= answer <= self.high:
            raise Invalid("ecmo.value", f"A number from {self.low:g} to {self.high:g} {self.unit} is asked.")
        found = self.starts[0][1]
        for start, points, included in self.starts:
            if answer > start or (included and answer == start):
                found = points
        return found

    def all(self) -> set[int]:
        """Every number of points that there can be."""
        return {points for _, points, _ in self.starts}


@dataclass(frozen=True, slots=True)
class Options:
    """Points of one option, or of any of them added up."""

    points_of: Mapping[str, int]
    several: bool

    def points(self, answer: Answer) -> int:
        """Points of what was chosen. Raises Invalid (`ecmo.value`): an option that there is not."""
        chosen = [answer] if isinstance(answer, str) and not self.several else answer
        if isinstance(chosen, bool | int | float | str) or not set(chosen) <= set(self.points_of):
            raise Invalid("ecmo.value", f"Of these is to be chosen: {', '.join(self.points_of)}.")
        return sum(self.points_of[one] for one in set(chosen))

    def all(self) -> set[int]:
        """Every number of points that there can be."""
        if not self.several:
            return set(self.points_of.values())
        sums = {0}
        for points in self.points_of.values():
            sums |= {points + one for one in sums}
        return sums


@dataclass(frozen=True, slots=True)
class Yes:
    """Points of a yes."""

    if_yes: int

    def points(self, answer: Answer) -> int:
        """Points of the answer. Raises Invalid (`ecmo.value`): neither yes nor no."""
        if not isinstance(answer, bool):
            raise Invalid("ecmo.value", "Yes or no is asked.")
        return self.if_yes if answer else 0

    def all(self) -> set[int]:
        """Every number of points that there can be."""
        return {0, self.if_yes}


Item = Bands | Options | Yes


@dataclass(frozen=True, slots=True)
class Class:
    """A class of a score. survival: per cent at the source, 0 where it names none."""

    lowest: float
    name: str
    survival: int


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """A score of `scores.toml`."""

    name: ScoreName
    version: str
    source: str
    signed_off_by: str
    modes: frozenset[Mode]
    constant: int
    mean: bool
    classes: tuple[Class, ...]
    items: Mapping[str, Item]

    @property
    def lowest(self) -> float:
        """The lowest score there can be."""
        return self._told(sum(min(item.all()) for item in self.items.values()))

    @property
    def highest(self) -> float:
        """The highest score there can be."""
        return self._told(sum(max(item.all()) for item in self.items.values()))

    def class_of(self, score: float) -> Class | None:
        """The class of a score; None where the score has no classes."""
        return next((one for one in self.classes if score >= one.lowest), None)

    def _told(self, total: int) -> float:
        return (self.constant + total) / (len(self.items) if self.mean else 1)

    def score(self, answers: Mapping[str, Answer]) -> Score:
        """Score what is known. An item that is not in `answers` is missing: it widens the bounds, and is never zero.

        Raises Invalid (`ecmo.item`): an item that the score has not; (`ecmo.value`): an answer that cannot be.
        """
        if unknown := sorted(set(answers) - set(self.items)):
            raise Invalid("ecmo.item", f"{self.name} has no {unknown[0]}.")
        points = {name: self._points(name, answers[name]) for name in self.items if name in answers}
        missing = {name: item.all() for name, item in self.items.items() if name not in answers}
        known = sum(points.values())
        low = self._told(known + sum(map(min, missing.values())))
        high = self._told(known + sum(map(max, missing.values())))
        bounds = {name: (min(one), max(one)) for name, one in missing.items()}
        return Score(self.name, low, high, points, bounds, self.class_of(low), self.class_of(high))

    def _points(self, name: str, answer: Answer) -> int:
        try:
            return self.items[name].points(answer)
        except Invalid as refusal:
            raise Invalid(refusal.code, f"{name}: {refusal.message}") from None


@dataclass(frozen=True, slots=True)
class Score:
    """low, high: the score lies between them, both included; equal, and `complete`, when nothing is missing.

    points: of each item that is known; missing: of each other, the fewest and most points it can give. worst, best:
    the classes of both ends; None where the score has none.
    """

    name: ScoreName
    low: float
    high: float
    points: Mapping[str, int]
    missing: Mapping[str, tuple[int, int]]
    worst: Class | None
    best: Class | None

    @property
    def complete(self) -> bool:
        """Whether every item is known."""
        return not self.missing


def _item(data: Mapping[str, Any]) -> Item:
    if "yes" in data:
        return Yes(data["yes"])
    for word in ("choice", "several"):
        if word in data:
            return Options(data[word], several=word == "several")
    low, high = data["range"]
    if "from" in data:
        starts = [(float(start), points, True) for start, points in data["from"]]
        if "above" in data:
            starts.append((float(data["above"][0]), data["above"][1], False))
    else:
        ends = data["upto"]
        starts = [(-math.inf, ends[0][1], True)]
        starts += [(float(end), points, False) for (end, _), (_, points) in itertools.pairwise(ends)]
    return Bands(tuple(starts), data["unit"], float(low), float(high))


def _table(name: ScoreName, data: Mapping[str, Any]) -> ScoreTable:
    return ScoreTable(
        name=name,
        version=data["version"],
        source=data["source"],
        signed_off_by=data["signed_off_by"],
        modes=frozenset(map(Mode, data["modes"])),
        constant=data["constant"],
        mean=data.get("mean", False),
        classes=tuple(Class(float(lowest), label, survival) for lowest, label, survival in data["classes"]),
        items={key: _item(one) for key, one in data["items"].items()},
    )


SCORES: Final[Mapping[ScoreName, ScoreTable]] = {
    name: _table(name, data)
    for data_of in [shipped("dispatch.ecmo", "scores.toml")]
    for name in ScoreName
    for data in [data_of[name]]
}
"""Every score, by name."""
