"""Data quality: what is missing, impossible, out of order, corrected or told two ways, and the rows behind it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec
import polars as pl

from dispatch.reports.rules_counting import EXCLUDES
from dispatch.reports.rules_views import LONGEST_S, seconds
from dispatch.reports.states import BOTH_WAYS, ORDER, Exclusion, RunExclusion

DIFFER_S: Final = 60
"""Two ways of telling one time that lie further apart are shown."""
DRIFT_S: Final = 1.0
"""A clock that is off by more is shown."""


class Check(msgspec.Struct, frozen=True):
    """What is asked of the rows of a view. code: `runs.missing_t5`."""

    of: str
    eligible: pl.Expr
    fault: pl.Expr


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows of a station have a fault, of how many that could. station "": none is known."""

    code: str
    of: str
    station: str
    faults: int
    eligible: int
    share: float | None


def _given(name: str) -> pl.Expr:
    return pl.col(name).is_not_null()


def _missing(of: str, due: pl.Expr, name: str) -> Check:
    return Check(of, due, pl.col(name).is_null())


_ARRIVED: Final = _given("t7") | _given("t8") | _given("t9") | _given("t6")
_ANY: Final = pl.lit(value=True)
CHECKS: Final[Mapping[str, Check]] = {
    "calls.missing_t1": _missing("calls", pl.col("state").cast(pl.String).is_in(("answered", "ended")), "t1"),
    "calls.oddities": Check("calls", _ANY, pl.col("oddities").fill_null(0) > 0),
    "calls.by_hand": Check("calls", _ANY, pl.col("origin").cast(pl.String) == "manual"),
    "incidents.missing_t1": _missing("incidents", _given("t3"), "t1"),
    "incidents.missing_t2": _missing("incidents", _given("t3"), "t2"),
    "incidents.missing_t6": _missing("incidents", pl.col("state").cast(pl.String) == "closed", "t6"),
    "incidents.no_place": Check("incidents", _ANY, pl.col("lat").is_null()),
    "incidents.no_ground": Check("incidents", _given("lat"), pl.col("ground").is_null()),
    "incidents.t6_before_t0": Check("incidents", _given("t6"), pl.col("t6") < pl.col("t0")),
    "incidents.t6_before_t3": Check("incidents", _given("t6") & _given("t3"), pl.col("t6") < pl.col("t3")),
    "runs.missing_t4": _missing("runs", _ARRIVED, "t4"),
    "runs.missing_t5": _missing("runs", _ARRIVED, "t5"),
    "runs.missing_t6": _missing("runs", _ARRIVED, "t6"),
    "runs.missing_t7": _missing("runs", _given("t8") | _given("t9"), "t7"),
    "runs.missing_t8": _missing("runs", _given("t9"), "t8"),
    "runs.missing_t9": _missing("runs", _given("t8"), "t9"),
    "runs.missing_t10": _missing("runs", _given("t9"), "t10"),
    "runs.missing_t11": _missing("runs", pl.col("end_reason").cast(pl.String) == "completed", "t11"),
    "runs.out_of_order": Check("runs", _ANY, pl.any_horizontal(*(f"bad_{point}" for point in ORDER))),
    "runs.too_long": Check("runs", _given("t11"), seconds(pl.col("t3"), pl.col("t11")) > LONGEST_S),
    "runs.corrected": Check("runs", _ANY, pl.col("corrections").fill_null(0) > 0),
    "runs.from_paper": Check("runs", _ANY, pl.col("from_paper").fill_null(value=False)),
    "runs.clock_off": Check("runs", _ANY, pl.col("clock_offset_s").fill_null(0.0) > DRIFT_S),
    **{
        f"runs.{point}_differs": Check(
            "runs",
            _given(f"{point}_auto") & _given(f"{point}_manual"),
            seconds(pl.col(f"{point}_auto"), pl.col(f"{point}_manual")).abs() > DIFFER_S,
        )
        for point in BOTH_WAYS
    },
    **{
        f"runs.{point}_by_people": Check("runs", _given(point), pl.col(f"{point}_auto").is_null())
        for point in BOTH_WAYS
    },
}
"""Every check by its code."""
_KEYS: Final = {"calls": "call_id", "incidents": "incident_id", "runs": "run_id", "patients": "patient_id"}
_OUT: Final = "out_"
OUT: Final = frozenset(
    {
        *(f"incidents.{_OUT}{one}" for one in Exclusion),
        *(f"runs.{_OUT}{one}" for one in (*RunExclusion, "called_off")),
        f"patients.{_OUT}refused",
    }
)
"""Codes of what is left out, as `exclusions_of` counts it: `runs.out_called_off`."""


