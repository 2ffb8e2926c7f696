"""Runs of units from lines of the journal. Pure."""

from __future__ import annotations

from typing import Final

import polars as pl

from dispatch.reports.rules_calls import BY_TIME, of_type, told_of
from dispatch.reports.rules_fleet import as_held
from dispatch.reports.rules_lines import SHARE
from dispatch.reports.rules_schema import TOLD, WORD, conform
from dispatch.reports.states import JOURNAL, RunExclusion, RunKind, Told

_BEGINS = ("assignment.made", "assignment.entered", "run.started")
_CALLED_OFF = ("undone", "cancelled", "stood_down", "diverted")
OF_ENDS: Final = ("seq", "type", "occurred_at", "run_id", "unit_id", "at", "ended_at", SHARE)
"""What the ends of runs are told by."""


def ends_of(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the ends of runs, of their lines: run_id, unit_id, t3, ended_at. t3: of the order itself."""
    return (
        lines.sort(BY_TIME)
        .group_by("run_id", maintain_order=True)
        .agg(
            pl.col("unit_id").drop_nulls().first(),
            pl.col("at").filter(of_type(*_BEGINS)).first().alias("t3"),
            pl.col("ended_at").drop_nulls().last().alias("entered_end"),
            pl.col("at").filter(of_type("assignment.ended", "run.ended")).last().alias("ended_at"),
        )
        .filter(pl.col("t3").is_not_null())
        .select("run_id", "unit_id", "t3", pl.coalesce("ended_at", "entered_end").alias("ended_at"))
    )


def _told_times(lines: pl.DataFrame) -> pl.DataFrame:
    """T4 and T10, which no status tells, in their newest versions."""
    told = lines.filter(of_type("assignment.time_told"))
    newest = told.filter(~pl.col("time_id").is_in(told["corrects"].drop_nulls().implode())).sort("at", "seq")
    wanted = [
        pl.col(name).filter(pl.col("point") == point).first().alias(alias)
        for point, of in (("T4", "t4"), ("T10", "t10"))
        for name, alias in (("at", of), ("source", f"{of}_source"))
    ]
    return newest.group_by("run_id").agg(
        *wanted, pl.col("corrects").is_not_null().sum().cast(pl.Int32).alias("corrected")
    )


def fold_runs(lines: pl.DataFrame, points: pl.DataFrame, homes: pl.DataFrame, fleet: pl.DataFrame) -> pl.DataFrame:
    """Return runs (`rules_schema.RUNS`) of their lines, in the order of their ids.

    points, homes: as `rules_entries` gives them. fleet: as `rules_fleet` gives it; a unit that is not in it has its
    organisation only. That is told by the order itself; of a run copied from paper, entered when the vehicle may have
    been another's, by the fleet's history.
    """
    begins, ends = of_type(*_BEGINS), of_type("assignment.ended", "assignment.entered")
    ordered = lines.sort(BY_TIME)
    told = ordered.group_by("run_id", maintain_order=True).agg(
        pl.col("type").filter(begins).first().cast(pl.String).alias("began_as"),
        pl.col("organisation").filter(begins).drop_nulls().first(),
        *(pl.col(name).drop_nulls().first() for name in ("incident_id", "unit_id", "priority")),
        *(pl.col(name).drop_nulls().first() for name in ("recommendation_id", "rank", "planned_s", "overridden")),
        pl.col("source").filter(begins).first().alias("ordered_by"),
        pl.col("kind").drop_nulls().first().alias("timed"),
        pl.col("reason").filter(ends).last().alias("end_reason"),
        pl.col("actor").filter(ends).last().alias("ended_by"),
        pl.col("actor").filter(of_type("run.planned")).last().alias("planned_by"),
        pl.col("reason").filter(of_type("assignment.override_explained")).last().alias("override_reason"),
        pl.col("seq").max(),
    )
    wide = (
        told.join(as_held(ends_of(lines), fleet).drop("unit_id").rename({"t3": "ordered_at"}), on="run_id")
        .join(points, on="run_id", how="left")
        .join(_told_times(lines), on="run_id", how="left")
        .join(homes, on="run_id", how="left")
    )
    kind = pl.coalesce("timed", pl.lit(str(RunKind.ASSIGNMENT)))
    undone = pl.col("end_reason") == "undone"
    exclusion = (
        pl.when(kind == str(RunKind.STANDBY))
        .then(pl.lit(str(RunExclusion.STANDBY)))
        .when(kind == str(RunKind.TRANSFER))
        .then(pl.lit(str(RunExclusion.TRANSFER)))
        .when(undone)
        .then(pl.lit(str(RunExclusion.UNDONE)))
    )
    from_paper = pl.col("began_as") == "assignment.entered"
    # A dispatcher's order is stamped by the program in the moment of the act.
    stamped = pl.when(pl.col("ordered_by").cast(pl.String).is_in(("voice", "paper"))).then(
        pl.lit(str(Told.MANUAL))
    ).otherwise(pl.lit(str(Told.AUTO)))  # fmt: skip
    paper_home = from_paper & (pl.col("end_reason") == "completed") & pl.col("t11").is_null()
    return conform(
        "runs",
        wide.with_columns(
            kind.alias("kind"),
            pl.coalesce("t3", "ordered_at").alias("t3"),
            stamped.cast(TOLD).alias("t3_told"),
            *(told_of(pl.col(f"{point}_source")).alias(f"{point}_told") for point in ("t4", "t10", "t12")),
            pl.when(paper_home).then("ended_at").otherwise("t11").alias("t11"),
            pl.when(paper_home)
            .then(pl.lit(str(Told.MANUAL)).cast(TOLD))
            .otherwise(told_of(pl.col("t11_source")))
            .alias("t11_told"),
            pl.when(pl.col("end_reason").is_in(_CALLED_OFF)).then("ended_at").alias("tx"),
            pl.when(pl.col("end_reason").is_in(_CALLED_OFF)).then(pl.lit(str(Told.AUTO)).cast(TOLD)).alias("tx_told"),
            exclusion.alias("exclusion"),
            pl.when(from_paper)
            .then(pl.coalesce(pl.col("held_organisation").cast(WORD), "organisation"))
            .otherwise("organisation")
            .alias("organisation"),
            pl.when(undone)
            .then("ended_by")
            .when(exclusion.is_not_null())
            .then("planned_by")
            .when(pl.col("end_reason").is_in(_CALLED_OFF))
            .then("ended_by")
            .alias("classed_by"),
            from_paper.alias("from_paper"),
            (pl.col("corrections").fill_null(0) + pl.col("corrected").fill_null(0)).alias("corrections"),
            pl.max_horizontal("seq", "entry_seq").alias("seq"),
            pl.lit(JOURNAL).alias("mark"),
        ),
    ).sort("run_id")
