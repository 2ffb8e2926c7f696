"""Plots for printed documents, as SVG text: millimetres on paper are millimetres here.

Colours are the caller's; words are those of the document's fonts. `lib.typ` sets them with `plot(svg)`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final

INK: Final = "#14181c"
FAINT: Final = "#5b6670"
HAIR: Final = "#b8c0c7"
_LEFT, _RIGHT, _TOP, _BOTTOM = 13.0, 3.0, 5.5, 7.0
"""Room for words around the field, mm."""
_TYPE: Final = 2.6


@dataclass(frozen=True, slots=True)
class Axis:
    """From `low` to `high` in the unit of the values, with marks (value, word)."""

    low: float
    high: float
    marks: Sequence[tuple[float, str]] = ()

    def share(self, value: float) -> float:
        """Where a value stands, 0 at `low`, 1 at `high`; what lies outside stands at the edge."""
        span = self.high - self.low
        return 0.0 if span <= 0 else min(1.0, max(0.0, (value - self.low) / span))


@dataclass(frozen=True, slots=True)
class Line:
    """Points (x, y) in order, joined; None: nothing is known there, and the line is broken. dots: each is marked."""

    points: Sequence[tuple[float, float] | None]
    colour: str = INK
    dots: bool = False
    width_mm: float = 0.35


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars (from, to, y) standing on the lower edge."""

    bars: Sequence[tuple[float, float, float]]
    colour: str = FAINT


@dataclass(frozen=True, slots=True)
class Ranges:
    """Strokes (x, from, to) with feet, as a blood pressure is drawn."""

    strokes: Sequence[tuple[float, float, float]]
    colour: str = INK


@dataclass(frozen=True, slots=True)
class Plot:
    """What is drawn, the first lowest. limits: dashed across; moments: (x, word) upright; gaps: (from, to) hatched."""

    width_mm: float
    height_mm: float
    x: Axis
    y: Axis
    title: str = ""
    series: Sequence[Line | Bars | Ranges] = ()
    limits: Sequence[float] = ()
    moments: Sequence[tuple[float, str]] = ()
    gaps: Sequence[tuple[float, float]] = field(default=())

    def svg(self) -> str:
        """Draw it. Linear in the points."""
        size = f'width="{self.width_mm}mm" height="{self.height_mm}mm" viewBox="0 0 {self.width_mm} {self.height_mm}"'
        drawn = [f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="Noto Sans SC" font-size="{_TYPE}">']
        drawn += [self._gap(begins, ends) for begins, ends in self.gaps]
        drawn += self._field()
        for one in self.series:
            drawn += self._series(one)
        drawn += [self._across(one, 'stroke-dasharray="1 0.8"') for one in self.limits]
        for at, word in self.moments:
            drawn.append(self._stroke(self._x(at), _TOP, self._x(at), self._y(self.y.low), FAINT, 0.2))
            drawn.append(_words(self._x(at) + 0.6, _TOP + 2.2, word, "start", FAINT))
        if self.title:
            drawn.append(_words(0.2, 2.8, self.title, "start", INK))
        return "".join([*drawn, "</svg>"])

    def _x(self, value: float) -> float:
        return _LEFT + self.x.share(value) * (self.width_mm - _LEFT - _RIGHT)

    def _y(self, value: float) -> float:
        return self.height_mm - _BOTTOM - self.y.share(value) * (self.height_mm - _TOP - _BOTTOM)

    def _field(self) -> list[str]:
        bottom = self.height_mm - _BOTTOM
        told = [self._across(at) + _words(_LEFT - 1, self._y(at) + 0.9, word, "end") for at, word in self.y.marks]
        told += [
            self._stroke(self._x(value), bottom, self._x(value), bottom + 1, FAINT, 0.2)
            + _words(self._x(value), bottom + 4, word, "middle")
            for value, word in self.x.marks
        ]
        return [*told, self._across(self.y.low)]

    def _series(self, one: Line | Bars | Ranges) -> list[str]:
        if isinstance(one, Bars):
            foot = self._y(self.y.low)
            return [
                f'<rect x="{self._x(a):.2f}" y="{self._y(y):.2f}" width="{max(0.1, self._x(b) - self._x(a)):.2f}" '
                f'height="{foot - self._y(y):.2f}" fill="{one.colour}"/>'
                for a, b, y in one.bars
            ]
        if isinstance(one, Ranges):
            return [
                self._stroke(self._x(x), self._y(a), self._x(x), self._y(b), one.colour, 0.35)
                + "".join(
                    self._stroke(self._x(x) - 0.8, self._y(y), self._x(x) + 0.8, self._y(y), one.colour, 0.35)
                    for y in (a, b)
                )
                for x, a, b in one.strokes
            ]
        places = [None if one is None else (self._x(one[0]), self._y(one[1])) for one in one.points]
        told = [f'<path d="{path(places)}" fill="none" stroke="{one.colour}" stroke-width="{one.width_mm}"/>']
        if one.dots:
            told += [f'<circle cx="{at[0]:.2f}" cy="{at[1]:.2f}" r="0.55" fill="{one.colour}"/>' for at in places if at]
        return told

    def _gap(self, begins: float, ends: float) -> str:
        """Slanting strokes over a time of which nothing is known."""
        left, right, top, bottom = self._x(begins), self._x(ends), _TOP, self._y(self.y.low)
        told, at = "", left - (bottom - top)
        while at < right:
            x1, x2 = max(at, left), min(at + bottom - top, right)
            if x2 > x1:
                told += self._stroke(x1, bottom - (x1 - at), x2, bottom - (x2 - at), HAIR, 0.15)
            at += 1.6
        return told

    def _across(self, value: float, more: str = "") -> str:
        y = self._y(value)
        return self._stroke(_LEFT, y, self.width_mm - _RIGHT, y, FAINT if more else HAIR, 0.2, more)

    @staticmethod
    def _stroke(x1: float, y1: float, x2: float, y2: float, colour: str, width: float, more: str = "") -> str:
        return (
            f'<line x1="{x1:.2f}" y1="{y1:.2f}" x2="{x2:.2f}" y2="{y2:.2f}" stroke="{colour}" '
            f'stroke-width="{width}" {more}/>'
        )


def path(places: Sequence[tuple[float, float] | None]) -> str:
    """The `d` of a line through places, lifted where there is none; a place alone is a dot's width long."""
    told: list[str] = []
    drawing = False
    for number, at in enumerate(places):
        if at is None:
            drawing = False
            continue
        told.append(f"{'L' if drawing else 'M'}{at[0]:.2f} {at[1]:.2f}")
        alone = not drawing and (number + 1 == len(places) or places[number + 1] is None)
        if alone:
            told.append("h0.2")
        drawing = True
    return "".join(told) or "M0 0"


def _words(x: float, y: float, text: str, anchor: str, colour: str = FAINT) -> str:
    return f'<text x="{x:.2f}" y="{y:.2f}" text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'
