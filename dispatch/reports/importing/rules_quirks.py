"""What is odd in a file that was read, counted: shown, never mended. Pure."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import polars as pl

from dispatch.reports.importing.states import ORDER, Count, Mapping

_ENOUGH: Final = 500
_NIGHT: Final = range(22, 24 + 7)
"""The six quietest hours of a day begin within these, wherever people live."""
_WINDOW: Final = 6


def quirks_of(rows: pl.LazyFrame, mapping: Mapping) -> tuple[Count, ...]:
    """Count what is odd in the rows that were taken (see `rules_rows`)."""
    total, incidents = rows.select(pl.len(), pl.col("incident").n_unique()).collect(engine="streaming").row(0)
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
    found = (
        rows.select(value.sum().alias(code) for code, (_, value) in asked.items())
        .collect(engine="streaming")
        .row(0, named=True)
    )
    counts = [Count(code, about, found[code], total) for code, (about, _) in asked.items()]
    per = rows.group_by("incident").len().select((pl.col("len") > 1).sum()).collect(engine="streaming").item()
    counts.insert(0, Count("several_units", "incidents to which several rows belong", per, incidents))
    counts += _organisations(rows, mapping, total)
    return tuple(counts)


def _organisations(rows: pl.LazyFrame, mapping: Mapping, total: int) -> list[Count]:
    if "organisation" not in mapping.named:
        return []
    transported = pl.col("t8").is_not_null()
    split = (
        rows.group_by("organisation")
        .agg(pl.len(), transported.sum().alias("transports"))
        .sort("organisation")
        .collect(engine="streaming")
    )
    transports = int(split["transports"].sum())
    made = []
    for organisation, count, carried in split.iter_rows():
        made.append(Count(f"organisation.{organisation}", f"rows of {organisation}", count, total))
        if transports:
            made.append(Count(f"transports.{organisation}", f"transports by {organisation}", carried, transports))
    return made


def warnings_of(rows: pl.LazyFrame, mapping: Mapping) -> tuple[str, ...]:
    """Say what a person should look at: whether calls are fewest by night, as they are wherever the zone is right."""
    hours = (
        rows.group_by("incident")
        .agg(pl.col("t0").min())
        .select(pl.col("t0").dt.convert_time_zone(mapping.zone).dt.hour().alias("hour"))
        .group_by("hour")
        .len()
        .collect(engine="streaming")
    )
    counts = dict(hours.iter_rows())
    if sum(counts.values()) < _ENOUGH:
        return ()
    quiet = min(range(24), key=lambda hour: sum(counts.get((hour + step) % 24, 0) for step in range(_WINDOW)))
    if quiet in {hour % 24 for hour in _NIGHT}:
        return ()
    told = (
        f"Calls are fewest from {quiet:02d}:00 to {(quiet + _WINDOW) % 24:02d}:00 of {mapping.zone}: "
        "look whether the mapping's zone is the file's."
    )
    return (told,)
