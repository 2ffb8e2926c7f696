"""Patients from lines of the journal. Pure."""

from __future__ import annotations

import polars as pl

from dispatch.reports.rules_calls import BY_TIME, last, of_type
from dispatch.reports.rules_schema import conform
from dispatch.reports.states import JOURNAL

_RESUSCITATED = ("resuscitation_stopped",)
_DEAD = ("dead_on_scene", "resuscitation_stopped")


def fold_patients(lines: pl.DataFrame) -> pl.DataFrame:
    """Return patients (`rules_schema.PATIENTS`) of their lines, in the order of their ids.

    `resuscitated` and `survived` are known only of whose resuscitation was stopped or who was found dead; `treated` of
    nobody.
    """
    outcome, care = of_type("patient.outcome_set"), of_type("patient.care_begun")
    merging = of_type("patient.merged", "patient.unmerged")
    told = (
        lines.sort(BY_TIME)
        .group_by("subject", maintain_order=True)
        .agg(
            pl.col("incident_id").drop_nulls().first(),
            pl.col("ordinal").drop_nulls().first(),
            pl.col("unit_id").filter(care & (pl.col("care") == "carries")).last().alias("carrier"),
            pl.col("unit_id").filter(care).first().alias("attendant"),
            last("sex"),
            last("age_years"),
            # A correction has the later version, whatever time it tells of.
            *(
                pl.col(name).filter(outcome).sort_by(pl.col("version").filter(outcome)).last().alias(alias)
                for name, alias in (
                    ("outcome", "outcome"), ("occurred_at", "outcome_at"), ("destination_id", "destination_id"),
                    ("proof", "proof"), ("handed_to", "handed_to"), ("version", "outcome_versions"),
                )
            ),
            pl.col("kept_id").filter(merging).last().alias("kept"),
            pl.col("type").filter(merging).last().cast(pl.String).alias("merging"),
            pl.col("begins_at").filter(care).min().alias("care_begun_at"),
            pl.col("occurred_at").filter(of_type("patient.attached")).min().alias("monitored_at"),
            pl.col("seq").max(),
        )
        .filter(pl.col("ordinal").is_not_null())
    )  # fmt: skip
    known_sex = pl.col("sex").is_in(("male", "female")).fill_null(value=False)
    return conform(
        "patients",
        told.with_columns(
            pl.col("subject").alias("patient_id"),
            pl.coalesce("carrier", "attendant").alias("unit_id"),
            pl.when(pl.col("merging") == "patient.merged").then("kept").alias("merged_into"),
            (known_sex & pl.col("age_years").is_not_null() & pl.col("outcome").is_not_null()).alias("written"),
            pl.when(pl.col("outcome").is_in(_RESUSCITATED)).then(statement=True).alias("resuscitated"),
            pl.when(pl.col("outcome").is_in(_DEAD)).then(statement=False).alias("survived"),
            pl.lit(JOURNAL).alias("mark"),
        ),
    ).sort("patient_id")
