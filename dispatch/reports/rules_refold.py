"""Folding only what new lines could change; all other rows of the record table stay as they were. Pure.

The rows are the same as those of folding all: whatever a new line, a table that was read beside the journal, or a
neighbour among a vehicle's runs could change is folded again, with all of its lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from dispatch.reports.rules_calls import fold_calls, links_of, of_type
from dispatch.reports.rules_entries import freed, homes_of, in_force, is_correction, points_of
from dispatch.reports.rules_fleet import held_otherwise
from dispatch.reports.rules_fold import Beside, Context, corrections_of, duplicates_of, of_region
from dispatch.reports.rules_incidents import OF_RUNS, fold_incidents
from dispatch.reports.rules_patients import fold_patients
from dispatch.reports.rules_runs import ends_of, fold_runs
from dispatch.reports.rules_schema import TIME

MOST: Final = 100_000
"""Who has more to fold again folds all: a share at a time, in bounded memory."""
KEYS: Final = {"calls": "call_id", "patients": "patient_id", "runs": "run_id", "incidents": "incident_id"}
_LINKS: Final = ("incident.call_linked", "incident.call_unlinked")
Lines = Mapping[str, pl.LazyFrame]


@dataclass(frozen=True, slots=True)
class Before:
    """A table as it was built: its last line, its frames, and what they were made with."""

    seq: int
    frames: Mapping[str, pl.LazyFrame]
    context: Context
    beside: Beside


@dataclass(frozen=True, slots=True)
class Refolded:
    """Ids of rows that go, by frame, and the rows that come; and what to keep for the next time."""

    gone: dict[str, pl.Series]
    rows: dict[str, pl.DataFrame]
    beside: Beside

    def merged(self, before: Before, frame: str) -> pl.LazyFrame:
        """The rows of a frame as they are now; their order means nothing."""
        kept = before.frames[frame].filter(~_among(KEYS[frame], self.gone[frame]))
        return pl.concat([kept, self.rows[frame].lazy()])


def refold(lines: Lines, context: Context, before: Before) -> Refolded | None:
    """Fold what lines after `before.seq` could change. lines: all of them, by family. None: fold all."""
    if before.context.others - context.others:
        return None
    new = {name: rows.filter(pl.col("seq") > before.seq) for name, rows in lines.items()}
    made = Refolded({}, {}, before.beside)
    linked = new["incidents"].filter(of_type(*_LINKS))
    calls = made.gone["calls"] = _ids(new["calls"].select("subject"), linked.select("call_id"))
    links = lines["incidents"].filter(of_type(*_LINKS), _among("call_id", calls)).collect()
    made.rows["calls"] = fold_calls(lines["calls"].filter(_among("subject", calls)).collect(), links_of(links))
    patients = made.gone["patients"] = _ids(new["patients"].select("subject"))
    told = lines["patients"].filter(_among("subject", patients)).collect()
    made.rows["patients"] = of_region(fold_patients(told), context)
    ends = _runs(lines, new, context, before, made)
    if ends is None:
        return None
    duplicates = duplicates_of(lines["incidents"])
    incidents = made.gone["incidents"] = _ids(
        new["incidents"].select("subject"),
        *(before.frames[name].filter(_among(KEYS[name], ids)).select("incident_id") for name, ids in made.gone.items()),
        *(rows.lazy().select("incident_id") for rows in made.rows.values()),
        _changed(before.context.areas, context.areas).lazy().select("incident_id"),
        _changed(before.beside.duplicates, duplicates).lazy().select("incident_id"),
    )
    if len(incidents) > MOST:
        return None
    of = _among("incident_id", incidents)
    made.rows["incidents"] = of_region(
        fold_incidents(
            lines["incidents"].filter(_among("subject", incidents)).collect(),
            made.merged(before, "calls").filter(of).select("call_id", "incident_id", "t1", "t1_told", "seq").collect(),
            made.merged(before, "runs").filter(of).select(OF_RUNS).collect(),
            made.merged(before, "patients").filter(of).select("incident_id", "merged_into", "seq").collect(),
            context.areas.filter(of),
            duplicates,
        ),
        context,
    )
    return Refolded(made.gone, made.rows, Beside(ends, duplicates))


def _runs(lines: Lines, new: Lines, context: Context, before: Before, made: Refolded) -> pl.DataFrame | None:
    """Fold runs again; return the ends of all runs. None: there are too many."""
    entries = lines["entries"]
    corrections, replaced, originals = corrections_of(entries)
    newer = corrections.filter(pl.col("seq") > before.seq)
    told = new["entries"].select("run_id", "unit_id", "at").collect()
    own = _ids(told.lazy().select("run_id"), newer.lazy().select("run_id"), new["runs"].select("run_id"))
    known = lines["runs"].filter(_among("run_id", own)).collect()
    mine = ends_of(known)
    ends = pl.concat([before.beside.ends.filter(~_among("run_id", own)), mine])
    # The earliest moment of each vehicle that a new word is about: of what is told, replaced, or moved.
    moments = pl.concat(
        [
            told.select("unit_id", "at"),
            originals.filter(_among("entry_id", newer["corrects"])).select("unit_id", "at"),
            known.select("run_id", "at").join(mine.select("run_id", "unit_id"), on="run_id").select("unit_id", "at"),
        ]
    ).drop_nulls()
    since = moments.group_by("unit_id").agg(pl.col("at").min().alias("since"))
    spans = (
        ends.join(since, on="unit_id")
        .sort("t3", "run_id")
        .with_columns(pl.col("t3").shift(-1).over("unit_id").alias("next_t3"))
    )
    near = spans.filter(pl.col("next_t3").is_null() | (pl.col("next_t3") >= pl.col("since")))
    runs = made.gone["runs"] = _ids(
        pl.LazyFrame({"run_id": own}),
        near.lazy().select("run_id"),
        pl.LazyFrame({"run_id": held_otherwise(ends, before.context.fleet, context.fleet)}),
    )
    if len(runs) > MOST:
        return None
    wanted = _among("run_id", runs)
    there = ends.filter(wanted)
    units = there["unit_id"].unique()
    earliest = pl.lit(there["ended_at"].min(), TIME)
    free = freed(
        in_force(
            entries.filter(_among("unit_id", units), pl.col("run_id").is_null(), pl.col("at") >= earliest).collect(),
            replaced,
        )
    )
    reported = pl.concat([entries.filter(wanted, ~is_correction()).collect(), corrections.filter(wanted)])
    folded = fold_runs(
        lines["runs"].filter(wanted).collect(),
        points_of(in_force(reported, replaced), there.select("run_id", "ended_at")),
        homes_of(ends.filter(_among("unit_id", units)), free).filter(wanted),
        context.fleet,
    )
    made.rows["runs"] = of_region(folded, context)
    return ends


def _among(name: str, ids: pl.Series) -> pl.Expr:
    return pl.col(name).is_in(ids.implode()).fill_null(value=False)


def _ids(*told: pl.LazyFrame) -> pl.Series:
    """The different ids in frames of one column each."""
    named: Iterable[pl.LazyFrame] = (one.select(pl.first().cast(pl.String).alias("id")) for one in told)
    return pl.concat(list(named)).drop_nulls().unique().collect()["id"]


def _changed(before: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """Rows that stand in one of both only."""
    every = now.columns
    was = before.select(every)
    return pl.concat(
        [was.join(now, on=every, how="anti", nulls_equal=True), now.join(was, on=every, how="anti", nulls_equal=True)]
    )
