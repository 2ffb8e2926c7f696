"""The record table: four frames of calls, incidents, patients and runs, each row with where it comes from. Pure.

Derived from the journal, thrown away and rebuilt at will. What the decisions are:

* Times are `Datetime("us", "UTC")`; None: never told. Nothing is imputed, clamped or left out: what is impossible stays
  in the row and is counted by data quality, not by the figures.
* Each time `tN` of a run has `tN_told` beside it (`states.Told`). T5, T6 and T9 count by movement and geofence where
  these tell, else as people told them; both stand beside each other in `tN_auto` and `tN_manual`.
* One row of `runs` is one unit's assignment, stand-by or planned transfer; figures of units count these. One row of
  `incidents` is one emergency; `first_*` and `t3`, `t5`, `t6` are of its units together: the earliest, `t6_capable` of
  the first whose vehicle has every needed capability. `t3` is the first order ever, also of a unit that was called off.
* Duplicates are linked: the incident that stays has the earliest `t0` of both (`t0_own` is what it had alone), and the
  other one carries `exclusion` duplicate.
* `judged_priority` is the one in force when the first unit arrived (without arrival: the last): a downgrade afterwards
  changes nothing. `judged_from` is the last raise before that, else `t0`.
* `mark` is "journal" or "import:NAME". Imported rows live in files of their own and are kept when the table is rebuilt;
  a rebuild reads the journal only. `seq` is the last journal line that says anything of the row; None when imported.
* A unit's call sign, type, capabilities, station, organisation and system are those of the moment of its order, by the
  journal's lines `region.unit_changed`: who moves or refits a vehicle changes no past figure. Of a journal that began
  before there were such lines the earliest that is known is taken: what the vehicle was before the first change that is
  told, or what it is, where none is; the organisation is always that of the order's line but for runs from paper.
* Not in the journal, read from tables as they stand when the table is built: an incident's point (it can be erased by
  law; then it is coarse), which zones hold it, and the system of the organisation whose ground it is.
* `treated`, `resuscitated` and `survived` of patients come from what crews chart and from outcomes; None where nothing
  tells them.

No personal data: ids, codes, numbers, times, and the point to five decimals.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from dispatch.reports.states import BOTH_WAYS, POINTS, Exclusion, Ground, RunExclusion, RunKind, Told

TIME: Final = pl.Datetime("us", "UTC")
TOLD: Final = pl.Enum([str(one) for one in Told])
WORD: Final = pl.Categorical()
"""Few different values: organisations, stations, types, complaints."""
STEP: Final = pl.Struct({"at": TIME, "priority": pl.String, "move": pl.String})

_ROW: Final[Mapping[str, pl.DataType]] = {"mark": WORD, "seq": pl.Int64()}

CALLS: Final[Mapping[str, pl.DataType]] = {
    "call_id": pl.String(),
    "incident_id": pl.String(),  # that it belongs to; None: to none
    "link": WORD,  # first, linked, asked_again, caller_cancels
    "origin": WORD,  # exchange, or manual: ringing and answering were not measured
    "state": WORD,  # ringing, answered, abandoned, ended
    "outcome": WORD,
    "agency": WORD,  # that it was passed to or joined with
    "t0": TIME,
    "t0_told": TOLD,
    "t1": TIME,
    "t1_told": TOLD,
    "abandoned_at": TIME,
    "ended_at": TIME,
    "oddities": pl.Int32(),  # reports of the exchange that did not fit
    **_ROW,
}
"""One row a call; key `call_id`."""

INCIDENTS: Final[Mapping[str, pl.DataType]] = {
    "incident_id": pl.String(),
    "number": pl.String(),
    "state": WORD,  # open, dispatched, on_scene, closed, cancelled
    "t0": TIME,
    "t0_told": TOLD,
    "t0_own": TIME,
    "t1": TIME,  # the first answer to any of its calls
    "t1_told": TOLD,
    "t2": TIME,
    "t2_told": TOLD,
    "opened_at": TIME,  # when it was entered
    "calls": pl.Int32(),
    "runs": pl.Int32(),
    "patients": pl.Int32(),
    "initial_priority": WORD,
    "final_priority": WORD,
    "judged_priority": WORD,
    "judged_from": TIME,
    "priorities": pl.List(STEP),
    "complaint": WORD,  # card K01 to K36, "" for none
    "needs": pl.String(),  # capability letters
    "lat": pl.Float64(),  # degrees north, WGS-84
    "lon": pl.Float64(),
    "ground": pl.Enum([str(one) for one in Ground]),
    "county": WORD,
    "area_organisation": WORD,  # whose ground it is
    "area_system": WORD,  # civil or corps
    "closed_at": TIME,
    "cancelled_at": TIME,
    "cancel_reason": WORD,
    "duplicate_of": pl.String(),
    "exclusion": pl.Enum([str(one) for one in Exclusion]),
    "classed_by": WORD,  # who said so: person:ID, system:NAME
    "no_unit_at": TIME,  # first asked for units, and none was free; None: never so before T3
    "returned": pl.Int32(),  # how often it lost its unit
    "t3": TIME,
    "t5": TIME,
    "ts": TIME,
    "t6": TIME,
    "t6_told": TOLD,
    "t6_capable": TIME,
    "first_run_id": pl.String(),  # of the unit that arrived first
    "capable_run_id": pl.String(),
    "first_station": WORD,  # of it; of the first that was sent, where nobody arrived
    "first_organisation": WORD,
    "first_system": WORD,
    "first_unit_type": WORD,
    "same_area": pl.Boolean(),  # that unit is of the organisation whose ground it is; None: not known
    **_ROW,
}
"""One row an incident; key `incident_id`."""

PATIENTS: Final[Mapping[str, pl.DataType]] = {
    "patient_id": pl.String(),
    "incident_id": pl.String(),
    "ordinal": pl.Int32(),
    "unit_id": pl.String(),  # that carried the patient last, else attended first
    "sex": WORD,
    "age_years": pl.Int32(),
    "outcome": WORD,
    "outcome_at": TIME,
    "outcome_versions": pl.Int32(),
    "destination_id": pl.String(),
    "proof": WORD,  # of a refusal
    "handed_to": WORD,
    "merged_into": pl.String(),  # counts there
    "care_begun_at": TIME,
    "monitored_at": TIME,  # first attached to a monitor on board
    "written": pl.Boolean(),  # 病历: sex, age and outcome are recorded
    "treated": pl.Boolean(),
    "resuscitated": pl.Boolean(),
    "survived": pl.Boolean(),
    "classed_by": WORD,  # who said how it ended: person:ID
    **_ROW,
}
"""One row a patient; key `patient_id`."""

RUNS: Final[Mapping[str, pl.DataType]] = {
    "run_id": pl.String(),
    "kind": pl.Enum([str(one) for one in RunKind]),
    "incident_id": pl.String(),  # None for stand-bys and planned transfers
    "unit_id": pl.String(),
    "call_sign": WORD,
    "unit_type": WORD,
    "capabilities": pl.String(),
    "organisation": WORD,
    "system": WORD,
    "station": WORD,  # its code
    "priority": WORD,  # when it was sent
    **dict.fromkeys(POINTS, TIME),
    **{f"{name}_told": TOLD for name in POINTS},
    **{f"{name}_{way}": TIME for name in BOTH_WAYS for way in ("auto", "manual")},
    "ended_at": TIME,
    "end_reason": WORD,  # completed, undone, cancelled, stood_down, diverted, broken_down
    "exclusion": pl.Enum([str(one) for one in RunExclusion]),
    "classed_by": WORD,  # who excluded it or called it off
    "recommendation_id": pl.String(),
    "rank": pl.Int32(),  # in what was recommended, from 1
    "overridden": pl.Boolean(),
    "override_reason": WORD,
    "planned_s": pl.Float64(),  # the ETA when it was sent
    "from_paper": pl.Boolean(),  # the whole run was copied from paper
    "corrections": pl.Int32(),
    "clock_offset_s": pl.Float64(),  # the largest that its device's clock was off by
    **_ROW,
}
"""One row a unit's run; key `run_id`."""

FRAMES: Final[Mapping[str, Mapping[str, pl.DataType]]] = {
    "calls": CALLS,
    "incidents": INCIDENTS,
    "patients": PATIENTS,
    "runs": RUNS,
}
"""The record table's frames by name."""


def empty(frame: str) -> pl.DataFrame:
    """Return a frame of the record table without rows."""
    return pl.DataFrame(schema=dict(FRAMES[frame]))


def conform(frame: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows with exactly the columns and types of a frame; columns that are not there are None.

    Raises polars' own errors where a value does not fit its column: who makes rows checks them before.
    """
    wanted = FRAMES[frame]
    return rows.select(
        (pl.col(name).cast(kind) if name in rows.columns else pl.lit(None, kind)).alias(name)
        for name, kind in wanted.items()
    )
