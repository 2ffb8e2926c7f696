"""Incidents from lines of the journal, their calls, runs and patients. Pure."""

from __future__ import annotations

from typing import Final

import polars as pl

from dispatch.reports.rules_calls import BY_TIME, of_type, told_of
from dispatch.reports.rules_schema import STEP, TOLD, conform
from dispatch.reports.states import JOURNAL, Exclusion, Told
from dispatch.units.states import Capability

FLAG_DOWN_S: Final = 30
"""A unit there within so many seconds of T0 came upon it."""
_OTHERS: Final = frozenset({Capability.RESCUE, Capability.POLICE})
"""Needed of fire service and police: no ambulance has to bring them."""
_REASONS: Final = {
    "duplicate": Exclusion.DUPLICATE, "entered_in_error": Exclusion.ERROR, "drill": Exclusion.DRILL,
}  # fmt: skip
_TRANSFER_CARD: Final = "K35"
_SECOND: Final = 1_000_000
OF_RUNS: Final = (
    "run_id", "incident_id", "t3", "t5", "ts", "t6", "t6_told", "capabilities", "station", "organisation", "system",
    "unit_type", "seq",
)  # fmt: skip
"""What an incident takes from its runs."""


def own_t0(lines: pl.DataFrame) -> pl.DataFrame:
    """Return incident_id and t0 of incidents as their own calls make it, and of whom they are a duplicate."""
    return (
        lines.sort(BY_TIME)
        .group_by("subject", maintain_order=True)
        .agg(pl.col("t0").drop_nulls().last(), pl.col("duplicate_of").drop_nulls().last())
        .rename({"subject": "incident_id"})
    )


def earliest_of(duplicates: pl.DataFrame) -> pl.DataFrame:
    """Return incident_id and the earliest T0 of its duplicates, and of theirs. duplicates: as `own_t0`."""
    onward = {one: kept for one, kept in duplicates.select("incident_id", "duplicate_of").rows() if kept is not None}
    found: dict[str, list[object]] = {}
    for one, t0 in duplicates.select("incident_id", "t0").rows():
        at, seen = onward.get(one), {one}
        while at is not None and at not in seen:
            seen.add(at)
            found.setdefault(at, []).append(t0)
            at = onward.get(at)
    earliest = {one: min(times) for one, times in found.items()}  # type: ignore[type-var]  # times of one kind
    return pl.DataFrame(
        {"incident_id": list(earliest), "duplicate_t0": list(earliest.values())},
        schema={"incident_id": pl.String, "duplicate_t0": pl.Datetime("us", "UTC")},
    )


def _capable(needs: pl.Expr, has: pl.Expr) -> pl.Expr:
    lacking = [
        needs.str.contains(letter, literal=True) & ~has.str.contains("A" if letter == "B" else letter, literal=True)
        & (~has.str.contains("B", literal=True) if letter == "B" else pl.lit(value=True))
        for letter in Capability
        if letter not in _OTHERS
    ]  # fmt: skip
    return ~pl.any_horizontal(lacking).fill_null(value=False) & has.is_not_null()


def _of_runs(runs: pl.DataFrame, needs: pl.DataFrame) -> pl.DataFrame:
    """What the units of each incident did together. runs: `OF_RUNS`; needs: incident_id, needs."""
    ranked = (
        runs.filter(pl.col("incident_id").is_not_null())
        .join(needs, on="incident_id", how="left")
        .with_columns(_capable(pl.col("needs").fill_null(""), pl.col("capabilities")).alias("capable"))
        .sort("t6", "t3", "run_id", nulls_last=True)
    )
    capable = pl.col("capable") & pl.col("t6").is_not_null()
    return ranked.group_by("incident_id", maintain_order=True).agg(
        pl.len().cast(pl.Int32).alias("runs"),
        pl.col("t3").min(),
        pl.col("t5").min(),
        pl.col("ts").min(),
        pl.col("t6").first(),
        pl.col("t6_told").first(),
        pl.col("t6").filter(capable).first().alias("t6_capable"),
        pl.col("run_id").filter(pl.col("t6").is_not_null()).first().alias("first_run_id"),
        pl.col("run_id").filter(capable).first().alias("capable_run_id"),
        pl.col("station").first().alias("first_station"),
        pl.col("organisation").first().alias("first_organisation"),
        pl.col("system").first().alias("first_system"),
        pl.col("unit_type").first().alias("first_unit_type"),
        pl.col("seq").max().alias("run_seq"),
    )


def _judged(steps: pl.DataFrame, arrivals: pl.DataFrame) -> pl.DataFrame:
    """The priority in force when the first unit arrived, and the last raise before it."""
    rank = pl.col("priority").cast(pl.String).str.slice(1).cast(pl.Int8, strict=False)
    before = (
        steps.sort("incident_id", "at", "seq")
        .with_columns(rank.alias("rank"))
        .with_columns(
            (pl.col("rank") < pl.col("rank").shift(1).over("incident_id")).fill_null(value=False).alias("raised")
        )
        .join(arrivals, on="incident_id", how="left")
        .filter(pl.col("t6").is_null() | (pl.col("at") <= pl.col("t6")) | pl.col("first"))
    )
    return before.group_by("incident_id", maintain_order=True).agg(
        pl.col("priority").last().alias("judged_priority"), pl.col("at").filter("raised").last().alias("raised_at")
    )


