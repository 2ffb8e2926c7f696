"""The record table made ready for figures: strata beside every row, and which of its times can be believed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from dispatch.reports.states import ORDER, Exclusion

ZONE: Final = "Asia/Shanghai"
"""Beijing time is the legal one: hours, weekdays, days and months are of it."""
LONGEST_S: Final = 86_400
"""A longer interval is impossible."""
STRATA: Final = (
    "ground", "area_system", "same_area", "priority", "complaint", "hour", "weekday", "station", "unit_type",
    "organisation", "county",
)  # fmt: skip
"""By what figures can be split; those of an incident go with its calls, runs and patients."""
BAD_OF_INCIDENT: Final = {"t3": "t3", "t5": "t5", "t6": "t6", "t6_capable": "t6"}
"""Times that an incident has of a run, and which of the run's."""
_WRONG: Final = ("t3", "t5", "t6")
_OF_INCIDENT: Final = ("ground", "area_system", "county", "complaint")
_MOST_S: Final = LONGEST_S * 1_000_000


def views_of(frames: Mapping[str, pl.LazyFrame]) -> dict[str, pl.LazyFrame]:
    """Return the four frames with the columns of `STRATA` (text), `at` (the time that a period asks for), `excluded`.

    `at` of a call, incident and patient is T0, of a run its T3: what came in the period, whenever it ended. `bad_tN` of
    runs tells times that contradict the order of their run, of incidents those that they have of such a run.
    """
    incidents = _incidents(frames["incidents"], frames["runs"])
    of_incident = incidents.select(
        "incident_id", *_OF_INCIDENT, pl.col("same_area").alias("first_same_area"), "priority",
        *(pl.col(name).alias(f"first_{name}") for name in ("station", "unit_type", "organisation")),
        pl.col("area_organisation"), pl.col("t0").alias("incident_t0"), pl.col("t1").alias("incident_t1"),
        pl.col("t2").alias("incident_t2"), pl.col("exclusion").cast(pl.String).alias("incident_exclusion"),
    )  # fmt: skip
    return {
        "incidents": incidents,
        "runs": _runs(frames["runs"], of_incident),
        "calls": _beside(frames["calls"].with_columns(pl.col("t0").alias("at")), of_incident),
        "patients": _beside(frames["patients"], of_incident).with_columns(
            pl.coalesce("incident_t0", "care_begun_at").alias("at")
        ),
    }


def _calendar(at: str) -> list[pl.Expr]:
    local = pl.col(at).dt.convert_time_zone(ZONE)
    return [
        local.dt.hour().cast(pl.String).str.zfill(2).cast(pl.Categorical).alias("hour"),
        local.dt.weekday().cast(pl.String).cast(pl.Categorical).alias("weekday"),
    ]


def _yes_no(column: pl.Expr) -> pl.Expr:
    return pl.when(column).then(pl.lit("same")).when(~column).then(pl.lit("cross")).cast(pl.Categorical)


def _incidents(frame: pl.LazyFrame, runs: pl.LazyFrame) -> pl.LazyFrame:
    # Few runs contradict themselves: what they tell of an incident is laid beside it.
    wrong = runs.select("incident_id", *(pl.when(_contradicts(one)).then(one).alias(f"wrong_{one}") for one in _WRONG))
    told = (
        wrong.filter(pl.any_horizontal(pl.col(f"wrong_{one}").is_not_null() for one in _WRONG))
        .group_by("incident_id")
        .agg(pl.col(f"wrong_{one}").drop_nulls() for one in _WRONG)
    )
    joined = frame.join(told, on="incident_id", how="left").with_columns(
        pl.col(name).is_in(pl.col(f"wrong_{of}")).fill_null(value=False).alias(f"bad_{name}")
        for name, of in BAD_OF_INCIDENT.items()
    )
    return joined.drop(f"wrong_{one}" for one in _WRONG).with_columns(
        pl.col("t0").alias("at"),
        pl.col("exclusion").alias("incident_exclusion"),
        pl.col("ground").cast(pl.Categorical),
        _yes_no(pl.col("same_area")).alias("same_area"),
        pl.col("judged_priority").alias("priority"),
        pl.col("first_station").alias("station"),
        pl.col("first_unit_type").alias("unit_type"),
        pl.col("first_organisation").alias("organisation"),
        *_calendar("t0"),
    )


def _beside(frame: pl.LazyFrame, of_incident: pl.LazyFrame) -> pl.LazyFrame:
    joined = frame.join(of_incident, on="incident_id", how="left").with_columns(
        pl.col("first_same_area").alias("same_area"),
        *(pl.col(f"first_{name}").alias(name) for name in ("station", "unit_type", "organisation")),
    )
    return joined.with_columns(_calendar("t0" if "t0" in frame.collect_schema().names() else "incident_t0"))


def _runs(frame: pl.LazyFrame, of_incident: pl.LazyFrame) -> pl.LazyFrame:
    """Runs carry the strata of their incident, but a station, type and organisation of their own."""
    own = frame.rename({"priority": "ordered_priority"})
    joined = own.join(of_incident, on="incident_id", how="left")
    organisation, area = (pl.col(name).cast(pl.String) for name in ("organisation", "area_organisation"))
    return joined.with_columns(
        pl.col("t3").alias("at"),
        # That its incident was cancelled takes no unit's departure out of the count.
        pl.when(pl.col("incident_exclusion") != str(Exclusion.CANCELLED)).then("incident_exclusion"),
        pl.coalesce(pl.col("priority").cast(pl.String), pl.col("ordered_priority").cast(pl.String))
        .cast(pl.Categorical)
        .alias("priority"),
        _yes_no(organisation == area).alias("same_area"),
        pl.col("incident_t0").alias("t0"),
        pl.col("incident_t1").alias("t1"),
        pl.col("incident_t2").alias("t2"),
        (pl.col("t3") + pl.duration(microseconds=(pl.col("planned_s") * 1e6).round().cast(pl.Int64))).alias(
            "promised_at"
        ),
        *(_contradicts(point).alias(f"bad_{point}") for point in ORDER),
        *_calendar("t3"),
    )


def _contradicts(point: str) -> pl.Expr:
    """Whether a time lies after a later point's, or before an earlier one's; T4 and T5 may come in either order."""
    place = ORDER.index(point)
    free = {"t4": "t5", "t5": "t4"}.get(point)
    wrong = [pl.col(before) > pl.col(point) for before in ORDER[:place] if before != free]
    wrong += [pl.col(after) < pl.col(point) for after in ORDER[place + 1 :] if after != free]
    return pl.any_horizontal(wrong).fill_null(value=False)


def seconds(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    """Whole seconds from one time to another, cut downwards; None where one is missing."""
    return (end - start).dt.total_microseconds().floordiv(1_000_000).cast(pl.Int32, strict=False)