def findings_of(views: Mapping[str, pl.LazyFrame]) -> list[Finding]:
    """Return each check's counts: of all (station "all"), then of each station, stations in order."""
    asked = [_counted(views[check.of], code, check) for code, check in CHECKS.items()]
    return [
        Finding(**row, share=row["faults"] / row["eligible"] if row["eligible"] else None)
        for table in pl.collect_all(asked)
        for row in table.iter_rows(named=True)
    ]


def _counted(view: pl.LazyFrame, code: str, check: Check) -> pl.LazyFrame:
    marked = view.select(
        _station(),
        check.eligible.fill_null(value=False).alias("eligible"),
        (check.eligible.fill_null(value=False) & check.fault.fill_null(value=False)).alias("faults"),
    )
    counts = [pl.col("faults").sum().cast(pl.Int64), pl.col("eligible").sum().cast(pl.Int64)]
    by_station = marked.group_by("station").agg(counts).sort("station")
    whole = marked.select(pl.lit("all").alias("station"), *counts)
    return pl.concat([whole, by_station]).select(
        pl.lit(code).alias("code"), pl.lit(check.of).alias("of"), "station", "faults", "eligible"
    )


def behind(
    views: Mapping[str, pl.LazyFrame], code: str, station: str | None = None, classed_by: str | None = None
) -> pl.LazyFrame:
    """Return the rows of a fault, or those left out: id, incident_id, at; the newest first.

    code: one of `CHECKS` or `OUT`. classed_by: only those that this one left out, "" for the rule alone.
    """
    of, _, what = code.partition(".")
    if code in OUT:
        found = _left(views, of).filter(pl.col("reason") == what.removeprefix(_OUT))
        if classed_by is not None:
            found = found.filter(pl.col("classed_by") == classed_by)
    else:
        check = CHECKS[code]
        found = views[of].filter(check.eligible & check.fault).with_columns(_station())
    if station is not None:
        found = found.filter(pl.col("station") == station)
    return found.select(pl.col(_KEYS[of]).alias("id"), "incident_id", "at").sort("at", "id", descending=[True, False])


def _station() -> pl.Expr:
    return pl.col("station").cast(pl.String).fill_null("")


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows of a station a reason takes out of figures, of how many, and who classed them so."""

    of: str
    station: str
    reason: str
    classed_by: str
    rows: int
    total: int
    share: float


def exclusions_of(views: Mapping[str, pl.LazyFrame]) -> list[Left]:
    """Return every exclusion per station with its share, and who said so; a `classed_by` of "": the rule by itself.

    called_off: units that were sent and came back before anybody arrived, so that they are in no travel or response of
    units, and in no departure if it was at once. refused: patients who would not go.
    """
    marked = pl.concat(
        [
            _left(views, of).select(pl.lit(of).alias("of"), "station", "reason", "classed_by")
            for of in ("incidents", "runs", "patients")
        ]
    ).with_columns(pl.len().over("of", "station").alias("total"))
    table = (
        marked.filter(pl.col("reason").is_not_null())
        .group_by("of", "station", "reason", "classed_by", "total")
        .agg(pl.len().alias("rows"))
        .sort("of", "station", "reason", "classed_by")
        .collect()
    )
    return [Left(**row, share=row["rows"] / row["total"]) for row in table.iter_rows(named=True)]


def _left(views: Mapping[str, pl.LazyFrame], of: str) -> pl.LazyFrame:
    """All rows of a view, with why and by whom they are left out; None: they count."""
    reason = {
        "incidents": pl.col("exclusion").cast(pl.String),
        "runs": pl.coalesce(
            pl.col("exclusion").cast(pl.String), pl.when(EXCLUDES["called_off"]).then(pl.lit("called_off"))
        ),
        "patients": pl.when(pl.col("outcome").cast(pl.String) == "refused").then(pl.lit("refused")),
    }[of]
    return views[of].with_columns(
        _station(), reason.alias("reason"), pl.col("classed_by").cast(pl.String).fill_null("")
    )
