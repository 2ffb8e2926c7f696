"""Of what a response was made: taking the call, giving it to another unit, leaving, the way. Pure.

Its first T6 less its T0 is cut where the unit that arrived first was told and left, so that a slow one names what was
slow in it: the stretch that is furthest over the median of the period's. Only what is told counts; a stretch whose
times are missing or in the wrong order is None, and so may be the cause.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import msgspec
import polars as pl

from dispatch.reports.rules_views import LONGEST_S, seconds

STRETCHES: Final = ("taking", "again", "leaving", "way")
Cause = Literal["taking", "again", "leaving", "way"]


class Stretches(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds of a response. cause: the stretch furthest over its median in the period; None: none is over it.

    taking_s: T0 to the first order; again_s: from there to the order of the unit that arrived first; leaving_s: T3 to
    T5 of that unit; way_s: its T5 to T6.
    """

    taking_s: int | None
    again_s: int | None
    leaving_s: int | None
    way_s: int | None
    cause: Cause | None


_CUTS: Final = {
    "taking": ("t0", "t3"),
    "again": ("t3", "run_t3"),
    "leaving": ("run_t3", "run_t5"),
    "way": ("run_t5", "run_t6"),
}


def cuts_of(incidents: pl.LazyFrame, runs: pl.LazyFrame) -> pl.LazyFrame:
    """Return `incident_id`, `at` and the seconds of each stretch, of incidents (views of the record)."""
    first = runs.select(
        pl.col("run_id").alias("first_run_id"), *(pl.col(name).alias(f"run_{name}") for name in ("t3", "t5", "t6"))
    )
    cut = incidents.select("incident_id", "at", "t0", "t3", "first_run_id").join(first, on="first_run_id", how="left")
    taken = [
        pl.when(seconds(pl.col(start), pl.col(end)).is_between(0, LONGEST_S))
        .then(seconds(pl.col(start), pl.col(end)))
        .alias(name)
        for name, (start, end) in _CUTS.items()
    ]
    return cut.select("incident_id", "at", *taken)


def stretches_of(cuts: pl.DataFrame, wanted: Sequence[str] | None = None) -> pl.DataFrame:
    """Return `incident_id`, the seconds of each stretch and `cause`. cuts: `cuts_of` of a period; wanted: only these.

    Medians are of the whole period.
    """
    medians = cuts.select(pl.col(name).median() for name in STRETCHES).row(0, named=True)
    shown = cuts if wanted is None else cuts.filter(pl.col("incident_id").is_in(list(wanted)))
    over = [(pl.col(name) - pl.lit(medians[name], pl.Float64)).fill_null(0.0) for name in STRETCHES]
    most = pl.max_horizontal(over)
    cause = pl.lit(None, pl.String)
    for name, one in zip(reversed(STRETCHES), reversed(over), strict=True):
        cause = pl.when((one == most) & (most > 0)).then(pl.lit(name)).otherwise(cause)
    return shown.with_columns(cause.alias("cause")).select("incident_id", *STRETCHES, "cause")
