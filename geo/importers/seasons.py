"""Months in which a road is closed: winter roads, summer roads, and conditional access (独库公路: `no @ (Oct-May)`).

A month counts as closed if any of its days is: a road promised on the 1st and shut on the 15th would be a wrong time.
Source: OSM wiki, Conditional restrictions, Key:seasonal, Key:winter_road, Key:ice_road.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

ALL_YEAR: Final = (1 << 12) - 1
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LENGTHS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def months(*names: str) -> int:
    """Bits of months by their English abbreviations."""
    return sum(1 << _MONTHS.index(name) for name in names)


SEASONS: Final[dict[str, int]] = {
    "spring": months("mar", "apr", "may"),
    "summer": months("jun", "jul", "aug", "sep"),
    "autumn": months("sep", "oct", "nov"),
    "fall": months("sep", "oct", "nov"),
    "winter": months("dec", "jan", "feb"),
    "wet_season": 0,
    "dry_season": 0,
}
"""Months of a season north of the equator, as a road is usable in them."""
ICE_MONTHS: Final = SEASONS["winter"]
"""When a winter road or ice road carries a vehicle for sure."""

_CONDITIONAL_KEYS: Final = (
    "access:conditional",
    "vehicle:conditional",
    "motor_vehicle:conditional",
    "motorcar:conditional",
)
SEASON_KEYS: Final = frozenset({"seasonal", "winter_road", "ice_road", "oneway:conditional", *_CONDITIONAL_KEYS})

_CLAUSE: Final = re.compile(r"([a-z_]+)\s*@\s*(?:\(([^()]*)\)|([^;()]+))")
_MONTH: Final = "(" + "|".join(_MONTHS) + r")[a-z]*\.?"
_RANGE: Final = re.compile(rf"^{_MONTH}(?:\s+([0-9]{{1,2}}))?(?:\s*[-–]\s*(?:{_MONTH})?\s*([0-9]{{1,2}})?)?$")
_CLOSED_VALUES: Final = frozenset({"no"})
_OPEN_VALUES: Final = frozenset({"yes", "permissive", "designated", "destination"})


def closed_months(tags: Mapping[str, str]) -> tuple[int, bool]:
    """Bits of the closed months (bit 0 = January), and whether some condition was not understood and left out.

    `opened_by_season` tells whether a way that is otherwise closed is open outside these months.
    """
    closed, unclear = _by_season(tags)
    for key in _CONDITIONAL_KEYS:
        for value, condition in _clauses(tags.get(key, "")):
            days = _days(condition)
            if days is None:
                unclear = True
            elif value in _CLOSED_VALUES:
                closed |= _months_touched(days)
            elif value in _OPEN_VALUES and _base_is_closed(tags):
                closed |= _months_touched(set(range(sum(_LENGTHS))) - days)
            else:
                unclear = True
        unclear |= bool(tags.get(key)) and not _clauses(tags[key])
    return closed, unclear or "oneway:conditional" in tags


def opened_by_season(tags: Mapping[str, str]) -> bool:
    """Whether a condition by months opens a way that is closed for the rest of the year."""
    return any(
        value in _OPEN_VALUES and _days(condition) is not None
        for key in _CONDITIONAL_KEYS
        for value, condition in _clauses(tags.get(key, ""))
    ) and _base_is_closed(tags)


def _base_is_closed(tags: Mapping[str, str]) -> bool:
    return any(tags.get(key.removesuffix(":conditional")) == "no" for key in _CONDITIONAL_KEYS)


def _by_season(tags: Mapping[str, str]) -> tuple[int, bool]:
    if tags.get("winter_road") in {"yes", "only"} or tags.get("ice_road") in {"yes", "only"}:
        return ALL_YEAR & ~ICE_MONTHS, False
    said = tags.get("seasonal", "no").lower()
    if said in {"no", ""}:
        return 0, False
    usable = 0
    for word in said.split(";"):
        usable |= SEASONS.get(word.strip(), 0)
    return (ALL_YEAR & ~usable, False) if usable else (0, True)


def _clauses(text: str) -> list[tuple[str, str]]:
    return [(m[1], (m[2] or m[3] or "").strip()) for m in _CLAUSE.finditer(text[:500].lower())]


def _days(condition: str) -> set[int] | None:
    """Days of a leap year (0 to 365) that a condition covers; None unless it speaks of months or seasons alone."""
    days: set[int] = set()
    for part in re.split(r"[,;]", condition):
        text = part.strip()
        if SEASONS.get(text):
            days |= {day for day in range(sum(_LENGTHS)) if SEASONS[text] >> _month_of(day) & 1}
            continue
        match = _RANGE.match(text)
        if not match:
            return None
        first_month = _MONTHS.index(match[1])
        first = sum(_LENGTHS[:first_month]) + (int(match[2]) - 1 if match[2] else 0)
        if "-" in text or "–" in text:
            last_month = _MONTHS.index(match[3]) if match[3] else first_month
            if not match[3] and not match[4]:
                return None
            last = sum(_LENGTHS[:last_month]) + (int(match[4]) if match[4] else _LENGTHS[last_month]) - 1
        else:
            last = first if match[2] else first + _LENGTHS[first_month] - 1
        year = sum(_LENGTHS)
        if not (0 <= first < year and 0 <= last < year):
            return None
        days |= set(range(first, last + 1)) if first <= last else {*range(first, year), *range(last + 1)}
    return days


def _month_of(day: int) -> int:
    for month, length in enumerate(_LENGTHS):
        if day < length:
            return month
        day -= length
    return 11


def _months_touched(days: set[int]) -> int:
    return sum(1 << month for month in {_month_of(day) for day in days})
