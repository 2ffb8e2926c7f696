"""Records as they leave: without who they are about unless asked for; named by NEMSIS or WS 542 groups. Pure.

Without patient data each case is moved so that its T0 falls on the full hour: every interval stays to the second, every
hour of the day too. Places are cut to 0.01° (about a kilometre), ages to ten years; ids and numbers become counters;
who classed what is left out. The names of fields are NEMSIS v3.5's and our own groups after WS 542-2017; neither is a
claim to conform.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from dispatch.reports.states import POINTS

_HOUR: Final = "1h"
_DIGITS: Final = 2
_YEARS: Final = 10
_INCIDENT_TIMES: Final = (
    *("t0", "t1", "t2", "opened_at", "closed_at", "cancelled_at", "no_unit_at", "t3", "t5", "ts", "t6", "t6_capable"),
    *("judged_from", "t0_own"),
)
_RUN_TIMES: Final = (*POINTS, "ended_at")
_PATIENT_TIMES: Final = ("outcome_at", "care_begun_at", "monitored_at")
_INCIDENTS: Final = (
    *("case", "number", "state", "exclusion", "initial_priority", "final_priority", "judged_priority", "complaint"),
    *("ground", "county", "area_organisation", "lat", "lon", "calls", "runs", "patients", "returned"),
    *("first_organisation", "first_station", "first_unit_type", "same_area", *_INCIDENT_TIMES, "mark"),
)
_RUNS: Final = (
    *("case", "run", "kind", "call_sign", "unit_type", "organisation", "system", "station", "priority", *_RUN_TIMES),
    *("end_reason", "exclusion", "planned_s", "from_paper", "corrections", "mark"),
)
_PATIENTS: Final = (
    *("case", "ordinal", "sex", "age_years", "outcome", "destination_id", *_PATIENT_TIMES, "written", "treated"),
    *("resuscitated", "survived", "mark"),
)
_OF_PATIENTS: Final = ("sexes", "ages", "treatments", "outcomes", "destinations")
_PRIORITY: Final = {"P1": "2305001", "P2": "2305003", "P3": "2305005", "P4": "2305007"}
"""eDispatch.05; which of ours is which is our own proposal."""
NEMSIS: Final[Mapping[str, str]] = {
    "eResponse.01": "organisation", "eResponse.03": "number", "eResponse.04": "run", "eResponse.07": "capabilities",
    "eResponse.13": "unit_id", "eResponse.14": "call_sign", "eDispatch.01": "complaint",
    "eDispatch.05": "priority_code", "eScene.01": "first_there", "eScene.06": "patients",
    "eScene.11": "point", "eTimes.01": "t0",
    "eTimes.02": "t1", "eTimes.03": "t3", "eTimes.04": "t4", "eTimes.05": "t5", "eTimes.06": "t6", "eTimes.07": "t7",
    "eTimes.09": "t8", "eTimes.11": "t9", "eTimes.12": "t10", "eTimes.13": "t11", "eTimes.14": "tx",
    "eTimes.15": "t12", "eTimes.17": "ts",
}  # fmt: skip
WS542: Final[Mapping[str, str]] = {
    "呼救受理.编号": "number", "呼救受理.主诉": "complaint", "呼救受理.呼入T0": "t0", "呼救受理.接听T1": "t1",
    "呼救受理.受理完成T2": "t2", "调度.机构": "organisation", "调度.车辆": "call_sign",
    "调度.优先级": "judged_priority",
    "调度.指令T3": "t3", "调度.接单T4": "t4", "调度.出车T5": "t5", "患者.人数": "patients",
    "患者.性别": "sexes", "患者.年龄": "ages", "现场.坐标": "point",
    "现场.到达T6": "t6", "现场.接诊T7": "t7", "现场.离开T8": "t8", "处置.有处置": "treatments",
    "转运.目的医院": "destinations", "转运.到达医院T9": "t9", "交接.完成T10": "t10",
    "结局.患者": "outcomes", "结局.结束原因": "end_reason",
}  # fmt: skip


def records_out(frames: Mapping[str, pl.LazyFrame], *, patient_data: bool) -> dict[str, pl.LazyFrame]:
    """Return incidents, runs and patients for a table. frames: those of `rules_views`, cut to the period."""
    shift = pl.duration(microseconds=0) if patient_data else pl.col("t0").dt.truncate(_HOUR) - pl.col("t0")
    cases = frames["incidents"].select(
        "incident_id",
        (pl.col("incident_id") if patient_data else _counted("incident_id")).alias("case"),
        shift.alias("shift"),
    )
    incidents = _moved(frames["incidents"].join(cases, on="incident_id", how="left"), _INCIDENT_TIMES)
    runs = _moved(frames["runs"].join(cases, on="incident_id", how="left"), _RUN_TIMES)
    patients = _moved(frames["patients"].join(cases, on="incident_id", how="left"), _PATIENT_TIMES)
    if not patient_data:
        incidents = incidents.with_columns(pl.col("case").alias("number"), pl.col("lat", "lon").round(_DIGITS))
        patients = patients.with_columns(pl.col("age_years") // _YEARS * _YEARS, pl.lit(None).alias("destination_id"))
    runs = runs.with_columns((pl.col("run_id") if patient_data else _counted("run_id")).alias("run"))
    return {
        "incidents": incidents.select(_INCIDENTS).sort("t0", "case"),
        "runs": runs.select(_RUNS).sort("t3", "case", "run"),
        "patients": patients.select(_PATIENTS).sort("case", "ordinal"),
    }


def named_fields(frames: Mapping[str, pl.LazyFrame], names: Mapping[str, str], *, patient_data: bool) -> pl.LazyFrame:
    """Return one row a run, with the fields that a naming knows; what is not known is empty.

    Of several patients of one unit a field holds all, in their order, with a semicolon between.
    """
    out = records_out(frames, patient_data=patient_data)
    about = out["incidents"].select(
        "case", "number", "complaint", "patients", "judged_priority", *(pl.col(one) for one in ("t0", "t1", "t2")),
        pl.concat_str("lat", pl.lit(","), "lon").alias("point"),
    )  # fmt: skip
    kept = (
        frames["runs"]
        .with_columns((pl.col("run_id") if patient_data else _counted("run_id")).alias("run"))
        .join(frames["incidents"].select("incident_id", "first_run_id"), on="incident_id", how="left")
        .join(_of_units(frames["patients"], patient_data=patient_data), on=["incident_id", "unit_id"], how="left")
        .select(
            "run",
            "unit_id",
            "capabilities",
            *_OF_PATIENTS,
            (pl.col("first_run_id") == pl.col("run_id")).alias("first_there"),
        )
    )
    rows = out["runs"].join(about, on="case", how="left").join(kept, on="run", how="left")
    priority = pl.coalesce(pl.col("judged_priority").cast(pl.String), pl.col("priority").cast(pl.String))
    told = rows.with_columns(priority.replace_strict(_PRIORITY, default=None).alias("priority_code"))
    return told.sort("t3", "case", "run").select(pl.col(column).alias(name) for name, column in names.items())


def _of_units(patients: pl.LazyFrame, *, patient_data: bool) -> pl.LazyFrame:
    """What is told of the patients of each unit at an incident; without patient data ages in tens, no destination."""
    age = pl.col("age_years") if patient_data else pl.col("age_years") // _YEARS * _YEARS
    told = {
        "sexes": pl.col("sex"), "ages": age, "treatments": pl.col("treated"), "outcomes": pl.col("outcome"),
        "destinations": pl.col("destination_id") if patient_data else pl.lit(None),
    }  # fmt: skip
    return (
        patients.filter(pl.col("merged_into").is_null(), pl.col("unit_id").is_not_null())
        .sort("incident_id", "unit_id", "ordinal")
        .group_by("incident_id", "unit_id", maintain_order=True)
        .agg(one.cast(pl.String).fill_null("").str.join("; ").alias(name) for name, one in told.items())
        .with_columns(pl.col(_OF_PATIENTS).replace("", None))
    )


def _counted(column: str) -> pl.Expr:
    """A counter in place of an id, the same for the same id within one export."""
    return pl.col(column).rank("dense").cast(pl.String)


def _moved(frame: pl.LazyFrame, times: tuple[str, ...]) -> pl.LazyFrame:
    return frame.with_columns((pl.col(name) + pl.col("shift")).alias(name) for name in times)
