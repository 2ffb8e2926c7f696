"""Status entries of units: which are in force, what they tell of a run, and when a unit was free again. Pure."""

from __future__ import annotations

from typing import Final

import polars as pl

from dispatch.reports.rules_calls import of_type, told_of
from dispatch.reports.rules_schema import TOLD
from dispatch.reports.states import BOTH_WAYS, Told
from dispatch.telemetry.detection.states import AT_HOSPITAL, AT_SCENE, DEPARTED
from dispatch.units.states_duty import FREE, Effect, UnitStatus

_CORRECTED: Final = "unit.status_corrected"
_POINTS: Final = {
    "t3": UnitStatus.ASSIGNED, "t5": UnitStatus.EN_ROUTE, "ts": UnitStatus.STAGING, "t6": UnitStatus.ON_SCENE,
    "t7": UnitStatus.AT_PATIENT, "t8": UnitStatus.TRANSPORTING, "t9": UnitStatus.AT_HOSPITAL,
}  # fmt: skip
_DETECTED: Final = {"t5": DEPARTED, "t6": AT_SCENE, "t9": AT_HOSPITAL}
_FREE: Final = [str(one) for one in FREE]


def is_correction() -> pl.Expr:
    """Whether a line replaces an earlier entry; such a line names no run."""
    return of_type(_CORRECTED)


def with_runs(corrections: pl.DataFrame, originals: pl.DataFrame) -> pl.DataFrame:
    """Give corrections the run of the entry that they go back to.

    originals: entries that corrections name, among them corrections themselves; at least entry_id, run_id, corrects.
    """
    known = {entry: (run, before) for entry, run, before in originals.select("entry_id", "run_id", "corrects").rows()}
    runs: list[str | None] = []
    for before in corrections["corrects"]:
        at, seen = before, set[str]()
        while at in known and at not in seen and known[at][0] is None and known[at][1] is not None:
            seen.add(at)
            at = known[at][1]
        runs.append(known.get(at, (None, None))[0])
    return corrections.with_columns(pl.Series("run_id", runs, pl.String))


def in_force(entries: pl.DataFrame, replaced: pl.Series) -> pl.DataFrame:
    """Return entries that count as far as is known without their run, by true time. replaced: ids of corrected ones."""
    effect = pl.col("effect")
    return entries.filter(
        pl.col("entry_id").is_null() | ~pl.col("entry_id").is_in(replaced.implode()),
        effect.is_null() | ~effect.is_in((str(Effect.REFUSED), str(Effect.REPEATED))),
        pl.col("at").is_not_null(),
    ).sort("at", "seq")


def points_of(entries: pl.DataFrame, ends: pl.DataFrame) -> pl.DataFrame:
    """Return what entries in force tell of each run: the time points, how each was told, and both ways of three.

    ends: run_id, ended_at. What a crew reported of a run after it was sent elsewhere is no time of that run.
    """
    status, code = pl.col("status"), pl.col("code")
    counted = (
        entries.filter(pl.col("run_id").is_not_null())
        .join(ends, on="run_id", how="left")
        .filter(
            ~((pl.col("effect") == str(Effect.OTHER_RUN)) & (pl.col("at") >= pl.col("ended_at"))).fill_null(value=False)
        )
    )
    wanted: list[pl.Expr] = []
    for point, of in _POINTS.items():
        here = status == str(of)
        if point not in BOTH_WAYS:
            wanted += [
                pl.col("at").filter(here).first().alias(point),
                pl.col("source").filter(here).first().alias(f"{point}_source"),
            ]
            continue
        auto = here & (pl.col("source") == "auto")
        if point in _DETECTED:
            auto = auto | (code == _DETECTED[point])
        wanted += [
            pl.col("at").filter(auto.fill_null(value=False)).first().alias(f"{point}_auto"),
            pl.col("at").filter(here & ~auto.fill_null(value=False)).first().alias(f"{point}_manual"),
            pl.col("source").filter(here & ~auto.fill_null(value=False)).first().alias(f"{point}_source"),
        ]
    told = counted.group_by("run_id").agg(
        *wanted,
        (pl.col("type") == _CORRECTED).sum().cast(pl.Int32).alias("corrections"),
        pl.col("clock_offset_s").abs().max(),
        pl.col("seq").max().alias("entry_seq"),
    )
    both = [pl.coalesce(f"{point}_auto", f"{point}_manual").alias(point) for point in BOTH_WAYS]
    how = [
        pl.when(pl.col(f"{point}_auto").is_not_null())
        .then(pl.lit(str(Told.AUTO)).cast(TOLD))
        .otherwise(told_of(pl.col(f"{point}_source")))
        .alias(f"{point}_told")
        for point in BOTH_WAYS
    ]
    others = [told_of(pl.col(f"{point}_source")).alias(f"{point}_told") for point in _POINTS if point not in BOTH_WAYS]
    return told.with_columns(*both, *how, *others).drop(f"{point}_source" for point in _POINTS)


def freed(entries: pl.DataFrame) -> pl.DataFrame:
    """Return when units were free, of entries in force: unit_id, at, source, at_station; by time."""
    effect = pl.col("effect")
    return entries.filter(
        pl.col("status").is_in(_FREE),
        effect.is_null() | ~effect.is_in((str(Effect.LATE), str(Effect.OTHER_RUN))),
    ).select("unit_id", "at", "source", (pl.col("status") == str(UnitStatus.AT_STATION)).alias("at_station"))


def homes_of(runs: pl.DataFrame, free: pl.DataFrame) -> pl.DataFrame:
    """Return T11 and T12 of runs that ended: run_id, t11, t11_source, t12, t12_source.

    runs: run_id, unit_id, t3, ended_at of all runs of these units. free: as `freed` gives it. What comes after the
    unit's next order belongs to that one.
    """
    spans = runs.sort("t3", "run_id").with_columns(pl.col("t3").shift(-1).over("unit_id").alias("next_t3"))
    told = (
        spans.filter(pl.col("ended_at").is_not_null())
        .sort("ended_at")
        .select("run_id", "unit_id", "ended_at", "next_t3")
    )
    for point, rows in (("t11", free), ("t12", free.filter("at_station"))):
        met = rows.sort("at").select("unit_id", pl.col("at").alias(point), pl.col("source").alias(f"{point}_source"))
        told = told.join_asof(
            met, left_on="ended_at", right_on=point, by="unit_id", strategy="forward", check_sortedness=False
        )
    later = [
        pl.when(pl.col("next_t3").is_null() | (pl.col(point) <= pl.col("next_t3"))).then(name).alias(name)
        for point in ("t11", "t12")
        for name in (f"{point}_source", point)
    ]
    return told.select("run_id", *later)