def fold_incidents(
    lines: pl.DataFrame,
    calls: pl.DataFrame,
    runs: pl.DataFrame,
    patients: pl.DataFrame,
    areas: pl.DataFrame,
    duplicates: pl.DataFrame,
) -> pl.DataFrame:
    """Return incidents (`rules_schema.INCIDENTS`) of their lines, in the order of their ids.

    calls, runs, patients: of these incidents, as folded. areas: incident_id, lat, lon, ground, county,
    area_organisation, area_system. duplicates: as `earliest_of`.
    """
    ordered = lines.sort(BY_TIME)
    opened, cancelled = of_type("incident.opened"), of_type("incident.cancelled")
    stepped = of_type("incident.opened", "incident.priority_changed")
    closed = of_type("incident.state_changed") & (pl.col("state") == "closed")
    none_free = of_type("recommendation.made") & pl.col("chosen").is_null()
    told = ordered.group_by("subject", maintain_order=True).agg(
        pl.col("number").drop_nulls().first(),
        pl.col("occurred_at").filter(opened).first().alias("opened_at"),
        pl.col("t0").drop_nulls().last().alias("t0_own"),
        pl.col("t0_source").drop_nulls().last(),
        pl.col("taken_at").drop_nulls().first().alias("t2"),
        pl.col("priority").filter(opened).first().alias("initial_priority"),
        pl.col("priority").filter(stepped).last().alias("final_priority"),
        pl.struct(
            pl.col("occurred_at").alias("at"), "priority",
            pl.coalesce("move", pl.lit("initial")).alias("move"),
        ).filter(stepped).cast(STEP).alias("priorities"),
        pl.col("complaint").drop_nulls().last(),
        pl.col("capabilities").drop_nulls().last().alias("needs"),
        pl.col("actor").filter(pl.col("complaint").is_not_null()).last().alias("described_by"),
        pl.coalesce(pl.col("state"), pl.when(cancelled).then(pl.lit("cancelled"))).drop_nulls().last().alias("state"),
        pl.col("occurred_at").filter(closed).last().alias("closed_at"),
        *(
            pl.col(name).filter(cancelled).last().alias(alias)
            for name, alias in (("occurred_at", "cancelled_at"), ("reason", "cancel_reason"), ("actor", "cancelled_by"))
        ),
        pl.col("duplicate_of").drop_nulls().last(),
        pl.col("occurred_at").filter(none_free).first().alias("none_free_at"),
        of_type("assignment.incident_returned").sum().cast(pl.Int32).alias("returned"),
        pl.col("seq").max(),
    ).filter(pl.col("opened_at").is_not_null()).rename({"subject": "incident_id"})  # fmt: skip
    of_calls = (
        calls.filter(pl.col("incident_id").is_not_null())
        .sort("t1", "call_id", nulls_last=True)
        .group_by("incident_id", maintain_order=True)
        .agg(
            pl.len().cast(pl.Int32).alias("calls"), pl.col("t1").first(), pl.col("t1_told").first(),
            pl.col("seq").max().alias("call_seq"),
        )
    )  # fmt: skip
    of_patients = (
        patients.filter(pl.col("merged_into").is_null())
        .group_by("incident_id")
        .agg(pl.len().cast(pl.Int32).alias("patients"), pl.col("seq").max().alias("patient_seq"))
    )
    of_runs = _of_runs(runs, told.select("incident_id", "needs"))
    steps = ordered.filter(stepped).select(
        pl.col("subject").alias("incident_id"),
        pl.col("occurred_at").alias("at"),
        "priority",
        "seq",
        opened.alias("first"),
    )
    wide = (
        told.join(of_calls, on="incident_id", how="left")
        .join(of_runs, on="incident_id", how="left")
        .join(of_patients, on="incident_id", how="left")
        .join(areas, on="incident_id", how="left")
        .join(duplicates, on="incident_id", how="left")
        .join(_judged(steps, of_runs.select("incident_id", "t6")), on="incident_id", how="left")
        .with_columns(pl.min_horizontal("t0_own", "duplicate_t0").alias("t0"))
    )
    return _finished(wide)


def _finished(wide: pl.DataFrame) -> pl.DataFrame:
    reason = pl.col("cancel_reason")
    excluded = pl.when(reason.is_in(list(_REASONS))).then(reason.replace(_REASONS))
    waits = (pl.col("t6") - pl.col("t0")).dt.total_microseconds().abs()
    exclusion = (
        excluded.when(pl.col("complaint") == _TRANSFER_CARD)
        .then(pl.lit(str(Exclusion.TRANSFER)))
        .when(reason.is_not_null() & pl.col("t6").is_null())
        .then(pl.lit(str(Exclusion.CANCELLED)))
        .when(waits <= FLAG_DOWN_S * _SECOND)
        .then(pl.lit(str(Exclusion.FLAG_DOWN)))
    )
    organisation = pl.col("area_organisation").cast(pl.String)
    return conform(
        "incidents",
        wide.with_columns(
            told_of(pl.col("t0_source")).alias("t0_told"),
            pl.when(pl.col("t2").is_not_null()).then(pl.lit(str(Told.AUTO)).cast(TOLD)).alias("t2_told"),
            *(pl.col(name).fill_null(0) for name in ("calls", "runs", "patients")),
            pl.coalesce("judged_priority", "final_priority").alias("judged_priority"),
            pl.coalesce("raised_at", "t0").alias("judged_from"),
            pl.col("needs").fill_null(""),
            pl.col("complaint").fill_null(""),
            exclusion.alias("exclusion"),
            pl.when(reason.is_not_null())
            .then("cancelled_by")
            .when(exclusion == str(Exclusion.TRANSFER))
            .then("described_by")
            .alias("classed_by"),
            pl.when(pl.col("t3").is_null() | (pl.col("none_free_at") < pl.col("t3")))
            .then("none_free_at")
            .alias("no_unit_at"),
            (organisation == pl.col("first_organisation").cast(pl.String)).alias("same_area"),
            pl.max_horizontal("seq", "run_seq", "call_seq", "patient_seq").alias("seq"),
            pl.lit(JOURNAL).alias("mark"),
        ),
    ).sort("incident_id")
