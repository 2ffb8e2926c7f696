"""Rows of a file, put together, as the record table's frames. Pure, and lazy: nothing is held whole."""

from __future__ import annotations

from typing import Final

import polars as pl

from dispatch.reports.rules_schema import FRAMES
from dispatch.reports.states import IMPORTED, POINTS, Exclusion, RunKind, Told

_MANUAL: Final = "manual"
_ONCE: Final = (
    *("number", "complaint", "initial_priority", "final_priority", "county", "area_organisation", "ground"),
    *("area_system", "lat", "lon"),
)


def records_of(rows: pl.LazyFrame, name: str) -> dict[str, pl.LazyFrame]:
    """Return calls, incidents, patients and runs of what was read (see `rules_rows`), in the record table's form.

    An incident's T0 is the earliest that its rows tell; other words are those of its first row that has any. Calls are
    one each, entered by hand: the file does not tell when it rang. Patients the file does not tell.
    """
    marked = rows.with_columns(
        (pl.lit(f"{name}/") + pl.col("incident")).alias("incident_id"),
        (pl.lit(f"{name}/") + pl.col("key")).alias("run_id"),
    )
    return {
        frame: _conformed(frame, made, name)
        for frame, made in (
            ("calls", _calls(marked)),
            ("incidents", _incidents(marked)),
            ("runs", _runs(marked)),
            ("patients", pl.LazyFrame(schema={"patient_id": pl.String})),
        )
    }


def _incidents(rows: pl.LazyFrame) -> pl.LazyFrame:
    ordered = rows.sort("incident_id", "t6", "t3", "run_id", nulls_last=True)
    cancelled = pl.col("cancelled").any() & pl.col("t6").is_null().all()
    first = {"first_organisation": "organisation", "first_system": "system", "first_station": "station"}
    found = ordered.group_by("incident_id", maintain_order=True).agg(
        *(pl.col(name).drop_nulls().first() for name in _ONCE),
        *(pl.col(point).min() for point in ("t0", "t1", "t2", "t3", "t5", "ts", "t6")),
        pl.len().alias("runs"),
        pl.col("t11").max().alias("closed_at"),
        pl.when(pl.col("t6").first().is_not_null()).then(pl.col("run_id").first()).alias("first_run_id"),
        pl.col("unit_type").first().alias("first_unit_type"),
        *(pl.col(own).first().alias(wanted) for wanted, own in first.items()),
        pl.when(cancelled).then(pl.lit(str(Exclusion.CANCELLED))).alias("exclusion"),
    )
    return found.with_columns(
        pl.when(pl.col("exclusion").is_null()).then(pl.lit("closed")).otherwise(pl.lit("cancelled")).alias("state"),
        pl.col("t0").alias("t0_own"),
        pl.col("t0").alias("judged_from"),
        pl.coalesce("t2", "t0").alias("opened_at"),
        pl.coalesce("final_priority", "initial_priority").alias("judged_priority"),
        pl.when(pl.col("exclusion").is_not_null()).then("closed_at").alias("cancelled_at"),
        pl.col("t6").alias("t6_capable"),
        pl.col("first_run_id").alias("capable_run_id"),
        pl.lit(1).alias("calls"),
        pl.lit(0).alias("patients"),
        pl.lit(0).alias("returned"),
        pl.lit("").alias("needs"),
        (pl.col("first_organisation") == pl.col("area_organisation")).alias("same_area"),
        *(_told(point) for point in ("t0", "t1", "t2", "t6")),
    )


def _runs(rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows.sort("incident_id", "t3", "run_id", nulls_last=True).with_columns(
        pl.lit(str(RunKind.ASSIGNMENT)).alias("kind"),
        pl.col("unit").alias("unit_id"),
        pl.col("unit").alias("call_sign"),
        pl.coalesce("initial_priority", "final_priority").alias("priority"),
        pl.coalesce("t11", "t12", "tx").alias("ended_at"),
        *(_told(point) for point in POINTS),
        *(pl.col(point).alias(f"{point}_{_MANUAL}") for point in ("t5", "t6", "t9")),
    )


def _calls(rows: pl.LazyFrame) -> pl.LazyFrame:
    return (
        rows.group_by("incident_id")
        .agg(pl.col("t0").min(), pl.col("t1").min())
        .sort("incident_id")
        .with_columns(
            pl.col("incident_id").alias("call_id"),
            pl.lit("first").alias("link"),
            pl.lit("manual").alias("origin"),
            pl.lit("ended").alias("state"),
            _told("t0"),
            _told("t1"),
        )
    )


def _told(point: str) -> pl.Expr:
    return pl.when(pl.col(point).is_not_null()).then(pl.lit(str(Told.IMPORTED))).alias(f"{point}_told")


def _conformed(frame: str, rows: pl.LazyFrame, name: str) -> pl.LazyFrame:
    there = set(rows.collect_schema().names()) - {"mark", "seq"}
    return rows.select(
        pl.lit(IMPORTED + name).cast(kind).alias(column)
        if column == "mark"
        else (pl.col(column).cast(kind) if column in there else pl.lit(None, kind)).alias(column)
        for column, kind in FRAMES[frame].items()
    )
