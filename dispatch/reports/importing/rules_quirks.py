"""What is odd in a file that was read, counted: shown, never mended. Pure."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Final

import polars as pl

from dispatch.reports.importing.states import ORDER, Count, Mapping

_ENOUGH: Final = 500
_NIGHT: Final = range(22, 24 + 7)
"""The six quietest hours of a day begin within these, wherever people live."""
_WINDOW: Final = 6


class Oddities:
    """Counts of the rows that were taken, which come in parts: all rows of an incident in the same one."""

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self._asked = _asked(mapping)
        self._found: Counter[str] = Counter()
        self._hours: Counter[int] = Counter()
        self._split: Counter[str | None] = Counter()
        self._transports: Counter[str | None] = Counter()
        self.rows = self.incidents = self._several = 0

    def add(self, rows: pl.DataFrame) -> None:
        """Count a part (see `rules_rows`)."""
        self.rows += rows.height
        self._found.update(
            rows.select(value.sum().alias(code) for code, (_, value) in self._asked.items()).row(0, named=True)
        )
        met = rows.group_by("incident").agg(pl.len(), pl.col("t0").min())
        self.incidents += met.height
        self._several += met.filter(pl.col("len") > 1).height
        local = met["t0"].dt.convert_time_zone(self._mapping.zone).dt.hour()
        self._hours.update(dict(local.value_counts().iter_rows()))
        if "organisation" in self._mapping.named:
            split = rows.group_by("organisation").agg(pl.len(), pl.col("t8").is_not_null().sum().alias("transports"))
            for organisation, count, carried in split.iter_rows():
                self._split[organisation] += count
                self._transports[organisation] += carried

    def counts(self) -> tuple[Count, ...]:
        """Every count, of all parts together."""
        made = [Count("several_units", "incidents to which several rows belong", self._several, self.incidents)]
        made += [Count(code, about, self._found[code], self.rows) for code, (about, _) in self._asked.items()]
        transports = self._transports.total()
        for organisation in sorted(self._split, key=lambda one: (one is not None, one)):
            count, carried = self._split[organisation], self._transports[organisation]
            made.append(Count(f"organisation.{organisation}", f"rows of {organisation}", count, self.rows))
            if transports:
                made.append(Count(f"transports.{organisation}", f"transports by {organisation}", carried, transports))
        return tuple(made)

    def warnings(self) -> tuple[str, ...]:
        """What a person should look at: whether calls are fewest by night, as they are wherever the zone is right."""
        if self._hours.total() < _ENOUGH:
            return ()
        quiet = min(range(24), key=lambda hour: sum(self._hours[(hour + step) % 24] for step in range(_WINDOW)))
        if quiet in {hour % 24 for hour in _NIGHT}:
            return ()
        zone = self._mapping.zone
        told = (
            f"Calls are fewest from {quiet:02d}:00 to {(quiet + _WINDOW) % 24:02d}:00 of {zone}: "
            "look whether the mapping's zone is the file's."
        )
        return (told,)


def _asked(mapping: Mapping) -> dict[str, tuple[str, pl.Expr]]:
    times = [point for point in ORDER if point in mapping.times]
    local = [pl.col(point).dt.convert_time_zone(mapping.zone).dt.date() for point in times]
    asked: dict[str, tuple[str, pl.Expr]] = {
        f"missing.{point}": (f"{mapping.times[point]} is empty", pl.col(point).is_null()) for point in mapping.times
    }
    asked |= {
        f"order.{later}_{earlier}": (
            f"{mapping.times[later]} lies before {mapping.times[earlier]}",
            (pl.col(later) < pl.col(earlier)).fill_null(value=False),
        )
        for earlier, later in pairwise(times)
    }
    asked["midnight"] = (
        "from first to last time, the day changes", pl.min_horizontal(local) != pl.max_horizontal(local)
    )  # fmt: skip
    asked["clock_twice"] = ("a time that the clock showed twice that night; the earlier one was taken", pl.col("twice"))
    if "point" in mapping.columns or "lat" in mapping.columns:
        asked["no_place"] = ("no place that can be read", pl.col("lat").is_null())
    asked |= {watch.code: (watch.about, pl.col(f"watch_{watch.code}")) for watch in mapping.watches}
    return asked
